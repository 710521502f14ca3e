"""Begins the list of what is to be handed over, or goes on ticking it; begins a month's checklist."""

from __future__ import annotations

from dataclasses import replace

from dialogs import presses
from dialogs.conversing import begin, go_on, open_conversation
from dialogs.flow import Flow
from dialogs.loop import abouts, contracts, leave_costs, naming
from dialogs.loop.abouts import About
from dialogs.loop.contracts import EXIT, Contract
from dialogs.loop.leaving_day import AT_END, NOW, latest_list, leaving_day
from dialogs.message import Button, Message
from dialogs.offers.vetted import prefilled
from dialogs.owner import Conversation, Kept
from dialogs.talk import Talk, Turn

#: What is ticked again and again.
_TICKED = "done"
#: The argument behind a contract's number by which the day of leaving alone is asked.
DAY = "day"


def leave(talk: Talk, flow: Flow, argument: str) -> Turn | None:
    """By "1" (the contract), "1 day" or "=exit-1" (its list); None: the dialog begins by itself."""
    if argument == "new" or (not argument and open_conversation(talk, flow) is not None):
        return None
    if argument.startswith("="):
        kept = next((one for one in open_lists(talk) if f"={EXIT}-{one.number}" == argument), None)
        return None if kept is None else _on(talk, flow, kept)
    number, _, wanted = argument.partition(" ")
    if number.isdigit() and wanted in ("", DAY):
        one = contracts.contract(talk.owner, int(number))
        return (
            talk.say("contract-gone") if one is None else _of(talk, flow, one, choose=wanted == DAY and _asks_day(flow))
        )
    lists, mine = open_lists(talk), contracts.contracts(talk.owner)
    return _which(talk, lists, mine) if lists or mine else None


def _which(talk: Talk, lists: list[Kept], mine: tuple[Contract, ...]) -> Turn:
    speaker, begun = talk.speaker, {one.subject for one in lists}
    rows = [
        (
            Button(
                label=speaker.phrase("exit-go-on", name=one.subject),
                press=presses.command(EXIT, f"={EXIT}-{one.number}"),
            ),
        )
        for one in lists
    ]
    rows += [
        (Button(label=speaker.phrase("exit-begin", name=one.name), press=presses.command(EXIT, str(one.number))),)
        for one in mine
        if one.name not in begun
    ]
    rows.append((Button(label=speaker.phrase("exit-other"), press=presses.command(EXIT, "new")),))
    return talk.turn(Message(lines=(speaker.line("exit-which"),), buttons=tuple(rows), numbered=True))


def _of(talk: Talk, flow: Flow, one: Contract, *, choose: bool) -> Turn:
    kept = latest_list(talk.owner, one.number)
    if kept is not None:
        return _chosen(talk, flow, kept, one) if choose else _on(talk, flow, kept)
    about = About(contract=one.number).text()
    talked = [talked for talked in talk.owner.conversations.values() if (talked.flow, talked.about) == (flow.id, about)]
    if talked:
        return go_on(talk, max(talked, key=lambda each: each.number))
    name = naming.own_name(one.signed)
    answers = [talk.answer(flow.subject or "", "given", name)] if name else []
    ends = talk.book.calendar.ends_on(one)
    if not _asks_day(flow):
        answers += [talk.answer("ends_on", "given", ends.isoformat())] if ends is not None else []
        return begin(talk, flow, about=about, answers=tuple(answers))
    if one.ended_on is not None:
        # The last day is on record: there is nothing to choose.
        answers += [talk.answer("leave", "given", NOW), talk.answer("leaves_on", "given", one.ended_on.isoformat())]
    elif ends is not None:
        answers.append(talk.answer("ends_on", "given", ends.isoformat()))
        answers += [talk.answer("leave", "given", AT_END)] if ends < talk.speaker.today else []
    costs = () if any(answer.slot == "leave" for answer in answers) else leave_costs.lines(talk, one)
    return begin(talk, flow, about=about, answers=tuple(answers), after=costs)


def _asks_day(flow: Flow) -> bool:
    """Whether the dialog asks for the day of leaving; a maintainer's own may be older than that question."""
    return {"leave", "leaves_on"} <= flow.by_slot.keys()


def _chosen(talk: Talk, flow: Flow, kept: Kept, one: Contract) -> Turn:
    """The day of leaving alone, asked with what each choice costs; what was ticked stays."""
    before = _before(talk, flow, kept)
    again = replace(before, answers=(*before.answers, talk.answer("leave", "withdrawn")), draft=(), ended="")
    return go_on(talk.focused(again), again, leave_costs.lines(talk, one))


def _on(talk: Talk, flow: Flow, kept: Kept) -> Turn:
    """The list again, with what was ticked before; first the day of leaving, where it was never asked."""
    one = contracts.contract(talk.owner, about.contract) if (about := abouts.of_record(kept)) is not None else None
    if one is not None and _asks_day(flow) and "leave" not in kept.answers and leaving_day(
        talk.owner, one, kept, talk.book.calendar
    ).day is None:  # fmt: skip
        return _chosen(talk, flow, kept, one)
    before = _before(talk, flow, kept)
    ticked = tuple(str(item) for item in kept.answers.get(_TICKED) or ())
    again = replace(before, answers=(*before.answers, talk.answer(_TICKED, "withdrawn")), draft=ticked, ended="")
    count = str(kept.result.get("figures", {}).get("open_items", talk.speaker.phrase("not-known")))
    heading = talk.speaker.line("exit-again", "heading", name=kept.subject, count=count)
    return go_on(talk.focused(again), again, [heading])


def _before(talk: Talk, flow: Flow, kept: Kept) -> Conversation:
    """The conversation that led to the list."""
    led = [one for one in talk.owner.conversations.values() if one.flow == flow.id and one.record == kept.number]
    number = talk.owner.next_conversation
    about = str(kept.result.get("about", ""))
    made = Conversation(number=number, flow=flow.id, about=about, answers=prefilled(kept, kept.at), record=kept.number)
    return max(led, key=lambda one: one.number, default=made)


def open_lists(talk: Talk) -> list[Kept]:
    """The latest list of each agency that is left, where something is open."""
    latest = {one.subject: one for one in sorted(talk.owner.records, key=lambda kept: kept.number) if one.kind == EXIT}
    return [one for one in latest.values() if one.result.get("verdict") != "clean"]


def month(talk: Talk, flow: Flow, argument: str) -> Turn | None:
    """The checklist of a contract's month, by "1 2026-05"; None: the dialog begins by itself."""
    number, _, period = argument.partition(" ")
    one = contracts.contract(talk.owner, int(number)) if number.isdigit() else None
    if one is None:
        return None
    about = About(contract=one.number).text()
    given = [talk.answer("month", "given", f"{period}-01")] if len(period) == 7 else []
    return begin(talk, flow, about=about, answers=tuple(given))
