"""An example answer that the question itself would not understand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dialogs.flow import Flow, Question
from dialogs.kinds import KINDS
from dialogs.kinds.base import Circumstance, Read, Unclear
from dialogs.lint.asked import questions
from dialogs.lint.base import Around, rule
from knowledge.finding import Document, Finding

#: Any day will do: an example must be readable on every one.
_DAY = date(2026, 3, 1)


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Each example must be read; one that needs asking back teaches a bad habit."""
    for question, trail in questions(flow, document):
        for index, example in enumerate(question.examples):
            reading = KINDS[question.kind].read(example, question, _circumstance(question))
            if not isinstance(reading, Read):
                code = "example-unclear" if isinstance(reading, Unclear) else "example-unreadable"
                level = "warning" if isinstance(reading, Unclear) else "error"
                place = (*trail, "examples", index)
                yield document.finding(place, code, level=level, example=example[:60], kind=question.kind)


def _circumstance(question: Question) -> Circumstance:
    fixed = question.per if question.per in ("month", "quarter", "half-year", "year") else None
    return Circumstance(language="zh-Hans", today=_DAY, per=fixed)
