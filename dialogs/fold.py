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

from dialogs.derived_names import months_name
from dialogs.flow import Flow, Question
from dialogs.former_names import of_conversation
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
    entries = of_conversation(flow, answers)
    last = {answer.slot: answer for answer in entries}
    values: dict[str, Any] = {}
    decoded: dict[str, Any] = {}
    asked: list[Question] = []
    pending: Question | None = None
    stale: list[str] = []
    left_open: list[str] = []
    for question in flow.questions:
        slot = question.id
        # Of what guards do not read, no value is needed: this loop is most of a step's time.
        guarding = slot in flow.guarding
        if question.when is not None and question.when.evaluate(values) is False:
            if guarding:
                enter(values, question, None)
            continue
        asked.append(question)
        answer = last.get(slot)
        if answer is not None and question.per in flow.by_slot and recounted(question, entries):
            stale.append(slot)
            answer = None
        value = _NONE if answer is None else _value(question, answer, stale)
        if value is not _NONE:
            decoded[slot] = value
        elif answer is not None and answer.how == "later":
            left_open.append(slot)
        elif pending is None:
            pending = question
        if guarding:
            enter(values, question, None if value is _NONE else value)
    return Position(
        answers=decoded,
        asked=tuple(asked),
        pending=pending,
        open=tuple(left_open),
        stale=tuple(stale),
        aside=_aside(asked, last, decoded),
    )


#: No answer at all, where None is "not sure".
_NONE = object()


def _aside(asked: Iterable[Question], last: Mapping[str, Answer], counted: Mapping[str, Any]) -> tuple[str, ...]:
    rest = [slot for slot, answer in last.items() if slot not in counted and answer.how != "withdrawn"]
    if not rest:
        return ()
    here = {question.id for question in asked}
    return tuple(slot for slot in rest if slot not in here)


def recounted(question: Question, answers: Iterable[Answer]) -> bool:
    """Whether an amount was given by one period and its period changed to another: 3万 a quarter is not 3万 a month."""
    period = counted_by = None
    for answer in answers if question.per is not None else ():
        if answer.how == "given" and answer.slot == question.per:
            period = answer.value
        elif answer.slot == question.id:
            counted_by = period if answer.how == "given" else None
    return counted_by is not None and counted_by != period


def _value(question: Question, answer: Answer, stale: list[str]) -> Any:
    """What is answered, None where not sure, _NONE where nothing is."""
    if answer.how == "not-sure":
        return None
    if answer.how != "given":
        return _NONE
    try:
        return KINDS[question.kind].decode(answer.value, question)
    except ValueError:
        stale.append(question.id)
        return _NONE


def enter(values: dict[str, Any], question: Question, value: Any) -> None:
    """Put an answer where expressions read it: exact numbers, sets of options, the months of an option."""
    values[question.id] = reckoned(value)
    if question.months:
        values[months_name(question.id)] = question.months.get(value)


def reckoned(value: Any) -> Any:
    """A value as expressions reckon with it."""
    if isinstance(value, Decimal):
        return Fraction(value)
    if isinstance(value, tuple):
        return frozenset(cast("tuple[str, ...]", value))
    return value.isoformat() if isinstance(value, date) else value
