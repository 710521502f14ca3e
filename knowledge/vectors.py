"""Texts as weighted features: how near a question is to every known text, and how the texts vote. Only door to numpy.

Every known text votes for its own topic, and against the topics that it was confused with while learning. Learning is
the passive-aggressive rule (Crammer and others, 2006): walk through the texts in a fixed order a few times; where a
text does not win by a margin, move its votes just far enough, but never by more than a limit.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
#: A text, the topic it votes on, and how much for it, or below 0 against it.
Vote = tuple[int, int, float]

#: How often the texts are walked through, the most that one step may move a vote, and the last rounds whose mean
#: counts: the mean hangs less on the order of the walk.
ROUNDS, LIMIT, LAST = 6, 0.15, 2
#: How many texts of a topic speak for its nearness.
NEAREST = 3
#: Features times topics up to which votes are learnt; a larger book has each text vote for its own topic alone.
LEARNABLE = 60_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A topic that a question may be about."""

    topic: int
    #: What the known texts say for it, less what they say against it.
    votes: float
    #: Its texts that are nearest to the question, nearest first, and their mean cosine, 0 to 1.
    texts: Sequence[int]
    nearness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What the known texts say to a question."""

    candidates: Sequence[Candidate]
    #: Share of what the question says that any known text says too, 0 to 1.
    known: float


class Vectors:
    """The known texts, each with the number of its topic; with the votes that were learnt from the same before."""

    def __init__(
        self, texts: Sequence[Mapping[str, float]], topics: Sequence[int], votes: Sequence[Vote] | None = None
    ) -> None:
        self._texts, self._topics = len(texts), max(topics, default=-1) + 1
        found = Counter(feature for text in texts for feature in text)
        self._number = {feature: number for number, feature in enumerate(found)}
        self._rarity = [1.0 + math.log((1 + len(texts)) / (1 + count)) for count in found.values()]
        self._unknown = 1.0 + math.log(1 + len(texts))
        rows = [self._row(text)[:2] for text in texts]
        self._index(rows)
        self.votes = votes or self._learnt(rows, topics)
        self._vote_texts, self._vote_topics = (np.array([vote[n] for vote in self.votes], np.int32) for n in (0, 1))
        self._vote_weights = np.array([weight for _, _, weight in self.votes], np.float32)
        self._topic_of = np.array(topics, np.int32)
        self._by_topic = np.argsort(self._topic_of, kind="stable").astype(np.int32)
        starts = np.searchsorted(self._topic_of[self._by_topic], np.arange(self._topics + 1))
        self._first: list[int] = starts.tolist()
        self._index_topics()

    def _row(self, text: Mapping[str, float]) -> tuple[Ints, Floats, float]:
        """The numbers and weights of the known features, of length 1 with the unknown ones; and the known share."""
        numbers: list[int] = []
        weights: list[float] = []
        unknown = 0.0
        for feature, weight in text.items():
            number = self._number.get(feature)
            if number is None:
                unknown += (weight * self._unknown) ** 2
            else:
                numbers.append(number)
                weights.append(weight * self._rarity[number])
        known = math.fsum(weight * weight for weight in weights)
        row = np.array(weights, np.float32) / np.float32(math.sqrt(known + unknown) or 1.0)
        return np.array(numbers, np.int32), row, known / ((known + unknown) or 1.0)

    def _index(self, rows: Sequence[tuple[Ints, Floats]]) -> None:
        """For each feature the texts that have it."""
        features = np.concatenate([numbers for numbers, _ in rows] or [np.zeros(0, np.int32)])
        weights = np.concatenate([weights for _, weights in rows] or [np.zeros(0, np.float32)])
        texts = np.repeat(np.arange(len(rows), dtype=np.int32), [len(numbers) for numbers, _ in rows])
        order = np.argsort(features, kind="stable")
        self._post_texts, self._post_weights = texts[order], weights[order]
        counts = np.bincount(features, minlength=len(self._number))
        self._start: list[int] = [0, *np.cumsum(counts).tolist()]

    def _index_topics(self) -> None:
        """For each feature the topics that have it in any of their texts, each topic once."""
        features = np.repeat(np.arange(len(self._number)), np.diff(self._start))
        pairs = np.unique(features * max(self._topics, 1) + self._topic_of[self._post_texts])
        owners, self._owner_topics = np.divmod(pairs, max(self._topics, 1))
        self._owner_start: list[int] = np.searchsorted(owners, np.arange(len(self._number) + 1)).tolist()

    def _learnt(self, rows: Sequence[tuple[Ints, Floats]], topics: Sequence[int]) -> list[Vote]:
        sizes = Counter(topics)
        if len(self._number) * self._topics > LEARNABLE or max(sizes.values(), default=0) < 2:
            return [(text, topic, 1.0 / sizes[topic]) for text, topic in enumerate(topics)]
        cast = _learnt(rows, topics, len(self._number), self._topics)
        return [(text, topic, round(weight, 5)) for (text, topic), weight in cast.items()]

    def look(self, text: Mapping[str, float], count: int) -> Sighting:
        """The topics that the known texts vote for most, and those that have the nearest texts, `count` of each."""
        numbers, weights, known = self._row(text)
        features: list[int] = numbers.tolist()
        spans = [slice(self._start[feature], self._start[feature + 1]) for feature in features]
        near = _summed(
            [self._post_texts[span] for span in spans],
            [self._post_weights[span] * weight for span, weight in zip(spans, weights, strict=True)],
            self._texts,
        )
        said = self._vote_weights * near[self._vote_texts]
        votes = _summed([self._vote_topics], [said], self._topics)
        chosen = dict.fromkeys([*best(votes, count), *self._topic_of[best(near, count)].tolist()])
        return Sighting(candidates=[self._candidate(topic, votes, near) for topic in chosen], known=known)

    def covered(self, text: Mapping[str, float]) -> Sequence[float]:
        """For each topic the share of what the text says that its known texts, taken together, say too: 0 to 1.

        Rare features count more. A topic that shares only the common words of a question covers little of it.
        """
        weights = {name: weight * self._rarity_of(name) for name, weight in text.items()}
        known = [(self._number[name], weight) for name, weight in weights.items() if name in self._number]
        owners = [self._owner_topics[self._owner_start[n] : self._owner_start[n + 1]] for n, _ in known]
        shares = [np.full(len(found), weight, np.float32) for found, (_, weight) in zip(owners, known, strict=True)]
        whole = math.fsum(weights.values()) or 1.0
        return (_summed(owners, shares, self._topics) / np.float32(whole)).tolist()

    def _rarity_of(self, feature: str) -> float:
        number = self._number.get(feature)
        return self._unknown if number is None else self._rarity[number]

    def _candidate(self, topic: int, votes: Floats, near: Floats) -> Candidate:
        texts = self._by_topic[self._first[topic] : self._first[topic + 1]]
        nearest = texts[best(near[texts], NEAREST)]
        mean = float(near[nearest].mean())
        return Candidate(topic=topic, votes=float(votes[topic]), texts=nearest.tolist(), nearness=mean)


def _summed(places: Sequence[Ints], amounts: Sequence[Floats], size: int) -> Floats:
    if not places:
        return np.zeros(size, np.float32)
    return np.bincount(np.concatenate(places), np.concatenate(amounts), size).astype(np.float32)


def _learnt(
    rows: Sequence[tuple[Ints, Floats]], topics: Sequence[int], features: int, count: int
) -> dict[tuple[int, int], float]:
    """The votes of each text by (text, topic)."""
    belief = np.zeros((features, count), np.float32)
    cast: defaultdict[tuple[int, int], float] = defaultdict(float)
    mean: defaultdict[tuple[int, int], float] = defaultdict(float)
    for turn in range(ROUNDS):
        for text in mixed(len(rows), turn):
            numbers, weights = rows[text]
            step, rival = _step(weights, weights @ belief[numbers], topics[text])
            for topic, change in ((topics[text], step), (rival, -step)) if step > 0 else ():
                belief[numbers, topic] += np.float32(change) * weights
                cast[text, topic] += change
        for vote, size in cast.items() if turn >= ROUNDS - LAST else ():
            mean[vote] += size / LAST
    return mean


def mixed(count: int, turn: int) -> list[int]:
    """The numbers below `count` in an order without pattern, another one each turn and the same on every machine."""
    return sorted(range(count), key=lambda number: (crc32(f"{turn}:{number}".encode()), number))


def _step(weights: Floats, votes: Any, topic: int) -> tuple[float, int]:
    """How far to move the votes of one text, and against which topic."""
    own, votes[topic] = float(votes[topic]), -math.inf
    rival = int(votes.argmax())
    short = 1.0 - own + float(votes[rival])
    length = float(weights @ weights)
    return (min(LIMIT, short / (2.0 * length)) if length else 0.0), rival


def best(scores: Floats, count: int) -> list[int]:
    """The numbers of the highest scores, best first; of equals the first."""
    count = min(count, len(scores))
    if not count:
        return []
    chosen = np.argpartition(-scores, count - 1)[:count]
    return [int(number) for number in chosen[np.lexsort((chosen, -scores[chosen]))]]
