"""Asks the pending question again: what was wrong with the answer, what it may have meant, whether it is meant so.

Not its job: reading answers (`hearing`), what is doubtful (`doubting`, `naming`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dialogs import presses
from dialogs.asking import Asked, ask, said
from dialogs.doubting import Doubted
from dialogs.flow import Question
from dialogs.free_text import digressing
from dialogs.kinds import KINDS, Unclear, Unread
from dialogs.message import Button, Line
from dialogs.outcome import raw
from dialogs.owner import Conversation
from dialogs.talk import Talk, Turn, in_passing

#: The remarks of a reading for which a question may have a sentence of its own.
LIMITS = frozenset({"beyond", "too-small", "negative", "text-too-short", "text-too-long"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A button that stands above the question again; `value` is what it takes, None: nothing, the answer is given anew.

    `first`: it does what a typed yes does.
    """

    label: str
    value: Any = None
    first: bool = False


def ask_back(talk: Talk, asked: Asked, reading: Unclear | Unread, text: str) -> Turn:
    """What could not be read, or not surely, is asked again with what was wrong."""
    speaker, question = talk.speaker, asked.question
    said_so = speaker.note(reading.note)
    if reading.note.key in LIMITS and question.beyond is not None:
        said_so = speaker.text(question.beyond)
    lines = [Line(text=said_so)]
    if isinstance(reading, Unclear):
        return _which(talk, asked, reading, lines)
    misses = asked.conversation.misses + 1
    if misses > 1 and question.not_sure:
        lines.append(speaker.line("unread-again" if question.examples else "unread-again-options"))
    missed = replace(asked.conversation, misses=misses)
    turn = again(talk.focused(missed), replace(asked, conversation=missed), lines)
    return replace(turn, effects=(*digressing.unanswered(talk, text), *turn.effects))


def _which(talk: Talk, asked: Asked, reading: Unclear, lines: list[Line]) -> Turn:
    """Which of the candidates; a single one is taken by a typed yes as well."""
    speaker, values = talk.speaker, reading.candidates
    options = values if asked.question.options else ()
    lines += [Line(text=said(speaker, asked, value), style="item") for value in options]
    draft = (str(KINDS[asked.question.kind].encode(values[0])),) if len(values) == 1 and not options else ()
    return again(
        talk, asked, lines, [Offered(label=said(speaker, asked, value), value=value) for value in values], draft
    )


def really(talk: Talk, asked: Asked, doubt: Doubted) -> Turn:
    """Whether the answer is meant so, with what may have been meant instead."""
    speaker, offered = talk.speaker, list[Offered]()
    for place, value in enumerate(doubt.values):
        own = doubt.yes if place == 0 else None
        phrase = speaker.phrase("doubt-keep" if place else "doubt-yes", value=said(speaker, asked, value))
        offered.append(Offered(label=phrase if own is None else speaker.text(own), value=value, first=not place))
    offered.append(Offered(label=speaker.phrase("doubt-no") if doubt.no is None else speaker.text(doubt.no)))
    return again(talk, asked, [Line(text=doubt.says)], offered, doubt.draft)


def no_longer(talk: Talk, asked: Asked) -> Turn:
    """It was not meant so: the question again. Who then says the same once more is not asked a second time."""
    kept = asked.conversation.draft[1:]
    return again(talk, asked, [talk.speaker.line("doubt-again")], draft=kept[:1] * 2)


def again(
    talk: Talk, asked: Asked, lines: list[Line], offered: Sequence[Offered] = (), draft: tuple[str, ...] = ()
) -> Turn:
    """The question again after `lines`, with buttons for what is offered; `draft` is what a yes takes (`doubting`)."""
    # The draft of a question of ticks are the ticks.
    drafted = asked.conversation.draft if asked.question.kind == "many" else draft
    shown = replace(asked.conversation, shown=asked.question.id, flow_hash=asked.flow.hash, draft=drafted)
    here = talk.focused(shown)
    message = ask(here.speaker, replace(asked, owner=here.owner, conversation=shown), lines)
    there = {button.press for row in message.buttons for button in row}
    rows = tuple(_rows(shown, asked.question, offered, there))
    return in_passing(here.turn(replace(message, buttons=(*rows, *message.buttons), replaces=False)))


def _rows(
    conversation: Conversation, question: Question, offered: Iterable[Offered], there: set[str]
) -> Iterable[tuple[Button, ...]]:
    for one in offered:
        press = presses.control(conversation.number, question.id, "no")
        if one.value is not None:
            press = _press(conversation, question, one.value)
            # A name may be longer than a button can carry; the first value stands in the draft as well.
            if one.first and not presses.fits(press):
                press = presses.control(conversation.number, question.id, "yes")
        # Many options in one answer are more than a button can carry; they stand in the lines all the same.
        if press not in there and presses.fits(press):
            yield (Button(label=one.label, press=press),)


def _press(conversation: Conversation, question: Question, value: Any) -> str:
    if question.kind == "choice":
        return presses.option(conversation.number, question.id, value)
    return presses.offered(conversation.number, question.id, raw(value, percent=question.kind == "percent"))
