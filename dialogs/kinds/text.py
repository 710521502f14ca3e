"""Free text, such as a name: kept as typed, less controls, invisible signs and double spaces."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dialogs.flow import Question
from dialogs.kinds.base import Circumstance, Note, Read, Reading, Unread, register
from dialogs.kinds.normalize import shown

_LONGEST = Decimal(60)
#: More than any question allows, so that a text is refused for its length and never kept in part.
_CUT = 5000


class Text:
    """1 to 60 characters unless the question says otherwise; its minimum and maximum count characters."""

    name = "text"

    def read(self, text: str, question: Question, circumstance: Circumstance) -> Reading:
        """Understand what a person typed. Never raises, on any text."""
        value = shown(text, _CUT)
        wrong = _wrong(value, question)
        return Unread(note=wrong) if wrong else Read(value=value)

    def take(self, raw: object, question: Question) -> Reading:
        """No JSON number is a text."""
        return Unread(note=Note(key="not-a-text"))

    def encode(self, value: Any) -> str:
        """The text."""
        return value

    def decode(self, kept: Any, question: Question) -> str:
        """The text from JSON; ValueError where it is none or outside the question's length."""
        if not isinstance(kept, str) or _wrong(kept, question):
            raise ValueError(f"{question.id}: no text of the right length is kept")
        return kept

    def say(self, value: Any, question: Question, circumstance: Circumstance) -> str:
        """The text."""
        return value


def _most(question: Question) -> Decimal:
    return _LONGEST if question.maximum is None else question.maximum


def _wrong(value: str, question: Question) -> Note | None:
    least = max(question.minimum or Decimal(1), Decimal(1))
    if not value:
        return Note(key="empty")
    if len(value) < least:
        return Note(key="text-too-short", values={"low": f"{least:f}"})
    if len(value) > _most(question):
        return Note(key="text-too-long", values={"high": f"{_most(question):f}", "found": str(len(value))})
    return None


TEXT = register(Text())
