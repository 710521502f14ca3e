"""What an owner does with the offers that he has vetted: list, look at one, edit, rename, vet again, delete."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from dialogs import presses
from dialogs.conversing import take
from dialogs.effects import DropRecord
from dialogs.flow import Flow
from dialogs.message import Button, Line, Message
from dialogs.offers import unfinished
from dialogs.offers.comparing import name
from dialogs.offers.since import day
from dialogs.offers.vetted import Offer, offers, prefilled, without
from dialogs.owner import Conversation, Kept
from dialogs.short_asks import short
from dialogs.sure import ask_whether
from dialogs.talk import Talk, Turn

Rows = tuple[tuple[Button, ...], ...]


def compared_flow(talk: Talk) -> Flow | None:
    """The dialog whose results are compared."""
    return next((flow for flow in talk.book.flows.values() if flow.compare is not None), None)


def agencies(talk: Talk, argument: str = "") -> Turn:
    """The list: each with its verdict by today's rules, and a button to look at it."""
    flow = compared_flow(talk)
    listed = offers(flow, talk.owner) if flow is not None else ()
    begun = tuple(unfinished.buttons(talk, flow)) if flow is not None else ()
    if flow is None or not (listed or begun):
        return talk.menu(talk.speaker.line("agencies-none"))
    rows: list[tuple[Button, ...]] = [
        (Button(label=_line(talk, flow, one), press=_press(flow, one, "card")),) for one in listed
    ]
    rows += begun
    if len(listed) > 1:
        rows.append((Button(label=talk.speaker.phrase("act-compare"), press=presses.command("compare")),))
    heading = talk.speaker.line("agencies-heading", "heading")
    return talk.turn(Message(lines=(heading,), buttons=tuple(rows), numbered=True))


def act(talk: Talk, kind: str, number: int, wanted: str) -> Turn:
    """What a button of one offer does; one that is gone or out of date changes nothing."""
    flow = talk.book.flows.get(kind)
    if flow is None or wanted not in _ACTS:
        return talk.say("button-expired")
    one = next((one for one in offers(flow, talk.owner) if one.number == number), None)
    return talk.say("agency-gone") if one is None else _ACTS[wanted](talk, flow, one)


def _card(talk: Talk, flow: Flow, one: Offer) -> Turn:
    speaker = talk.speaker
    lines = [Line(text=_line(talk, flow, one), style="heading"), *_judged_otherwise(talk, flow, one)]
    lines += [_before(talk, flow, kept) for kept in reversed(one.former)]
    acts = [
        ("act-answers", "answers"),
        ("act-revet", "again"),
        ("act-sign", "sign"),
        ("act-rename", "rename"),
        ("act-delete", "delete"),
    ]
    rows: list[tuple[Button, ...]] = [
        (Button(label=speaker.phrase(key), press=_press(flow, one, wanted)),) for key, wanted in acts
    ]
    for key, what in (("act-document", "result"), ("act-sheet", "sheet")):
        press = presses.command("document", f"{what} {flow.id} {one.number}")
        rows.append((Button(label=speaker.phrase(key), press=press),))
    rows.append(_back(talk))
    return talk.turn(Message(lines=tuple(lines), buttons=tuple(rows), numbered=True))


def _answers(talk: Talk, flow: Flow, one: Offer) -> Turn:
    here, conversation = reopened(talk, flow, one)
    heading = Line(text=_line(talk, flow, one), style="heading")
    return here.turn(editable(here, conversation, heading, "agency-edit-hint"))


def _rename(talk: Talk, flow: Flow, one: Offer) -> Turn:
    if flow.subject is None:
        return talk.say("button-expired")
    here, conversation = reopened(talk, flow, one)
    return take(here, conversation, [here.answer(flow.subject, "withdrawn")])


def _again(talk: Talk, flow: Flow, one: Offer) -> Turn:
    """A conversation of its own with the former answers in force, so that the former result stays what it was."""
    number = talk.owner.next_conversation
    conversation = settled(talk, flow, Conversation(number=number, flow=flow.id, answers=prefilled(one.kept, talk.at)))
    when = day(one.kept.at, talk.owner.timezone)
    line = talk.speaker.line("agency-again", "heading", name=name(talk.speaker, one), when=when)
    here = talk.focused(conversation)
    return here.turn(editable(here, conversation, line, "agency-again-hint"))


def walk(talk: Talk, conversation: Conversation, argument: str = "") -> Turn:
    """Ask every question again, with the answer that it had as the one to keep."""
    asked = talk.stand(conversation).asked
    return take(talk, conversation, [talk.answer(question.id, "withdrawn") for question in asked])


