"""One of the question's options; the value is its id."""

from __future__ import annotations

from typing import Any

from dialogs.flow import Question
from dialogs.kinds import menu
from dialogs.kinds.base import Circumstance, Note, Read, Reading, Unclear, Unread, register
from dialogs.kinds.normalize import plain


class Choice:
    """The answer may be the id, the label in any language, an alias, the number from 1, or close to one of them."""

    name = "choice"
    harmless = True

    def read(self, text: str, question: Question, circumstance: Circumstance) -> Reading:
        """Understand what a person typed. Never raises, on any text."""
        ids = menu.meant(text, question.options)
        if len(ids) == 1:
            return Read(value=ids[0])
        if ids:
            return Unclear(candidates=ids, note=Note(key="several-options"))
        return Unread(note=_wrong(plain(text), question))

    def take(self, raw: object, question: Question) -> Reading:
        """No JSON number is an option."""
        return Unread(note=Note(key="no-such-option"))

    def encode(self, value: Any) -> str:
        """The option's id."""
        return value

    def decode(self, kept: Any, question: Question) -> str:
        """The id from JSON; ValueError where the question has no such option any more."""
        for option in question.options:
            if option.id == kept:
                return kept
        present = menu.present(kept, question.options)
        if present is None:
            raise ValueError(f"{question.id}: no such option")
        return present

    def say(self, value: Any, question: Question, circumstance: Circumstance) -> str:
        """The option's label."""
        return label(value, question, circumstance)


def label(option_id: str, question: Question, circumstance: Circumstance) -> str:
    """What the option is called in the reader's language; its id where the question has it no more."""
    found = next((option for option in question.options if option.id == option_id), None)
    return option_id if found is None else found.label.in_language(circumstance.language)


def _wrong(read: str, question: Question) -> Note:
    if not read:
        return Note(key="empty")
    if menu.number(read) is not None:
        return Note(key="no-such-number", values={"count": str(len(question.options))})
    return Note(key="only-a-denial" if menu.denies(read) else "no-such-option")


CHOICE = register(Choice())
