"""The matcher: which entries a question is about, how sure that is, and whether to answer, offer a choice or pass.

The only door to rapidfuzz. Nothing here reads a file or a clock; the same question gets the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz import fuzz

from knowledge.vectors import Candidate, Vectors, Vote
from knowledge.views import PAIRS, Synonyms, Views

#: The topic of what people ask that no entry answers.
OUTSIDE = ""
#: How many topics are looked at closely.
CLOSE = 10
#: A question of so few letters may lean on the topic before it.
FOLLOW_UP = 10
#: The votes that being related to it is worth then; the follow-up is offered, never answered, so nothing hangs on it.
LEAN = 0.15
#: How much of the likeness of two single texts is nearness; the rest is the order-free ratio of their letters.
BLEND = 0.6
#: How many of the nearest texts are compared by their letters.
COMPARED = 60

#: The sides of a text that name things, rather than single characters and sounds, which any topic has.
NAMING = frozenset({"2", "w", "ww", "c"})

#: What speaks for one topic: votes, nearness, likeness, and the share of the question that it covers: of all that the
#: question says, and of what names things.
ForTopic = tuple[float, float, float, float, float]
#: What speaks for none: votes of the outside questions, share of unknown words, the two shares that they cover.
ForNone = tuple[float, float, float, float]
_NOTHING: ForTopic = (0.0, 0.0, 0.0, 0.0, 0.0)

Kind = Literal["answer", "suggest", "none"]
#: A topic and how sure it is, 0 to 1.
Ranked = tuple[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How evidence turns into a probability, and from which one on to answer: calibration.yaml, by its names."""

    votes: float = 12.0
    nearness: float = 5.0
    likeness: float = 0.5
    outside_votes: float = 5.0
    unknown: float = 7.0
    #: Nothing where the file does not name them: a folder that was calibrated before 0.2.0 decides as it did.
    covered: float = 0.0
    worded: float = 0.0
    outside_covered: float = 0.0
    outside_worded: float = 0.0
    bias: float = 2.5
    #: Answer when the best is at least so sure, and by so much surer than the next.
    answer: float = 0.86
    margin: float = 0.0
    #: Offer the three best when together they are at least so sure.
    suggest: float = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with a question. `topic` is the best one for an answer, else None; at most five are ranked."""

    kind: Kind
    topic: str | None
    ranked: Sequence[Ranked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for each topic that comes into question, and for none of them."""

    topics: Mapping[str, ForTopic]
    outside: ForNone


class Matcher:
    """Knows texts with their topics; `OUTSIDE` marks what has no answer."""

    def __init__(
        self,
        texts: Sequence[tuple[str, str]],
        views: Views | None = None,
        calibration: Calibration | None = None,
        related: Mapping[str, Iterable[str]] | None = None,
        votes: Sequence[Vote] | None = None,
    ) -> None:
        self._views = views or Views(Synonyms())
        self._calibration = calibration or Calibration()
        self._related = {topic: frozenset(near) for topic, near in (related or {}).items()}
        self._names = list(dict.fromkeys(topic for topic, _ in texts))
        self._numbers = {name: place for place, name in enumerate(self._names)}
        seen = [self._views.see(text) for _, text in texts]
        self._letters = [one.letters for one in seen]
        self._vectors = Vectors([one.features for one in seen], [self._numbers[topic] for topic, _ in texts], votes)

    @property
    def votes(self) -> Sequence[Vote]:
        """What was learnt; a matcher of the same texts can be made with it at once."""
        return self._vectors.votes

    def evidence(self, text: str) -> Evidence:
        """What speaks for which topic."""
        seen = self._views.see(text)
        if not seen.features:
            # It has no words, so nothing speaks for anything.
            return Evidence(topics={}, outside=(0.0, 1.0, 0.0, 0.0))
        sighting = self._vectors.look(seen.features, CLOSE)
        naming = {name: weight for name, weight in seen.features.items() if name.partition(":")[0] in NAMING}
        shares = self._vectors.covered(seen.features), self._vectors.covered(naming)
        topics = {self._names[one.topic]: self._of(one, seen.letters, shares) for one in sighting.candidates}
        votes = topics.pop(OUTSIDE, _NOTHING)[0]
        number = self._numbers.get(OUTSIDE)
        covered, worded = (0.0, 0.0) if number is None else (shares[0][number], shares[1][number])
        return Evidence(topics=topics, outside=(votes, 1.0 - sighting.known, covered, worded))

    def _of(self, candidate: Candidate, letters: str, shares: tuple[Sequence[float], Sequence[float]]) -> ForTopic:
        likeness = max(fuzz.ratio(letters, self._letters[text]) for text in candidate.texts) / 100
        covered, worded = (share[candidate.topic] for share in shares)
        return candidate.votes, candidate.nearness, likeness, covered, worded

    def rank(self, text: str, k: int = 5) -> list[Ranked]:
        """The `k` topics that the text is most surely about, best first."""
        return ranked(self.evidence(text), self._calibration)[:k]

    def decide(self, text: str, last_topic: str | None = None) -> Decision:
        """Answer, offer a choice or pass; a short question that is not sure by itself may follow up on `last_topic`."""
        alone = decision(self.rank(text), self._calibration)
        if alone.kind == "answer" or last_topic not in self._related or not self._is_short(text):
            return alone
        leaning = ranked(self._leaning(self.evidence(text), last_topic), self._calibration)
        return decision(leaning, replace(self._calibration, answer=math.inf))

    def _is_short(self, text: str) -> bool:
        return len(self._views.see(text).letters) <= FOLLOW_UP

    def _leaning(self, evidence: Evidence, last_topic: str) -> Evidence:
        """The evidence with more votes for what is related to the last topic, which itself was answered already."""
        near = self._related[last_topic]
        names = dict.fromkeys([*evidence.topics, *sorted(near)])
        seen = {name: evidence.topics.get(name, _NOTHING) for name in names if name != last_topic}
        leaned: dict[str, ForTopic] = {
            name: (one[0] + LEAN * (name in near), one[1], one[2], one[3], one[4]) for name, one in seen.items()
        }
        return replace(evidence, topics=leaned)


