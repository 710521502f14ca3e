"""Dates: one day, near or far, past or coming. What was only a month is taken as its first day, and said."""

from __future__ import annotations

from datetime import date
from typing import Any

from dialogs.flow import Question
from dialogs.kinds import days, peel, words
from dialogs.kinds.base import Circumstance, Note, Read, Reading, Unread, register
from dialogs.kinds.calendar_days import Day, at_most_back, on_side
from dialogs.kinds.normalize import plain
from dialogs.kinds.phrases import phrase

#: No date that a person types is longer.
_LONGEST = 40


class Date:
    """A day; the grammar is in `days`."""

    name = "date"
    harmless = True

    def read(self, text: str, question: Question, circumstance: Circumstance) -> Reading:
        """Understand what a person typed. Never raises, on any text."""
        core = _ready(text)
        found = days.find(core, circumstance.today) if len(core) <= _LONGEST else None
        if found is None:
            return Unread(note=Note(key="not-a-date" if core else "empty"))
        day = _meant(found, question, circumstance.today)
        if day is None:
            return Unread(note=Note(key="impossible-date"))
        note = Note(key="first-of-month", values={"value": self.say(day, question, circumstance)})
        return Read(value=day, notes=(note,) if found.whole_month else ())

    def take(self, raw: object, question: Question) -> Reading:
        """No JSON number is a date."""
        return Unread(note=Note(key="not-a-date"))

    def encode(self, value: Any) -> str:
        """YYYY-MM-DD."""
        return value.isoformat()

    def decode(self, kept: Any, question: Question) -> date:
        """The date from JSON; ValueError where it is none."""
        if not isinstance(kept, str):
            raise ValueError(f"{question.id}: no date is kept")
        return date.fromisoformat(kept)

    def say(self, value: Any, question: Question, circumstance: Circumstance) -> str:
        """2026年3月1日 or 1 March 2026."""
        return said_day(value, circumstance.language)


def said_day(day: date, language: str) -> str:
    """2026年3月1日 or 1 March 2026."""
    name = words.ordered("months")[day.month - 1].capitalize()
    return phrase("date", language, year=str(day.year), month=str(day.month), day=str(day.day), month_name=name)


def _meant(found: Day, question: Question, today: date) -> date | None:
    """Where the text leaves open which day, as the question says; else the nearest."""
    if found.undated is not None and question.days_back is not None:
        return at_most_back(found, question.days_back, today)
    side = question.looks if found.among or found.undated is not None else None
    return found.day if side is None else on_side(found, side, today)


def _ready(text: str) -> str:
    """Normalised; spaces stay between English words and go around Chinese signs."""
    core = plain(text)
    core = core if core.isascii() else core.replace(" ", "")
    return core if core in words.numbered("days") else peel.hedges(core).core


DATE = register(Date())
