"""Puts questions that found no answer together where they ask alike, and drafts what could be added to the books.

Not its job: where the questions are kept, or changing a file: a person decides what goes into the books.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.search import Matcher, Nearest

#: From this likeness on two questions ask alike.
ALIKE = 0.62
#: So many of its nearest are looked at for each question.
_NEAR = 12
#: From this probability on, the draft is a wording of the nearest entry rather than a new one.
_NEAR_ENOUGH = 0.4
#: So many questions of a group stand in its draft.
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Unhelped:
    """A question, the language of who asked it, and why it is here: none, declined, reworded."""

    text: str
    language: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """All questions that ask alike, the most frequent text first; the nearest entry with its probability."""

    questions: Sequence[Unhelped]
    topic: str | None
    score: float

    @property
    def near(self) -> bool:
        """Whether the nearest entry may well be the one that was meant."""
        return self.topic is not None and self.score >= _NEAR_ENOUGH


def clustered(asked: Sequence[Unhelped], matcher: Matcher) -> list[Cluster]:
    """The groups, the largest first; of equals the one asked first."""
    texts = list(dict.fromkeys(question.text for question in asked))
    group = _grouped(texts)
    members: dict[int, list[Unhelped]] = {}
    for question in asked:
        members.setdefault(group[question.text], []).append(question)
    order = sorted(members.values(), key=lambda questions: -len(questions))
    return [_cluster(questions, matcher) for questions in order]


def _grouped(texts: Sequence[str]) -> dict[str, int]:
    """For each text the number of its group: two that are alike share one, and so on from text to text."""
    lead = list(range(len(texts)))

    def first(place: int) -> int:
        while lead[place] != place:
            place = lead[place]
        return place

    nearest = Nearest([(str(place), text) for place, text in enumerate(texts)])
    for place, text in enumerate(texts):
        for name, likeness in nearest.rank(text, _NEAR):
            if likeness >= ALIKE:
                low, high = sorted((first(place), first(int(name))))
                lead[high] = low
    return {text: first(place) for place, text in enumerate(texts)}


def _cluster(questions: Sequence[Unhelped], matcher: Matcher) -> Cluster:
    often = Counter(question.text for question in questions)
    order = sorted(questions, key=lambda question: -often[question.text])
    sums: dict[str, float] = {}
    for text in often:
        for topic, score in matcher.rank(text):
            sums[topic] = sums.get(topic, 0.0) + score / len(often)
    best = min(sums, key=lambda topic: (-sums[topic], topic), default=None)
    return Cluster(questions=order, topic=best, score=0.0 if best is None else sums[best])


def draft(cluster: Cluster) -> Iterator[str]:
    """Lines of YAML: wordings for the nearest entry, or the beginning of a new one."""
    languages = dict.fromkeys(question.language for question in cluster.questions)
    if cluster.near:
        yield f"# to add to entries/{cluster.topic}.yaml ({cluster.score:.0%} sure)"
    else:
        yield "# a new entry, or texts for outside.yaml if the books are not to answer it"
        yield f"topic: {_name(cluster)}"
    yield "wordings:"
    for language in languages:
        yield f"  {language}:"
        texts = dict.fromkeys(question.text for question in cluster.questions if question.language == language)
        yield from (f"    - {json.dumps(text, ensure_ascii=False)}" for text in list(texts)[:_MOST])


def _name(cluster: Cluster) -> str:
    """A name out of the Latin words, which whoever keeps the books will better."""
    words = re.findall(r"[a-z]{3,}", " ".join(question.text.lower() for question in cluster.questions))
    return "-".join(list(dict.fromkeys(words))[:3]) or "new-topic"
