"""Carries a conversation on: begins it, takes an answer in, asks the next question, concludes with the result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dialogs.asking import Asked, ask
from dialogs.effects import Record
from dialogs.flow import Flow, Question
from dialogs.fold import Position
from dialogs.kinds import KINDS, Circumstance
from dialogs.loop import amending, following
from dialogs.loop.following import Rows
from dialogs.message import Line, Message
from dialogs.offers.since import since_last
from dialogs.offers.vetted import as_kept, renamed
from dialogs.outcome import outcome
from dialogs.owner import Answer, Conversation
from dialogs.talk import Talk, Turn
from dialogs.telling import Result
from dialogs.yours import noted


def begin(
    talk: Talk, flow: Flow, *, about: str = "", answers: tuple[Answer, ...] = (), before: Iterable[Line] = (),
    after: Iterable[Line] = (),
) -> Turn:  # fmt: skip
    """Start a new conversation of `flow`; `about` and `answers` are what is known already.

    The lines `before` stand before its title and intro, those of `after` between them and the first question.
    """
    number = talk.owner.next_conversation
    conversation = Conversation(number=number, flow=flow.id, flow_hash=flow.hash, about=about, answers=answers)
    speaker = talk.speaker
    title = (Line(text=speaker.text(flow.title), style="heading"), Line(text=speaker.text(flow.intro)))
    intro = (*before, *title, *after)
    return go_on(talk.focused(conversation), conversation, intro)


def open_conversation(talk: Talk, flow: Flow) -> Conversation | None:
    """The owner's latest conversation of `flow` that is not ended."""
    mine = [one for one in talk.owner.conversations.values() if one.flow == flow.id and not one.ended]
    return max(mine, key=lambda one: one.number, default=None)


def take(talk: Talk, conversation: Conversation, answers: Iterable[Answer], before: Iterable[Line] = ()) -> Turn:
    """Add `answers` to the conversation's list and go on from there, saying `before` first."""
    earlier = talk.stand(conversation)
    extended = replace(conversation, answers=(*conversation.answers, *answers), misses=0, draft=(), ended="")
    later = talk.stand(extended)
    crossed = _crossed(talk.flow(conversation), earlier, later)
    lines = [*before, *_consequences(talk, earlier, later)]
    if crossed and later.pending is not None:
        speaker = talk.speaker
        previous = following.previous(talk, extended)
        lines += [*Result(speaker, talk.flow(extended), later, previous).so_far(), speaker.line("so-far-hint", "quiet")]
    return go_on(talk, extended, lines, stop=crossed)


def go_on(talk: Talk, conversation: Conversation, before: Iterable[Line] = (), *, stop: bool = False) -> Turn:
    """Ask the pending question, or conclude where there is none."""
    flow, stand = talk.flow(conversation), talk.stand(conversation)
    lines = [*before, *_updated(talk, flow, conversation, stand)]
    if stand.pending is None:
        return conclude(talk, replace(conversation, flow_hash=flow.hash), lines)
    shown = replace(conversation, shown=stand.pending.id, flow_hash=flow.hash)
    here, note = noted(talk.focused(shown), flow.intro)
    asked = Asked(here.owner, flow, shown, stand, stand.pending, here.book)
    question = ask(here.speaker, asked, lines, stop=stop)
    # The note comes first, so the question may not take the place of what stands above both.
    return here.turn(*note, replace(question, replaces=not note))


def conclude(talk: Talk, conversation: Conversation, before: Iterable[Line] = ()) -> Turn:
    """Give the result over what is known, and keep it."""
    flow, stand = talk.flow(conversation), talk.stand(conversation)
    last = max((one.number for one in talk.owner.records if one.kind == flow.id), default=0)
    number = conversation.record or 1 + last
    here = talk.focused(replace(conversation, record=number, ended="finished", misses=0, draft=()))
    named = str(stand.answers.get(flow.subject or "") or "") or following.subject(talk, conversation)
    previous = following.previous(talk, conversation)
    result = outcome(flow, stand, _circumstance(here), previous)
    record = Record(
        kind=flow.id,
        number=number,
        subject=named,
        answers=kept(flow, stand),
        result={**result, **following.kept_besides(talk, conversation, named)},
        flow_hash=flow.hash,
    )
    amended = amending.told(talk, flow, conversation, record)
    whole = (amended,) if amended else Result(here.speaker, flow, stand, previous).messages(conversation.number, number)
    first, *rest = whole
    changes = since_last(here.speaker, flow, here.owner, as_kept(record, talk.at))
    said = (replace(first, lines=(*before, *first.lines)), *rest)
    after = following.following(here, conversation, record)
    effects = (*renamed(flow, here.owner, record), record, *after.effects)
    return here.turn(*_in_order(said, (*changes, *after.messages), after.buttons), effects=effects)


def _in_order(said: tuple[Message, ...], besides: tuple[Message, ...], buttons: Rows) -> tuple[Message, ...]:
    """What comes besides stands before the close of a result, but after one that is a single message.

    The buttons, those of `buttons` first, are for what comes next: they stand under the last.
    """
    *parts, close = said
    silent, offered = replace(close, buttons=(), numbered=False), (*buttons, *close.buttons)
    *earlier, last = (*parts, *besides, silent) if parts else (silent, *besides)
    return (*earlier, replace(last, buttons=(*offered, *last.buttons), numbered=close.numbered))


def kept(flow: Flow, stand: Position) -> dict[str, Any]:
    """The answers in force as JSON keeps them; None where not sure."""
    return {
        slot: None if value is None else KINDS[flow.by_slot[slot].kind].encode(value)
        for slot, value in stand.answers.items()
    }


def _circumstance(talk: Talk) -> Circumstance:
    return Circumstance(language=talk.owner.language, today=talk.speaker.today)


def _crossed(flow: Flow, earlier: Position, later: Position) -> bool:
    """Whether a section that ends with "as far as known" has just been gone through for the first time."""
    if earlier.pending is None or later.pending is None or earlier.pending.section == later.pending.section:
        return False
    sections = [section.id for section in flow.sections]
    left = sections.index(earlier.pending.section)
    beyond = {question.id for question in flow.questions if sections.index(question.section) > left}
    return flow.sections[left].verdict_so_far and not beyond & later.answers.keys()


def _consequences(talk: Talk, earlier: Position, later: Position) -> Iterable[Line]:
    """What a changed answer does to others, by name."""
    before = {question.id for question in earlier.asked}
    now = {question.id for question in later.asked}
    for question in earlier.asked:
        if question.id not in now and question.id in earlier.answers:
            yield _naming(talk, "now-aside", question)
    for question in later.asked:
        new = question.id not in before and _was_passed(earlier, later, question)
        if question is later.pending and (new or question.id in set(later.stale) - set(earlier.stale)):
            yield _naming(talk, "now-needed", question)


def _was_passed(earlier: Position, later: Position, question: Question) -> bool:
    """Whether questions after this one have been answered already."""
    order = [one.id for one in later.asked]
    return any(slot in order and order.index(slot) > order.index(question.id) for slot in earlier.answers)


def _updated(talk: Talk, flow: Flow, conversation: Conversation, stand: Position) -> Iterable[Line]:
    """That the YAML has changed since, and which answers it asks for again."""
    if conversation.flow_hash != flow.hash:
        yield talk.speaker.line("flow-changed", "quiet")
        for slot in stand.stale:
            yield _naming(talk, "asked-again", flow.by_slot[slot])


def _naming(talk: Talk, key: str, question: Question) -> Line:
    return talk.speaker.line(key, "quiet", question=talk.speaker.text(question.ask))
