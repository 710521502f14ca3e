"""An example answer that the question itself would not understand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dialogs.flow import Flow, Question
from dialogs.kinds import KINDS
from dialogs.kinds.base import Circumstance, Read, Unclear, Unread
from dialogs.lint.asked import questions
from dialogs.lint.base import Around, rule
from knowledge.finding import Document, Finding

#: Any day will do: an example must be readable on every one.
_DAY = date(2026, 3, 1)
#: What a reading says of an answer that it understands and that the question does not allow.
_OUTSIDE = ("too-small", "too-large", "beyond", "negative", "text-too-short", "text-too-long")


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Each example must be read; one that needs asking back teaches a bad habit."""
    for question, trail in questions(flow, document):
        for index, example in enumerate(question.examples):
            reading = KINDS[question.kind].read(example, question, _circumstance(question))
            if not isinstance(reading, Read):
                code, place = _code(reading), (*trail, "examples", index)
                level = "warning" if isinstance(reading, Unclear) else "error"
                told = {"example": example[:60], "kind": question.kind, "limits": _limits(question)}
                yield document.finding(place, code, level=level, **told)


def _code(reading: Unclear | Unread) -> str:
    if isinstance(reading, Unclear):
        return "example-unclear"
    return "example-outside" if reading.note.key in _OUTSIDE else "example-unreadable"


def _limits(question: Question) -> str:
    """As they stand in the file."""
    least, most = ("" if limit is None else f"{limit:f}" for limit in (question.minimum, question.maximum))
    return f"min {least or '-'}, max {most or '-'}"


def _circumstance(question: Question) -> Circumstance:
    fixed = question.per if question.per in ("month", "quarter", "half-year", "year") else None
    return Circumstance(language="zh-Hans", today=_DAY, per=fixed)
