"""A run of the matcher over labelled questions that a maintainer has accepted, and what has changed since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from knowledge.evaluate import Question, Report, is_helped
from knowledge.search import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The overall figures by name, and what each question came to, by its id."""

    overall: Mapping[str, float]
    outcomes: Mapping[str, str]


class NotAccepted(Exception):
    """The file holds no accepted run."""


def outcome(question: Question, decision: Decision) -> str:
    """answered, offered or missed, and wrong for another entry's answer; without an entry passed, offered or wrong."""
    if question.topics and is_helped(question, decision):
        return "answered" if decision.kind == "answer" else "offered"
    if decision.kind == "answer":
        return "wrong"
    if question.topics:
        return "missed"
    return "passed" if decision.kind == "none" else "offered"


def accepted(questions: Sequence[Question], decisions: Sequence[Decision], found: Report) -> Accepted:
    """This run, to be compared with a later one."""
    judged = zip(questions, decisions, strict=True)
    return Accepted(
        overall={name: round(value, 4) for name, value in asdict(found.overall).items()},
        outcomes={question.id: outcome(question, decision) for question, decision in judged},
    )


def changed(before: Accepted, now: Accepted) -> Sequence[tuple[str, str, str]]:
    """The questions that came to something else, each as (id, before, now); "new" and "gone" for the others."""
    names = [*now.outcomes, *(name for name in before.outcomes if name not in now.outcomes)]
    pairs = [(name, before.outcomes.get(name, "new"), now.outcomes.get(name, "gone")) for name in names]
    return [one for one in pairs if one[1] != one[2]]


def read_accepted(file: Path) -> Accepted:
    """The run in the file; raises OSError, or NotAccepted where it holds none."""
    try:
        content: Any = json.loads(file.read_bytes())
        overall = {str(name): float(value) for name, value in content["overall"].items()}
        return Accepted(overall=overall, outcomes={str(name): str(was) for name, was in content["outcomes"].items()})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotAccepted from error


def write_accepted(file: Path, run: Accepted) -> None:
    """Write it, a question a line, so that a change of it can be read; raises OSError."""
    file.write_text(json.dumps(asdict(run), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
