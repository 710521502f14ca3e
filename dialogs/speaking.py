"""Finds the words: phrases, values, figures and filled templates in the language of one reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

from dialogs.compile import Book
from dialogs.decide import Deduction
from dialogs.flow import Flow, Question
from dialogs.kinds import KINDS, amounts_said
from dialogs.kinds.base import Circumstance, Note
from dialogs.message import Line, Style
from dialogs.outcome import PLACES, exact
from dialogs.short_asks import short
from dialogs.wording import Wording

#: Decimal places for reading, where they are fewer than those of the result.
_READ: Mapping[str, int] = {"money": 0, "months": 0, "ratio": 2}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Speaks one language out of one book. `today` is the reader's date."""

    book: Book
    language: str
    today: date

    def phrase(self, key: str, **values: str) -> str:
        """A text of `dialogs/texts`."""
        return self.book.phrases[key].fill(self.language, values)

    def line(self, key: str, style: Style = "plain", **values: str) -> Line:
        """A phrase as a line."""
        return Line(text=self.phrase(key, **values), style=style)

    def joined(self, key: str, parts: Iterable[str]) -> str:
        """The parts as one text, each put behind those before it by a phrase of `first` and `second`."""
        first, *others = parts
        return reduce(lambda joined, part: self.phrase(key, first=joined, second=part), others, first)

    def text(self, wording: Wording) -> str:
        """A text without places."""
        return wording.fill(self.language)

    def note(self, note: Note) -> str:
        """A remark of a reading."""
        return self.phrase(note.key, **note.values)

    def topic(self, topic: str) -> str:
        """The title of a topic, or its id where the book does not know it."""
        title = self.book.topics.get(topic)
        return topic if title is None else self.text(title)

    def circumstance(self, question: Question, answers: Mapping[str, Any]) -> Circumstance:
        """What a reading of the question depends on, given the other answers."""
        asked = question.per
        per = answers.get(asked) if asked is not None and asked in answers else _fixed(asked)
        return Circumstance(language=self.language, today=self.today, per=per)

    def value(self, question: Question, answers: Mapping[str, Any]) -> str:
        """An answer in words; "not sure" where it is None."""
        value = answers.get(question.id)
        if value is None:
            return self.phrase("not-sure")
        return KINDS[question.kind].say(value, question, self.circumstance(question, answers))

    def title(self, question: Question) -> str:
        """What the thing asked for is called: its title, or the question in short."""
        return short(question, self.language) if question.title is None else self.text(question.title)

    def echo(self, question: Question, value: str) -> str:
        """That an answer, `value` in words, was taken; it names the thing."""
        key = "echo" if question.title is not None else "echo-of-question"
        return self.phrase(key, name=self.title(question), value=value)

    def figure(self, value: Fraction | None, unit: str) -> str:
        """A computed value in words, rounded for reading; where it is unknown, that."""
        if value is None:
            return self.phrase("not-known")
        return self.amount(exact(value, _READ.get(unit, PLACES[unit])), unit)

    def amount(self, value: Decimal, unit: str) -> str:
        """An exact amount in words."""
        if value < 0:
            return self.phrase("minus", amount=self.amount(-value, unit))
        if unit == "money":
            return amounts_said.money(value, self.language)
        if unit == "months":
            return amounts_said.months(value, self.language)
        if unit == "count":
            return amounts_said.count(value, self.language)
        return amounts_said.percent(value) if unit == "percent" else amounts_said.number(value)


def _fixed(per: str | None) -> str | None:
    return per if per in ("month", "quarter", "half-year", "year") else None


@dataclass(frozen=True, slots=True)
class Filler:
    """Fills the places of a flow's own texts from answers, figures and assumptions; what is unknown is said to be."""

    speaker: Speaker
    flow: Flow
    answers: Mapping[str, Any]
    deduction: Deduction

    def fill(self, wording: Wording) -> str:
        """The text in the speaker's language."""
        return wording.fill(self.speaker.language, {name: self._value(name) for name in wording.names})

    @property
    def _unknown(self) -> str:
        return self.speaker.phrase("not-known")

    def _value(self, name: str) -> str:
        question = self.flow.by_slot.get(name)
        if question is not None:
            return self.speaker.value(question, self.answers) if self.answers.get(name) is not None else self._unknown
        units = {figure.id: figure.unit for figure in self.flow.figures}
        units |= {assumption.id: assumption.unit for assumption in self.flow.assumptions}
        if name not in units:
            value = self.deduction[name]
            return str(value) if value is not None else self._unknown
        return self.speaker.figure(self.deduction[name], units[name])
