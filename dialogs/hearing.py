"""What a typed text means, in this order: a word for a command, not sure, an answer to the pending question, or else.

Not its job: what is told where it is none of these (`digressing`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dialogs import presses
from dialogs.asking import Asked, ask, offers, said
from dialogs.commands import run
from dialogs.conversing import begin, take
from dialogs.flow import Question
from dialogs.free_text import digressing
from dialogs.kinds import KINDS, Read, Unclear, Unread, words
from dialogs.kinds.base import Note
from dialogs.kinds.normalize import plain
from dialogs.loop import knowing, who
from dialogs.message import Button, Line
from dialogs.offers.since import day
from dialogs.offers.vetted import is_anothers, met_before
from dialogs.outcome import raw
from dialogs.owner import Conversation
from dialogs.talk import Talk, Turn

#: The remarks of a reading for which a question may have a sentence of its own.
LIMITS = frozenset({"beyond", "too-small", "negative", "text-too-short", "text-too-long"})


def hear(talk: Talk, text: str) -> Turn:
    """A text that was typed."""
    conversation = talk.current
    if conversation is None or conversation.ended:
        return _outside(talk, text)
    asked = _asked(talk, conversation)
    if asked is None:
        return _outside(talk, text)
    command = words.meant_command(text, asked.question.options)
    if command is not None:
        return run(talk, command)
    if words.means_not_sure(text, asked.question.options):
        return not_sure(talk, asked)
    return answer(talk, asked, text)


def _outside(talk: Talk, text: str) -> Turn:
    """A text that no question waits for."""
    command = words.meant_command(text)
    if command is not None:
        return run(talk, command)
    named = plain(text)
    for flow in talk.book.flows.values():
        if named in {plain(name) for name in (flow.id, flow.title.zh_hans, flow.title.zh_hant, flow.title.en)}:
            return begin(talk, flow)
    return digressing.outside(talk, text)


def _asked(talk: Talk, conversation: Conversation) -> Asked | None:
    """The question that the text answers: the pending one, or what was shown before the YAML changed."""
    flow, stand = talk.flow(conversation), talk.stand(conversation)
    question = stand.pending
    if conversation.flow_hash != flow.hash:
        shown = [one for one in stand.asked if one.id == conversation.shown and one.id not in stand.answers]
        question = next(iter(shown), question)
    return None if question is None else Asked(talk.owner, flow, conversation, stand, question, talk.book)


def answer(talk: Talk, asked: Asked, text: str) -> Turn:
    """Read `text` as the answer to the question that is asked."""
    identified = _identified(talk, asked, text)
    if identified is not None:
        return identified
    if words.means_same(text):
        for _, value in offers(asked):
            return accept(talk, asked, value, text)
    speaker = talk.speaker
    circumstance = speaker.circumstance(asked.question, asked.position.answers)
    reading = KINDS[asked.question.kind].read(text, asked.question, circumstance)
    if isinstance(reading, Read):
        return accept(talk, asked, reading.value, text, reading.notes)
    told = digressing.inside(talk, text, reading.note) if isinstance(reading, Unread) else None
    return told or _ask_back(talk, asked, reading, text)


def accept(talk: Talk, asked: Asked, value: Any, text: str, notes: Iterable[Note] = ()) -> Turn:
    """Take `value` in, echo it, and go on."""
    speaker = talk.speaker
    encoded = KINDS[asked.question.kind].encode(value)
    names = asked.question.id == asked.flow.subject
    if names and is_anothers(asked.flow, talk.owner, asked.conversation.record, encoded):
        return _again(talk, asked, [speaker.line("agency-name-taken", name=encoded)])
    near = knowing.near(talk, asked.conversation, encoded) if names else ()
    if near:
        return knowing.ask(talk, asked.conversation, asked.question.id, encoded, near)
    lines = [speaker.line("echo", "quiet", value=said(speaker, asked, value))]
    lines += [Line(text=speaker.note(note), style="quiet") for note in notes]
    lines += _met_before(talk, asked, encoded) if names else ()
    return take(talk, asked.conversation, [talk.answer(asked.question.id, "given", encoded, text)], lines)


def _identified(talk: Talk, asked: Asked, text: str) -> Turn | None:
    """A yes or no to who the name that waits is; None where none waits, or the text says neither."""
    if asked.question.id != asked.flow.subject or len(asked.conversation.draft) != 1:
        return None
    (name,) = asked.conversation.draft
    read = plain(text)
    first = read.split(",")[0].strip()
    near = knowing.near(talk, asked.conversation, name)
    yes = words.says_yes(read) or words.says_yes(first)
    if words.says_no(read) or words.says_no(first) or (yes and not near):
        return identify(talk, asked, None)
    if not yes:
        return None
    # A yes to several says nothing yet.
    if len(near) != 1:
        return knowing.ask(talk, asked.conversation, asked.question.id, name, near)
    return identify(talk, asked, next(iter(near)))


def identify(talk: Talk, asked: Asked, other: str | None) -> Turn:
    """The name that waits means the known `other`, or none of them: noted, and taken in.

    A further vetting goes under the name that is known; a contract keeps the name that stands in it.
    """
    (name,) = asked.conversation.draft
    known = who.known(talk.owner)
    if other is not None and known[other][0] == asked.flow.id == who.VET:
        return accept(talk, asked, other, name)
    if other is None:
        records = knowing.apart(talk, name, knowing.near(talk, asked.conversation, name))
    else:
        records = [who.said(talk.owner, name, other, same=True)]
    turn = accept(knowing.noted(talk, records), asked, name, name)
    return replace(turn, owner=replace(turn.owner, records=talk.owner.records), effects=(*records, *turn.effects))


def _met_before(talk: Talk, asked: Asked, name: str) -> Iterable[Line]:
    """That what is named for the first time in this conversation was met in another."""
    if not asked.conversation.record and not any(one.slot == asked.question.id for one in asked.conversation.answers):
        for kept in met_before(asked.flow, talk.owner, name)[-1:]:
            when = day(kept.at, talk.owner.timezone)
            yield talk.speaker.line("agency-met-before", "quiet", name=name, when=when)


def not_sure(talk: Talk, asked: Asked) -> Turn:
    """Not sure is an answer, except for a name."""
    if not asked.question.not_sure:
        return _again(talk, asked, [talk.speaker.line("no-not-sure")])
    line = talk.speaker.line("echo-not-sure", "quiet")
    return take(talk, asked.conversation, [talk.answer(asked.question.id, "not-sure")], [line])


def _ask_back(talk: Talk, asked: Asked, reading: Unclear | Unread, text: str) -> Turn:
    """What could not be read, or not surely, is asked again with what was wrong."""
    speaker, question = talk.speaker, asked.question
    said_so = speaker.note(reading.note)
    if reading.note.key in LIMITS and question.beyond is not None:
        said_so = speaker.text(question.beyond)
    lines = [Line(text=said_so)]
    if isinstance(reading, Unclear):
        options = reading.candidates if asked.question.options else ()
        lines += [Line(text=said(speaker, asked, value), style="item") for value in options]
        return _again(talk, asked, lines, candidates=reading.candidates)
    misses = asked.conversation.misses + 1
    if misses > 1 and question.not_sure:
        lines.append(speaker.line("unread-again" if question.examples else "unread-again-options"))
    missed = replace(asked.conversation, misses=misses)
    again = _again(talk.focused(missed), replace(asked, conversation=missed), lines)
    return replace(again, effects=(*digressing.unanswered(talk, text), *again.effects))


def _again(talk: Talk, asked: Asked, lines: list[Line], candidates: Iterable[Any] = ()) -> Turn:
    shown = replace(asked.conversation, shown=asked.question.id, flow_hash=asked.flow.hash)
    here = talk.focused(shown)
    message = ask(here.speaker, replace(asked, owner=here.owner, conversation=shown), lines)
    there = {button.press for row in message.buttons for button in row}
    offered = tuple(
        (Button(label=said(talk.speaker, asked, value), press=press),)
        for value in candidates
        # Many options in one answer are more than a button can carry; they stand in the lines all the same.
        if (press := _press(shown, asked.question, value)) not in there and presses.fits(press)
    )
    return here.turn(replace(message, buttons=(*offered, *message.buttons), replaces=False))


def _press(conversation: Conversation, question: Question, value: Any) -> str:
    if question.kind == "choice":
        return presses.option(conversation.number, question.id, value)
    return presses.offered(conversation.number, question.id, raw(value, percent=question.kind == "percent"))
