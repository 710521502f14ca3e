"""What a text is told that is neither a command nor an answer: a remark, a question to the books, or nothing we know.

Not its job: what the books say (`consulting`), which texts are remarks (`small_talk`).
"""

from __future__ import annotations

from dataclasses import replace

from dialogs.effects import Effect
from dialogs.free_text import small_talk
from dialogs.free_text.consulting import consult, is_asking, not_found, say
from dialogs.kinds.base import Note
from dialogs.kinds.normalize import plain
from dialogs.message import Line
from dialogs.talk import Talk, Turn, in_passing

#: What was wrong with these was a number or a length, so they were meant as answers.
ANSWERS = frozenset({"beyond", "too-small", "negative", "text-too-short"})
#: Of a number that is said back.
_MOST_DIGITS = 12


def outside(talk: Talk, text: str) -> Turn:
    """A text that no question waits for."""
    remark = small_talk.remark(text)
    if remark is not None:
        return in_passing(talk.menu(talk.speaker.line(remark)))
    number = plain(text)
    if number.isdecimal():
        # Of a list that is no longer there, or one that is shorter; the books know nothing of it.
        return in_passing(talk.menu(talk.speaker.line("no-such-place", "plain", number=number[:_MOST_DIGITS])))
    if talk.book.library is None:
        return in_passing(talk.menu(talk.speaker.line("not-understood")))
    told = consult(talk, text)
    if told is None:
        menu = in_passing(talk.menu(*_partly(talk, text), talk.speaker.line("not-in-books")))
        told = _with(menu, not_found(talk, text))
    return told


def ask(talk: Talk, argument: str) -> Turn:
    """A question that is put to the books by name: whatever is pending, it is no answer."""
    if not argument:
        return say(talk, [talk.speaker.line("ask-how")], [])
    if not is_asking(talk):
        return outside(talk, argument)
    told = consult(talk, argument)
    return told or _with(say(talk, [talk.speaker.line("none-that-fits")], []), not_found(talk, argument))


def inside(talk: Talk, text: str, note: Note) -> Turn | None:
    """A text that is no answer to the pending question, for what `note` says; None: it is to be asked again."""
    remark = small_talk.remark(text)
    if remark is not None:
        return None if remark == "small-talk-empty" else in_passing(say(talk, [talk.speaker.line(remark)], []))
    asks = small_talk.asks(text)
    if note.key in ANSWERS and not asks:
        return None
    return consult(talk, text, sure_only=not asks)


def instead_of_name(talk: Talk, text: str) -> Turn | None:
    """A remark or a question where a name is asked for; None where it is neither, or nothing answers it."""
    remark = small_talk.remark(text)
    if remark is not None:
        return None if remark == "small-talk-empty" else say(talk, [talk.speaker.line(remark)], [])
    return consult(talk, text)


def unanswered(talk: Talk, text: str) -> tuple[Effect, ...]:
    """Keeps a question that neither the dialog nor the books could do anything with."""
    asked = small_talk.remark(text) is None and small_talk.asks(text)
    return not_found(talk, text) if asked else ()


def _partly(talk: Talk, text: str) -> list[Line]:
    return [talk.speaker.line("read-in-part")] if len(text) > small_talk.HUGE else []


def _with(turn: Turn, effects: tuple[Effect, ...]) -> Turn:
    return replace(turn, effects=(*effects, *turn.effects))
