"""A dialog without a person: one case of raw answers in, the result as data out (`lampwise run`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from dialogs.compile import Book
from dialogs.flow import Flow, Question
from dialogs.fold import Position, enter
from dialogs.kinds import KINDS, Read, Reading
from dialogs.kinds.base import Note
from dialogs.kinds.words import means_not_sure
from dialogs.outcome import outcome
from dialogs.speaking import Speaker

#: What stands for a missing answer where "not sure" is none.
NAMELESS = "?"


class Headless:
    """Runs cases of one flow. `today` is the date that dates are read by."""

    def __init__(self, book: Book, flow: Flow, language: str, today: date) -> None:
        self._flow = flow
        self._speaker = Speaker(book, language, today)

    def answer(self, line: str) -> dict[str, Any]:
        """The result of one JSON line; {"id": null, "errors": [...]} where it is no JSON object."""
        try:
            case = json.loads(line)
        except (ValueError, RecursionError):
            case = None
        if not isinstance(case, dict):
            return {"id": None, "errors": [self._error(None, "not-an-object")]}
        return self._case(case)

    def _case(self, case: Mapping[str, Any]) -> dict[str, Any]:
        given = case.get("answers", {})
        errors: list[dict[str, Any]] = []
        if not isinstance(given, dict):
            errors.append(self._error(None, "answers-not-an-object"))
            given = {}
        for slot in given:
            if slot not in self._flow.by_slot:
                errors.append(self._error(slot, "unknown-slot-given", name=str(slot)[:60]))
        position = self._position(given, errors)
        circumstance = self._speaker.circumstance(self._flow.questions[0], {})
        return {"id": case.get("id"), **outcome(self._flow, position, circumstance), "errors": errors}

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
