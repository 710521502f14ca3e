"""The list of contracts and what a button of one does: look at it, correct it, change it, leave it, be reminded of it.

Not its job: the dialogs themselves (`dialogs/flows`), what follows when one is through (`following`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from dialogs import presses
from dialogs.conversing import begin, open_conversation
from dialogs.effects import CancelReminders, DropRecord, PlanReminders
from dialogs.flow import Flow
from dialogs.loop import abouts, contracts, knowing, quarter_names, signing
from dialogs.loop.abouts import About
from dialogs.loop.contracts import CHANGE, CONTRACT, Contract
from dialogs.loop.signing import then
from dialogs.loop.wishes import KIND, wishes
from dialogs.message import Button, Line, Message
from dialogs.offers.agencies import editable, reopened, settled
from dialogs.offers.since import day
from dialogs.offers.vetted import offer, prefilled
from dialogs.owner import Conversation, Kept
from dialogs.sure import ask_whether
from dialogs.talk import Talk, Turn


def listed(talk: Talk, flow: Flow, argument: str) -> Turn | None:
    """The list, at its head one that is being entered; None where there is no contract yet: the dialog goes on."""
    mine = contracts.contracts(talk.owner)
    if argument.isdigit():
        return act(talk, flow, int(argument), "card")
    if not mine or argument:
        return None
    rows = [*_begun(talk, flow)]
    rows += [(Button(label=_line(talk, one), press=_press(one, "card")),) for one in mine]
    rows.append((Button(label=talk.speaker.phrase("act-contract-new"), press=presses.command(CONTRACT, "new")),))
    rows.append((Button(label=talk.speaker.phrase("act-remind"), press=presses.command("remind")),))
    return talk.turn(
        Message(lines=(talk.speaker.line("contracts-heading", "heading"),), buttons=tuple(rows), numbered=True)
    )


def _begun(talk: Talk, flow: Flow) -> Iterable[tuple[Button, ...]]:
    """The one that is being entered, where anything was answered."""
    unfinished = open_conversation(talk, flow)
    if unfinished is not None and any(answer.how != "given" or answer.raw for answer in unfinished.answers):
        press = presses.control(unfinished.number, "", "resume")
        yield (Button(label=talk.speaker.phrase("act-contract-go-on"), press=press),)


def act(talk: Talk, flow: Flow, number: int, wanted: str) -> Turn:
    """What a button of one contract does; one that is gone or out of date changes nothing."""
    one = contracts.contract(talk.owner, number)
    name, _, day_ = wanted.partition(".")
    if one is None:
        return talk.say("contract-gone")
    if name == "terms" and _is_day(day_):
        return _terms(talk, flow, one, day_)
    if wanted in CHANGES:
        return _change(talk, one, wanted)
    if name in ("same", "another"):
        return knowing.told(talk, one, day_)
    return _ACTS[wanted](talk, flow, one) if wanted in _ACTS else talk.say("button-expired")


def sign(talk: Talk, flow: Flow, vetted: Kept) -> Turn:
    """A contract with an agency that was vetted: its terms are offered as the answers."""
    named = talk.answer(flow.subject or "", "given", vetted.subject)
    return begin(
        talk, flow, answers=(named,) if flow.subject is not None and contracts.can_be_said(vetted.subject) else ()
    )


#: Changes of a contract: the answer of the dialog that takes them in, by the act.
CHANGES = {"amend": "terms", "renew": "renewed", "end": "ended"}


def _change(talk: Talk, one: Contract, wanted: str) -> Turn:
    flow = talk.book.flows.get(CHANGE)
    if flow is None:
        return talk.say("button-expired")
    return begin(
        talk, flow, about=About(contract=one.number).text(), answers=(talk.answer("what", "given", CHANGES[wanted]),)
    )


def _card(talk: Talk, flow: Flow, one: Contract) -> Turn:
    speaker = talk.speaker
    acts = ["amend", "renew", "end", "answers"]
    rows = [(Button(label=speaker.phrase("act-review"), press=presses.command("review", str(one.number))),)]
    rows.append((Button(label=speaker.phrase("act-quarters"), press=presses.command("review", f"{one.number} all")),))
    rows += [(Button(label=speaker.phrase(f"act-contract-{wanted}"), press=_press(one, wanted)),) for wanted in acts]
    rows += [
        (Button(label=speaker.phrase("act-amended", since=since), press=_press(one, f"terms.{since}")),)
        for since in one.amended_on
    ]
    rows.append((Button(label=speaker.phrase("act-exit"), press=presses.command("exit", str(one.number))),))
    rows.append((Button(label=speaker.phrase("act-letters"), press=presses.command("letter", str(one.number))),))
    rows.append(
        (
            Button(
                label=speaker.phrase("act-calendar"),
                press=presses.command("document", f"calendar contract {one.number}"),
            ),
        )
    )
    rows += [*signing.offered_vetting(talk, one), *_switches(talk, one)]
    rows.append((Button(label=speaker.phrase("act-delete"), press=_press(one, "delete")),))
    rows.append((_back(talk),))
    return talk.turn(Message(lines=tuple(_told(talk, one)), buttons=tuple(rows), numbered=True))


def _switches(talk: Talk, one: Contract) -> list[tuple[Button, ...]]:
    wish = wishes(talk.owner, one.number)
    acts = ["unmute" if wish.muted else "mute", "no-duties" if wish.duties else "duties"]
    return [
        (Button(label=talk.speaker.phrase(f"act-{name}"), press=presses.command("remind", f"{name} {one.number}")),)
        for name in acts
    ]


def _told(talk: Talk, one: Contract) -> Iterable[Line]:
    speaker = talk.speaker
    yield Line(text=_line(talk, one), style="heading")
    for since in one.amended_on:
        yield speaker.line("contract-amended", "item", since=since)
    vet = talk.book.flows.get("vet")
    before = None if vet is None else then(talk.owner, one, vet)
    if vet is not None and before is not None:
        verdict = vet.verdicts.get(str(before.result.get("verdict")))
        title = speaker.phrase("not-known") if verdict is None else speaker.text(verdict.title)
        key = f"contract-advised-{signing.when_vetted(talk.owner, one, before)}"
        yield speaker.line(key, "item", when=day(before.at, talk.owner.timezone), verdict=title)
    reviews, flow = contracts.reviews(talk.owner, one.number), talk.book.flows.get("review")
    for period, kept in reviews.items():
        verdict = None if flow is None else flow.verdicts.get(str(kept.result.get("verdict")))
        state = speaker.phrase("not-known") if verdict is None else speaker.text(verdict.title)
        name = quarter_names.short(speaker, period)
        yield speaker.line("review-quarter", "item", quarter=name, state=state)
    coming = [found for found in talk.book.calendar.planned(talk.owner, talk.at) if found.contract == one.number]
    if coming:
        yield speaker.line("contract-next", "item", day=coming[0].at.date().isoformat())


def _line(talk: Talk, one: Contract) -> str:
    ends = talk.book.calendar.ends_on(one)
    unknown = talk.speaker.phrase("not-known")
    days = {
        "first": unknown if one.starts_on is None else one.starts_on.isoformat(),
        "last": unknown if ends is None else ends.isoformat(),
    }
    return talk.speaker.phrase("contract-line", name=one.name, **days)


def _answers(talk: Talk, flow: Flow, one: Contract) -> Turn:
    here, conversation = reopened(talk, flow, offer(flow, one.signed))
    heading = Line(text=_line(talk, one), style="heading")
    return here.turn(editable(here, conversation, heading, "agency-edit-hint"))


def _terms(talk: Talk, flow: Flow, one: Contract, since: str) -> Turn:
    """The terms from a day on, to be changed; those of before stay what they were."""
    about = About(contract=one.number, since=since).text()
    kept = one.record(date.fromisoformat(since))
    same = abouts.of_record(kept) == abouts.read(about)
    number = talk.owner.next_conversation
    conversation = settled(talk, flow, Conversation(
        number=number, flow=flow.id, about=about, answers=prefilled(kept, talk.at), record=kept.number if same else 0,
    ))  # fmt: skip
    here = talk.focused(conversation)
    heading = talk.speaker.line("contract-terms", "heading", name=one.name, since=since)
    return here.turn(editable(here, conversation, heading, "agency-edit-hint"))


def _delete(talk: Talk, flow: Flow, one: Contract) -> Turn:
    line = talk.speaker.line("contract-delete-sure", name=one.name)
    sure = Button(label=talk.speaker.phrase("act-delete-sure"), press=_press(one, "drop"))
    return ask_whether(talk, (line,), sure, _back(talk))


def _drop(talk: Talk, flow: Flow, one: Contract) -> Turn:
    """With its amendments, reviews and reminders."""
    gone = {
        (kept.kind, kept.number) for kept in talk.owner.records
        if (kept.kind, kept.number) in ((CONTRACT, one.number), (KIND, one.number))
        or ((about := abouts.of_record(kept)) is not None and about.contract == one.number)
    }  # fmt: skip
    kept_on = {
        number: talked
        for number, talked in talk.owner.conversations.items()
        if (talked.flow, talked.record) not in gone
    }
    ended = {
        number: replace(talked, ended="cancelled") if _is_about(talked, one) and not talked.ended else talked
        for number, talked in kept_on.items()
    }
    records = tuple(kept for kept in talk.owner.records if (kept.kind, kept.number) not in gone)
    focus = talk.owner.focus if talk.owner.focus in ended else 0
    here = replace(talk, owner=replace(talk.owner, records=records, conversations=ended, focus=focus))
    effects = [*(DropRecord(kind=kind, number=number) for kind, number in sorted(gone)),
               CancelReminders(contract=one.number), PlanReminders()]  # fmt: skip
    line = talk.speaker.line("contract-deleted", name=one.name)
    return here.turn(Message(lines=(line,), buttons=((_back(talk),),), numbered=True), effects=effects)


def _is_about(talked: Conversation, one: Contract) -> bool:
    about = abouts.read(talked.about)
    return about is not None and about.contract == one.number


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _press(one: Contract, wanted: str) -> str:
    return presses.record(CONTRACT, one.number, wanted)


def _back(talk: Talk) -> Button:
    return Button(label=talk.speaker.phrase("act-contracts"), press=presses.command(CONTRACT))


_ACTS: Mapping[str, Callable[[Talk, Flow, Contract], Turn]] = {
    "card": _card, "answers": _answers, "delete": _delete, "drop": _drop,
}  # fmt: skip