def _delete(talk: Talk, flow: Flow, one: Offer) -> Turn:
    line = talk.speaker.line("agency-delete-sure", name=name(talk.speaker, one))
    sure = Button(label=talk.speaker.phrase("act-delete-sure"), press=_press(flow, one, "drop"))
    return ask_whether(talk, (line,), sure, *_back(talk))


def _drop(talk: Talk, flow: Flow, one: Offer) -> Turn:
    owner = without(talk.owner, flow, one)
    focus = owner.focus if owner.focus in owner.conversations else 0
    here = replace(talk, owner=replace(owner, focus=focus))
    dropped = [DropRecord(kind=flow.id, number=kept.number) for kept in (*one.former, one.kept)]
    line = talk.speaker.line("agency-deleted", name=name(talk.speaker, one))
    return here.turn(Message(lines=(line,), buttons=(_back(talk),), numbered=True), effects=dropped)


_ACTS: Mapping[str, Callable[[Talk, Flow, Offer], Turn]] = {
    "card": _card, "answers": _answers, "rename": _rename, "again": _again, "delete": _delete, "drop": _drop,
}  # fmt: skip


def _line(talk: Talk, flow: Flow, one: Offer) -> str:
    verdict = talk.speaker.text(flow.verdicts[one.deduction.rule.verdict].title)
    when = day(one.kept.at, talk.owner.timezone)
    if one.deduction.score is None:
        return talk.speaker.phrase("agency-line-plain", name=name(talk.speaker, one), verdict=verdict, when=when)
    score = str(one.deduction.score)
    return talk.speaker.phrase("agency-line", name=name(talk.speaker, one), verdict=verdict, score=score, when=when)


def _judged_otherwise(talk: Talk, flow: Flow, one: Offer) -> Iterable[Line]:
    """Where today's rules say otherwise than was told then."""
    told, today = flow.verdicts.get(str(one.kept.result.get("verdict"))), flow.verdicts[one.deduction.rule.verdict]
    if told is not None and told.id != today.id:
        then, now = (talk.speaker.text(verdict.title) for verdict in (told, today))
        when = day(one.kept.at, talk.owner.timezone)
        yield talk.speaker.line("agency-judged-otherwise", "quiet", when=when, then=then, today=now)


def _before(talk: Talk, flow: Flow, kept: Kept) -> Line:
    """The former verdict as it was told then."""
    verdict = flow.verdicts.get(str(kept.result.get("verdict")))
    title = talk.speaker.phrase("not-known") if verdict is None else talk.speaker.text(verdict.title)
    return talk.speaker.line("agency-before", "quiet", verdict=title, when=day(kept.at, talk.owner.timezone))


def editable(talk: Talk, conversation: Conversation, heading: Line, hint: str) -> Message:
    """The answers, each with a button to change it, and what to do when they are right."""
    stand, speaker = talk.stand(conversation), talk.speaker
    rows: list[tuple[Button, ...]] = []
    for question in stand.asked:
        said = speaker.value(question, stand.answers)
        label = speaker.phrase("answered", question=short(question, speaker.language), value=said)
        rows.append((Button(label=label, press=presses.control(conversation.number, question.id, "edit")),))
    for key, wanted in (("act-result", "result"), ("act-walk", "walk")):
        rows.append((Button(label=speaker.phrase(key), press=presses.control(conversation.number, "", wanted)),))
    return Message(lines=(heading, speaker.line(hint, "quiet")), buttons=tuple(rows), numbered=True)


def reopened(talk: Talk, flow: Flow, one: Offer) -> tuple[Talk, Conversation]:
    """The conversation that led to the record, with what was never answered left open: only the edit is asked."""
    led = [
        talked for talked in talk.owner.conversations.values() if talked.flow == flow.id and talked.record == one.number
    ]
    number = talk.owner.next_conversation
    made = Conversation(number=number, flow=flow.id, answers=prefilled(one.kept, one.kept.at), record=one.number)
    conversation = settled(talk, flow, max(led, key=lambda talked: talked.number, default=made))
    return talk.focused(conversation), conversation


def settled(talk: Talk, flow: Flow, conversation: Conversation) -> Conversation:
    """With what was never answered left open, so that only what is changed is asked."""
    stand = talk.stand(conversation)
    left = [
        question.id for question in stand.asked if question.id not in stand.answers and question.id not in stand.open
    ]
    answers = (*conversation.answers, *(talk.answer(slot, "later") for slot in left))
    return replace(conversation, answers=answers, flow_hash=flow.hash)


def _press(flow: Flow, one: Offer, wanted: str) -> str:
    return presses.record(flow.id, one.number, wanted)


def _back(talk: Talk) -> tuple[Button, ...]:
    return (Button(label=talk.speaker.phrase("act-agencies"), press=presses.command("agencies")),)
