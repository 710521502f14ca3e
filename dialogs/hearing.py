"""What a typed text means, in this order: a word for a command, not sure, an answer to the pending question, or else.

Not its job: what is told where it is none of these (`digressing`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dialogs.asking import Asked, offers, said
from dialogs.asking_back import again, ask_back, no_longer, really
from dialogs.commands import run
from dialogs.conversing import begin, go_on, take
from dialogs.doubting import Doubted, doubted
from dialogs.free_text import digressing, small_talk
from dialogs.kinds import KINDS, Read, Unread, words
from dialogs.kinds.base import Note
from dialogs.kinds.normalize import plain
from dialogs.loop import knowing, who
from dialogs.message import Line
from dialogs.naming import is_doubtful, is_question, name_in
from dialogs.offers.since import day
from dialogs.offers.vetted import is_anothers, met_before
from dialogs.other_words import of_another
from dialogs.owner import Conversation
from dialogs.talk import Talk, Turn


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
    settled = _settled(talk, asked, text)
    if settled is not None:
        return settled
    if words.means_same(text):
        for _, value in offers(asked):
            return accept(talk, asked, value, text)
    if asked.question.id == asked.flow.subject and asked.question.kind == "text":
        return _name(talk, asked, text)
    speaker = talk.speaker
    circumstance = speaker.circumstance(asked.question, asked.position.answers)
    reading = KINDS[asked.question.kind].read(text, asked.question, circumstance)
    elsewhere = None if isinstance(reading, Unread) else of_another(speaker, text, asked.question, asked.flow)
    if elsewhere is not None:
        return ask_back(talk, asked, Unread(note=elsewhere), text)
    if isinstance(reading, Read):
        return accept(talk, asked, reading.value, text, reading.notes)
    told = digressing.inside(talk, text, reading.note) if isinstance(reading, Unread) else None
    return told or ask_back(talk, asked, reading, text)


def _settled(talk: Talk, asked: Asked, text: str) -> Turn | None:
    """A yes or no to "really?"; None where nothing was asked like that, or it was answered otherwise."""
    draft, read = asked.conversation.draft, plain(text)
    if not draft or asked.question.options:
        return None
    if words.says_yes(read):
        return agreed(talk, asked, text)
    return no_longer(talk, asked) if words.says_no(read) else None


def agreed(talk: Talk, asked: Asked, text: str) -> Turn:
    """Take what a yes to "really?" takes."""
    first = asked.conversation.draft[:1]
    if not first or asked.question.options:
        return go_on(talk, asked.conversation, [talk.speaker.line("button-expired", "quiet")])
    return accept(talk, asked, KINDS[asked.question.kind].decode(first[0], asked.question), text)


def _name(talk: Talk, asked: Asked, text: str) -> Turn:
    """A name, less what is said around it; what may be none is asked about, and a question to the books is answered."""
    named = name_in(text)
    reading = KINDS["text"].read(named, asked.question, talk.speaker.circumstance(asked.question, {}))
    if isinstance(reading, Read) and named in asked.conversation.draft[1:]:
        return accept(talk, asked, reading.value, text)
    asks = is_question(named) or small_talk.remark(text) is not None
    told = digressing.instead_of_name(talk, text) if asks else None
    if told is not None:
        return told
    if not isinstance(reading, Read):
        return ask_back(talk, asked, reading, text)
    if not is_doubtful(named):
        return accept(talk, asked, reading.value, text)
    says = talk.speaker.phrase("a-name", value=named)
    labels = {"yes": talk.book.phrases["a-name-yes"], "no": talk.book.phrases["a-name-no"]}
    return really(talk, asked, Doubted(says=says, values=(named,), draft=(named, named), **labels))


def accept(talk: Talk, asked: Asked, value: Any, text: str, notes: Iterable[Note] = ()) -> Turn:
    """Take `value` in, echo it, and go on."""
    speaker = talk.speaker
    encoded = KINDS[asked.question.kind].encode(value)
    names = asked.question.id == asked.flow.subject
    if names and is_anothers(asked.flow, talk.owner, asked.conversation.record, encoded):
        return again(talk, asked, [speaker.line("agency-name-taken", name=encoded)])
    near = knowing.near(talk, asked.conversation, encoded) if names else ()
    if near:
        return knowing.ask(talk, asked.conversation, asked.question.id, encoded, near)
    doubt = doubted(speaker, asked, value)
    if doubt is not None:
        return really(talk, asked, doubt)
    lines = [Line(text=speaker.echo(asked.question, said(speaker, asked, value)), style="quiet")]
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
        return again(talk, asked, [talk.speaker.line("no-not-sure")])
    line = talk.speaker.line("echo-not-sure", "quiet", name=talk.speaker.title(asked.question))
    return take(talk, asked.conversation, [talk.answer(asked.question.id, "not-sure")], [line])
