"""Words a reminder, keeps that it went out, and takes what its buttons ask for: snooze, mute, weeks without any.

Not its job: when reminders are due (`scheduler`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from dialogs import presses
from dialogs.effects import CancelReminders, Effect, PlanReminders, Record, SendMessage
from dialogs.kinds import stretches
from dialogs.loop import abouts, contracts, quarter_names
from dialogs.loop.calendar import Date
from dialogs.loop.contracts import Contract
from dialogs.loop.wishes import ALL, Wishes, key, stretch, stretch_of, wishes
from dialogs.message import Button, Line, Message
from dialogs.offers.vetted import as_kept
from dialogs.owner import Kept, Owner
from dialogs.talk import Talk, Turn

#: What /remind shows.
NEXT = 8
#: Days that a snooze lasts; a quarter has none: then the period's reminders end.
SNOOZES = {"day": 1, "week": 7, "quarter": None}
#: A dialog for each sort of reminder.
_STARTS = {"review": "review", "ending": "review", "exit": "exit", "duties": "collaborate"}


def fall_due(talk: Talk, contract: int) -> Turn:
    """The time has come: what is still wanted goes out, in the lane of reminders; the rest is planned anew."""
    dates = [one for one in talk.book.calendar.due(talk.owner, talk.at) if one.contract == contract]
    messages = [SendMessage(message=worded(talk, one), lane="reminder") for one in dates]
    return Turn(owner=talk.owner, effects=(*messages, *sent(talk, dates)))


def sent(talk: Talk, dates: Sequence[Date]) -> tuple[Effect, ...]:
    """What keeps that these were told today."""
    changed: dict[int, Wishes] = {}
    for one in dates:
        before = changed.get(one.contract) or wishes(talk.owner, one.contract)
        day = talk.at.astimezone(one.at.tzinfo).date().isoformat()
        changed[one.contract] = before.with_sent(key(one.period, one.kind, one.nth), day)
    told = tuple(replace(one, at=talk.at.astimezone(one.at.tzinfo)) for one in dates)
    return (*(wish.record() for wish in changed.values()), PlanReminders(sent=told))


def unheard(talk: Talk, contract: int, day: date) -> Turn:
    """What was made on this day reached nobody: it counts as not said, so that he hears of it when he is back."""
    before = wishes(talk.owner, contract)
    after = before.without_sent(day)
    return talk.turn(effects=() if after == before else (after.record(),))


def missed_meanwhile(talk: Talk) -> tuple[tuple[Message, ...], tuple[Effect, ...]]:
    """What fell due while the owner was away, and what keeps that he was told."""
    dates = talk.book.calendar.fell_due(talk.owner, talk.at)
    if not dates:
        return (), ()
    return tuple(_by_command(talk, one) for one in dates), sent(talk, dates)


def _by_command(talk: Talk, one: Date) -> Message:
    """With the command of its first button: not every channel keeps the buttons of earlier messages."""
    message = worded(talk, one)
    line = talk.speaker.line("remind-typed", "quiet", command=f"/{_STARTS[one.kind]} {_start(one)}")
    return replace(message, lines=(*message.lines, line))


def worded(talk: Talk, one: Date) -> Message:
    """Which contract, which quarter, why now, and what can be done about it."""
    contract = contracts.contract(talk.owner, one.contract)
    lines = {"review": _review, "ending": _ending, "exit": _exit, "duties": _duties}[one.kind](talk, contract, one)
    return Message(lines=tuple(lines), buttons=_buttons(talk, one), numbered=True)


def _review(talk: Talk, contract: Contract | None, one: Date) -> Iterable[Line]:
    speaker = talk.speaker
    quarter = quarter_names.quarter(speaker, contract, one.period)
    yield speaker.line("remind-review", "heading", name=_name(talk, one, contract), quarter=quarter)
    yield speaker.line(f"remind-review-{one.nth}")
    missed = [period for period in talk.book.calendar.missed(talk.owner, one.contract, talk.at) if period != one.period]
    if missed:
        names = [quarter_names.short(speaker, period) for period in missed]
        yield speaker.line("remind-missed", "plain", quarters=speaker.phrase("and-list").join(names))


def _ending(talk: Talk, contract: Contract | None, one: Date) -> Iterable[Line]:
    speaker = talk.speaker
    last = None if contract is None else talk.book.calendar.ends_on(contract)
    days = speaker.phrase("not-known") if last is None else quarter_names.days_until(last, speaker.today)
    yield speaker.line("remind-ending", "heading", name=_name(talk, one, contract), day=one.period, days=days)
    yield speaker.line(f"remind-ending-{min(one.nth, 3)}")


def _exit(talk: Talk, contract: Contract | None, one: Date) -> Iterable[Line]:
    kept = _exit_record(talk.owner, one)
    name = _name(talk, one, contract) if kept is None else kept.subject
    found = None if kept is None else kept.result.get("figures", {}).get("open_items")
    count = talk.speaker.phrase("not-known") if found is None else str(found)
    yield talk.speaker.line("remind-exit", "heading", name=name)
    yield talk.speaker.line("remind-exit-why", "plain", count=count)


def _duties(talk: Talk, contract: Contract | None, one: Date) -> Iterable[Line]:
    month = quarter_names.month(talk.speaker, one.period)
    yield talk.speaker.line("remind-duties", "heading", name=_name(talk, one, contract), month=month)
    yield talk.speaker.line("remind-duties-why")


def _exit_record(owner: Owner, one: Date) -> Kept | None:
    return next((kept for kept in owner.records if kept.kind == "exit" and f"exit-{kept.number}" == one.period), None)


def _name(talk: Talk, one: Date, contract: Contract | None) -> str:
    """A contract that is gone is called by its number."""
    return talk.speaker.phrase("contract-nameless", number=str(one.contract)) if contract is None else contract.name


def _buttons(talk: Talk, one: Date) -> tuple[tuple[Button, ...], ...]:
    speaker = talk.speaker
    named = f"{one.contract} {one.period} {one.kind} {one.nth}"
    rows = [
        Button(label=speaker.phrase(f"act-start-{one.kind}"), press=presses.command(_STARTS[one.kind], _start(one)))
    ]
    rows += [
        Button(label=speaker.phrase(f"act-snooze-{wish}"), press=presses.command("remind", f"{wish} {named}"))
        for wish in SNOOZES
    ]
    rows.append(Button(label=speaker.phrase("act-mute"), press=presses.command("remind", f"mute {one.contract}")))
    return tuple((button,) for button in rows)


def _start(one: Date) -> str:
    """What the dialog is told to begin with."""
    return {"ending": f"{one.contract}", "exit": f"={one.period}"}.get(one.kind, f"{one.contract} {one.period}")


def remind(talk: Talk, argument: str = "") -> Turn:
    """The next dates; or what a button asked for: "day 1 Q2 review 1", "mute 1", "unmute 1", "free double-eleven"."""
    act, *rest = argument.split() or [""]
    if act in SNOOZES and len(rest) == 4:
        return _snooze(talk, act, rest)
    if act in ("mute", "unmute", "duties", "no-duties") and len(rest) == 1 and rest[0].isdigit():
        return _switch(talk, act, int(rest[0]))
    if act in ("free", "not-free") and len(rest) == 1:
        return _free(talk, act, rest[0])
    days = stretches.find(argument, talk.speaker.today) if argument else None
    return dates(talk) if days is None else _free(talk, "free", stretch(*days))


def dates(talk: Talk, *before: Line) -> Turn:
    """The next dates of all contracts, each in a line; and the switches."""
    speaker = talk.speaker
    found = talk.book.calendar.upcoming(talk.owner, talk.at, NEXT)
    none = "remind-no-more" if contracts.contracts(talk.owner) else "remind-none"
    lines = [*before, speaker.line("remind-heading", "heading") if found else speaker.line(none)]
    lines += [Line(text=_line(talk, one), style="item") for one in found]
    unknown = next((one.at.year for one in found if one.stale), None)
    lines += [speaker.line("remind-own-weeks", "quiet")] if found else []
    lines += [] if unknown is None else [speaker.line("remind-stale", "quiet", year=str(unknown))]
    return talk.turn(Message(lines=tuple(lines), buttons=_switches(talk), numbered=True))


def heading(talk: Talk, one: Date) -> str:
    """What the reminder is about, in some words."""
    speaker, contract = talk.speaker, contracts.contract(talk.owner, one.contract)
    kept = _exit_record(talk.owner, one)
    name = kept.subject if kept is not None else _name(talk, one, contract)
    period = quarter_names.short(speaker, one.period) if one.kind == "review" else one.period
    period = quarter_names.month(speaker, period) if one.kind == "duties" else period
    return speaker.phrase(f"remind-line-{one.kind}", name=name, period=period)


def _line(talk: Talk, one: Date) -> str:
    weekday = talk.speaker.phrase(f"weekday-{one.at.weekday() + 1}")
    when = talk.speaker.phrase("remind-when", day=one.at.date().isoformat(), weekday=weekday, hour=f"{one.at:%H:%M}")
    return talk.speaker.phrase("remind-line", when=when, what=heading(talk, one))


def _switches(talk: Talk) -> tuple[tuple[Button, ...], ...]:
    speaker, rows = talk.speaker, list[Button]()
    listed = contracts.contracts(talk.owner)
    for number, name in _mutable(talk, listed):
        act = "unmute" if wishes(talk.owner, number).muted else "mute"
        label = speaker.phrase(f"act-{act}-one", name=name)
        rows.append(Button(label=label, press=presses.command("remind", f"{act} {number}")))
    kept_free = wishes(talk.owner, ALL).blackouts
    own = [name for name in kept_free if (days := stretch_of(name)) is not None and days[1] >= speaker.today]
    for name in (*talk.book.calendar.blackouts(), *own) if listed else ():
        act = "not-free" if name in kept_free else "free"
        label = speaker.phrase(f"act-{act}", weeks=_weeks(talk, name))
        rows.append(Button(label=label, press=presses.command("remind", f"{act} {name}")))
    if listed:
        rows.append(Button(label=speaker.phrase("act-calendar"), press=presses.command("document", _calendar(listed))))
    return tuple((button,) for button in rows)


def _mutable(talk: Talk, listed: Sequence[Contract]) -> Iterable[tuple[int, str]]:
    """The contracts, and what belongs to none where there is such a thing."""
    yield from ((one.number, one.name) for one in listed)
    if any(kept.kind == "exit" and abouts.of_record(kept) is None for kept in talk.owner.records):
        yield ALL, talk.speaker.phrase("all-but-contracts")


def _calendar(listed: Sequence[Contract]) -> str:
    return " ".join(("calendar", contracts.CONTRACT, *(str(one.number) for one in listed[-8:])))


def _snooze(talk: Talk, act: str, rest: Sequence[str]) -> Turn:
    number, period, kind, nth = rest
    if not (number.isdigit() and nth.isdigit()):
        return dates(talk)
    wish = wishes(talk.owner, int(number))
    name, days = f"{period}/{kind}", SNOOZES[act]
    if name in wish.snoozed and wish.snoozed[name][0] >= int(nth):
        return talk.say("snooze-already")
    until = None if days is None else (talk.speaker.today + timedelta(days=days)).isoformat()
    changed = replace(wish, snoozed={**wish.snoozed, name: (int(nth), until)})
    line = talk.speaker.line("snoozed-period" if until is None else "snoozed", "plain", day=until or "")
    return _kept(talk, changed, line)


def _switch(talk: Talk, act: str, number: int) -> Turn:
    contract = contracts.contract(talk.owner, number)
    if contract is None and number != ALL:
        return talk.say("contract-gone")
    before = wishes(talk.owner, number)
    if act in ("mute", "unmute"):
        since = talk.at.isoformat() if act == "unmute" and before.muted else before.since
        changed = replace(before, muted=act == "mute", since=since)
    else:
        changed = replace(before, duties=act == "duties")
    name = talk.speaker.phrase("all-but-contracts") if contract is None else contract.name
    return _kept(talk, changed, talk.speaker.line(f"done-{act}", "plain", name=name))


def _free(talk: Talk, act: str, name: str) -> Turn:
    if name not in talk.book.calendar.blackouts() and stretch_of(name) is None:
        return talk.say("button-expired")
    before = wishes(talk.owner, ALL)
    others = tuple(one for one in before.blackouts if one != name)
    changed = replace(before, blackouts=(*others, name) if act == "free" else others)
    return _kept(talk, changed, talk.speaker.line(f"done-{act}", "plain", weeks=_weeks(talk, name)))


def _weeks(talk: Talk, name: str) -> str:
    days = stretch_of(name)
    if days is None:
        return talk.speaker.phrase(f"weeks-{name}")
    return talk.speaker.phrase("weeks-own", first=days[0].isoformat(), last=days[1].isoformat())


def _kept(talk: Talk, wish: Wishes, line: Line) -> Turn:
    """Keep the wish, drop what waits to be said against it, and say the next dates."""
    record = wish.record()
    here = replace(talk, owner=with_record(talk, record))
    turn = dates(here, line)
    cancels = () if wish.contract == ALL else (CancelReminders(contract=wish.contract),)
    return replace(turn, owner=talk.owner, effects=(record, *cancels, PlanReminders(), *turn.effects))


def with_record(talk: Talk, record: Record) -> Owner:
    """The owner as he will be once the record is kept."""
    kept = as_kept(record, talk.at)
    others = [one for one in talk.owner.records if (one.kind, one.number) != (record.kind, record.number)]
    return replace(talk.owner, records=(*others, kept))