class Nearest:
    """Finds the texts that say most nearly the same, of any trade and with no topics."""

    def __init__(self, texts: Sequence[tuple[str, str]], synonyms: Synonyms | None = None) -> None:
        self._views = Views(synonyms or Synonyms(), PAIRS)
        self._names = [name for name, _ in texts]
        seen = [self._views.see(text) for _, text in texts]
        self._letters = [one.letters for one in seen]
        self._vectors = Vectors([one.features for one in seen], range(len(texts)))

    def rank(self, text: str, k: int = 5) -> list[Ranked]:
        """The names of the `k` nearest texts, each with its likeness, 0 to 1."""
        seen = self._views.see(text)
        near = self._vectors.look(seen.features, max(k, COMPARED)).candidates
        alike = [(one.topic, BLEND * one.nearness + (1 - BLEND) * self._ratio(seen.letters, one.topic)) for one in near]
        order = sorted(alike, key=lambda one: (-one[1], one[0]))[:k]
        return [(self._names[number], score) for number, score in order]

    def _ratio(self, letters: str, number: int) -> float:
        return fuzz.ratio(letters, self._letters[number]) / 100


def bench_factory(texts: Sequence[tuple[str, str]]) -> Nearest:
    """What a retrieval benchmark asks for: single texts by their ids."""
    return Nearest(texts)


def ranked(evidence: Evidence, by: Calibration) -> list[Ranked]:
    """The topics with their probabilities, best first."""
    for_topic = by.votes, by.nearness, by.likeness, by.covered, by.worded
    for_none = by.outside_votes, by.unknown, by.outside_covered, by.outside_worded
    logits = {topic: _weighed(seen, for_topic) for topic, seen in evidence.topics.items()}
    none = _weighed(evidence.outside, for_none) + by.bias
    highest = max([*logits.values(), none])
    total = math.fsum(math.exp(logit - highest) for logit in (*logits.values(), none))
    sure = [(topic, math.exp(logit - highest) / total) for topic, logit in logits.items()]
    return sorted(sure, key=lambda topic: (-topic[1], topic[0]))


def _weighed(seen: Sequence[float], weights: Sequence[float]) -> float:
    return math.fsum(value * weight for value, weight in zip(seen, weights, strict=True))


def decision(order: Sequence[Ranked], by: Calibration) -> Decision:
    """What to do when the topics are so sure."""
    scores = [score for _, score in order[:3]] + [0.0, 0.0]
    if scores[0] >= by.answer and scores[0] - scores[1] >= by.margin:
        return Decision(kind="answer", topic=order[0][0], ranked=order[:5])
    kind: Kind = "suggest" if order and sum(scores) >= by.suggest else "none"
    return Decision(kind=kind, topic=None, ranked=order[:5])
