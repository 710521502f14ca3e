"""A dialog without a person: one case of raw answers in, the result as data out (`lampwise run`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from dialogs.compile import Book
from dialogs.decide import Deduction
from dialogs.flow import Flow, Question
from dialogs.fold import Position, enter
from dialogs.kinds import KINDS, Read, Reading
from dialogs.kinds.base import Note
from dialogs.kinds.words import means_not_sure
from dialogs.outcome import outcome
from dialogs.speaking import Speaker

#: What stands for a missing answer where "not sure" is none.
NAMELESS = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case as read: its answers, and what was decided on the one before it in a series."""

    id: Any
    position: Position
    previous: Deduction | None
    errors: list[dict[str, Any]]
    #: The answers of the cases before it, oldest first.
    before: tuple[Position, ...] = ()


class Headless:
    """Runs cases of one flow. `today` is the date that dates are read by."""

    def __init__(self, book: Book, flow: Flow, language: str, today: date) -> None:
        self._flow = flow
        self._speaker = Speaker(book, language, today)

    def answer(self, line: str) -> dict[str, Any]:
        """The result of one JSON line; {"id": null, "errors": [...]} where it is no JSON object."""
        case = self.case(line)
        return {"id": None, "errors": [self._error(None, "not-an-object")]} if case is None else self.told(case)

    def case(self, line: str) -> Case | None:
        """What a JSON line says; None where it is no JSON object."""
        try:
            case: Any = json.loads(line, parse_constant=_no_number)
        except (ValueError, RecursionError):
            return None
        return self._case(cast("Mapping[str, Any]", case)) if isinstance(case, dict) else None

    def told(self, case: Case) -> dict[str, Any]:
        """The result of a case."""
        circumstance = self._speaker.circumstance(self._flow.questions[0], {})
        result = outcome(self._flow, case.position, circumstance, case.previous)
        return {"id": case.id, **result, "errors": case.errors}

    def _case(self, case: Mapping[str, Any]) -> Case:
        errors: list[dict[str, Any]] = []
        previous: Deduction | None = None
        before = tuple(self._answers(quarter, errors) for quarter in self._history(case, errors))
        for quarter in before:
            previous = Deduction(self._flow, quarter.answers, previous)
            previous.settle()
        position = self._answers(case.get("answers", {}), errors)
        return Case(id=case.get("id"), position=position, previous=previous, errors=errors, before=before)

    def _history(self, case: Mapping[str, Any], errors: list[dict[str, Any]]) -> list[Any]:
        """The cases before, oldest first; only a series has them."""
        history: Any = case.get("history") or []
        if isinstance(history, list) and (self._flow.trend or not history):
            return cast("list[Any]", history)
        errors.append(self._error(None, "no-history" if isinstance(history, list) else "history-not-a-list"))
        return []

    def _answers(self, given: Any, errors: list[dict[str, Any]]) -> Position:
        if not isinstance(given, dict):
            errors.append(self._error(None, "answers-not-an-object"))
            given = {}
        answers = cast("dict[str, Any]", given)
        strays = [slot for slot in answers if slot not in self._flow.by_slot]
        errors += [self._error(slot, "unknown-slot-given", name=slot[:60]) for slot in strays]
        return self._position(answers, errors)

    def _position(self, given: Mapping[str, Any], errors: list[dict[str, Any]]) -> Position:
        answers: dict[str, Any] = {}
        values: dict[str, Any] = {}
        asked: list[Question] = []
        for question in self._flow.questions:
            value = None
            if question.when is None or question.when.evaluate(values) is not False:
                asked.append(question)
                value = answers[question.id] = self._value(question, given.get(question.id), answers, errors)
            enter(values, question, value)
        return Position(answers=answers, asked=tuple(asked), pending=None)

    def _value(self, question: Question, raw: Any, answers: Mapping[str, Any], errors: list[dict[str, Any]]) -> Any:
        if raw is None:
            return None if question.not_sure else NAMELESS
        reading = self._reading(question, raw, answers)
        if isinstance(reading, Read):
            return reading.value
        if not (isinstance(raw, str) and question.not_sure and means_not_sure(raw, question.options)):
            errors.append({"slot": question.id, "message": self._speaker.note(reading.note)})
        return None if question.not_sure else NAMELESS

    def _reading(self, question: Question, raw: Any, answers: Mapping[str, Any]) -> Reading:
        kind = KINDS[question.kind]
        if isinstance(raw, str):
            return kind.read(raw, question, self._speaker.circumstance(question, answers))
        return kind.take(raw, question)

    def _error(self, slot: Any, key: str, **values: str) -> dict[str, Any]:
        return {"slot": slot, "message": self._speaker.note(Note(key=key, values=values))}


def _no_number(name: str) -> float:
    """NaN and Infinity are no JSON, though Python reads them."""
    raise ValueError(name)
