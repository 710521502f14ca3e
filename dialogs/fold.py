"""Where a conversation stands, computed from its answers: the next question, or that all is answered.

Nothing stores a current question. So back, edit, resume and a changed flow are one operation: fold again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from dialogs.flow import Flow, Question
from dialogs.kinds.base import KINDS
from dialogs.owner import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """`answers` are the decoded answers in force, None where not sure, in the order of the flow."""

    answers: Mapping[str, Any]
    #: The questions that the guards let through, in order.
    asked: tuple[Question, ...]
    #: The first of them without an answer; None: the conversation is through.
    pending: Question | None
    #: Put off with "later".
    open: tuple[str, ...] = ()
    #: Answers that no longer fit the question's options or limits, to be asked again and said.
    stale: tuple[str, ...] = ()
    #: Slots with an answer that does not count now: the guard is off, or the question is gone.
    aside: tuple[str, ...] = ()

    @property
    def progress(self) -> tuple[int, int]:
        """Questions done and questions in all, as they count now."""
        return len(self.answers) + len(self.open), len(self.asked)

    @property
    def unknown(self) -> tuple[Question, ...]:
        """Questions whose answer is not known: not sure, later, or not asked yet."""
        return tuple(question for question in self.asked if self.answers.get(question.id) is None)


def position(flow: Flow, answers: Iterable[Answer]) -> Position:
    """Fold `answers` over `flow`: the last answer to a slot counts; a guard that is unknown asks."""
    entries = tuple(answers)
    last = _last(flow, entries)
    values: dict[str, Any] = {}
    decoded: dict[str, Any] = {}
    asked: list[Question] = []
    pending: Question | None = None
    stale: list[str] = []
    left_open: list[str] = []
    for question in flow.questions:
        if question.when is not None and question.when.evaluate(values) is False:
            enter(values, question, None)
            continue
        asked.append(question)
        answer = last.get(question.id)
        if recounted(question, entries):
            stale.append(question.id)
            answer = None
        answered, value = _value(question, answer, stale)
        if answered:
            decoded[question.id] = value
        elif answer is not None and answer.how == "later":
            left_open.append(question.id)
        elif pending is None:
            pending = question
        enter(values, question, value)
    counted = {question.id for question in asked}
    return Position(
        answers=decoded, asked=tuple(asked), pending=pending, open=tuple(left_open), stale=tuple(stale),
        aside=tuple(slot for slot, answer in last.items() if slot not in counted and answer.how != "withdrawn"),
    )


def _last(flow: Flow, answers: Iterable[Answer]) -> dict[str, Answer]:
    renamed = {former: question.id for question in flow.questions for former in question.was}
    return {renamed.get(answer.slot, answer.slot): answer for answer in answers}


def recounted(question: Question, answers: Iterable[Answer]) -> bool:
    """Whether an amount was given by one period and its period changed to another: 3万 a quarter is not 3万 a month."""
    period = counted_by = None
    for answer in answers if question.per is not None else ():
        if answer.how == "given" and answer.slot == question.per:
            period = answer.value
        elif answer.slot == question.id:
            counted_by = period if answer.how == "given" else None
    return counted_by is not None and counted_by != period


def _value(question: Question, answer: Answer | None, stale: list[str]) -> tuple[bool, Any]:
    """Whether the question is answered, and by what value (None: not sure)."""
    if answer is None or answer.how in ("later", "withdrawn"):
        return False, None
    if answer.how == "not-sure":
        return True, None
    try:
        return True, KINDS[question.kind].decode(answer.value, question)
    except ValueError:
        stale.append(question.id)
        return False, None


def enter(values: dict[str, Any], question: Question, value: Any) -> None:
    """Put an answer where expressions read it: exact numbers, sets of options, the months of an option."""
    values[question.id] = reckoned(value)
    if any(option.months for option in question.options):
        months = next((option.months for option in question.options if option.id == value), None)
        values[f"{question.id}_months"] = None if months is None else Fraction(months)


def reckoned(value: Any) -> Any:
    """A value as expressions reckon with it."""
    if isinstance(value, Decimal):
        return Fraction(value)
    if isinstance(value, tuple):
        return frozenset(cast("tuple[str, ...]", value))
    return value.isoformat() if isinstance(value, date) else value
