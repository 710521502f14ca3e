"""Measures a matcher on labelled questions: is the right entry first, offered, answered; and what it mixes up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from knowledge.search import Decision
from knowledge.vectors import mixed

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with the topics that answer it; none for one that no entry answers."""

    id: str
    text: str
    topics: Sequence[str]
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Shares, 0 to 1, over the questions that have an answer; `false_answers` over those that have none."""

    asked: int
    #: The right entry is ranked first, or among three.
    top1: float
    top3: float
    #: Mean of 1 / rank among five.
    mrr: float
    #: The right entry is answered, or among the three offered.
    helped: float
    #: Questions answered directly; of all direct answers the right ones, those to unanswerable questions included.
    direct: float
    direct_right: float
    outside: int
    false_answers: float
    #: Unanswerable questions that are passed rather than offered a choice.
    passed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Overall and per style, and which topic was ranked before which right one how often."""

    overall: Figures
    styles: dict[str, Figures]
    confusions: Sequence[tuple[str, str, int]]


def read_questions(file: Path) -> list[Question]:
    """Labelled questions, one JSON object a line."""
    with file.open(encoding="utf-8") as lines:
        listed: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
    return [Question(id=q["id"], text=q["text"], topics=tuple(q["topics"]), style=q.get("style", "")) for q in listed]


def report(questions: Sequence[Question], decisions: Sequence[Decision]) -> Report:
    """What the decisions are worth."""
    judged = list(zip(questions, decisions, strict=True))
    styles = sorted({question.style for question in questions})
    taken = Counter(
        (question.topics[0], decision.ranked[0][0])
        for question, decision in judged
        if question.topics and decision.ranked and decision.ranked[0][0] not in question.topics
    )
    return Report(
        overall=figures(judged),
        styles={style: figures([pair for pair in judged if pair[0].style == style]) for style in styles},
        confusions=[(*pair, count) for pair, count in sorted(taken.items(), key=lambda one: (-one[1], one[0]))],
    )


def figures(judged: Sequence[tuple[Question, Decision]]) -> Figures:
    """The shares over these questions."""
    inside = [pair for pair in judged if pair[0].topics]
    outside = [decision for question, decision in judged if not question.topics]
    direct = [(question, decision) for question, decision in judged if decision.kind == "answer"]
    places = [place(question, decision) for question, decision in inside]
    return Figures(
        asked=len(inside),
        top1=share(spot == 1 for spot in places),
        top3=share(0 < spot <= 3 for spot in places),
        mrr=sum(1 / spot for spot in places if spot) / (len(places) or 1),
        helped=share(is_helped(question, decision) for question, decision in inside),
        direct=share(decision.kind == "answer" for _, decision in inside),
        direct_right=share((decision.topic in question.topics for question, decision in direct), of_none=1.0),
        outside=len(outside),
        false_answers=share(decision.kind == "answer" for decision in outside),
        passed=share(decision.kind == "none" for decision in outside),
    )


def share(facts: Iterable[bool], of_none: float = 0.0) -> float:
    """How many of the facts hold, 0 to 1."""
    known = list(facts)
    return sum(known) / len(known) if known else of_none


def place(question: Question, decision: Decision) -> int:
    """The rank of the first right topic, from 1; 0 when it is not ranked."""
    return next((spot for spot, (topic, _) in enumerate(decision.ranked, 1) if topic in question.topics), 0)


def is_helped(question: Question, decision: Decision) -> bool:
    """The owner gets to the right entry: by the answer, or by one of three buttons."""
    if decision.kind == "answer":
        return decision.topic in question.topics
    return decision.kind == "suggest" and 0 < place(question, decision) <= 3


def folds(count: int, parts: int = 5) -> list[int]:
    """The part of each of `count` questions, drawn once and for all."""
    return [place % parts for place in mixed(count, turn=0)]


def across_folds(
    questions: Sequence[Question], learn: Callable[[Sequence[Question]], Callable[[Question], Result]]
) -> list[Result]:
    """What is found for each question by what was learnt from the other parts only."""
    drawn = folds(len(questions))
    placed = list(zip(questions, drawn, strict=True))
    learnt = {part: learn([question for question, own in placed if own != part]) for part in sorted(set(drawn))}
    return [learnt[part](question) for question, part in placed]
