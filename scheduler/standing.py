"""Reminders that come back until something is done: of a hand-over that is not complete, of each month that is over.

Only the next of each is planned. Not its job: reviews and endings (`ladder`, `plan`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dialogs.loop import abouts, contracts
from dialogs.loop.contracts import DUTIES, EXIT, Contract
from dialogs.loop.wishes import ALL, Wishes, wishes
from dialogs.owner import Kept, Owner
from scheduler.due import Due, due_at, soonest
from scheduler.kept import DEFAULT_HOUR, DEFAULT_ZONE, terms_of, zone_of
from scheduler.quarters import ONE_DAY, add_months, last_day
from scheduler.reminder import Kind, Reminder
from scheduler.rules import Rules
from scheduler.terms import Terms

#: Days between two reminders of a hand-over.
BETWEEN = 7
#: "Next quarter", of something that has none.
A_QUARTER = 91


def reminders(owner: Owner, now: datetime, rules: Rules) -> Iterator[Reminder]:
    """The next one of each hand-over that is open, and of each contract's month."""
    for kept in _open_exits(owner):
        yield from _exit(owner, kept, now, rules)
    for contract in contracts.contracts(owner):
        wish = wishes(owner, contract.number)
        terms = terms_of(_name(owner), contract, owner.timezone)
        if wish.duties and not wish.muted and terms is not None:
            yield from _duties(owner, contract, terms, wish, now, rules)


def _open_exits(owner: Owner) -> list[Kept]:
    """The latest list of each agency that is left, where something is open."""
    latest = {one.subject: one for one in sorted(owner.records, key=lambda kept: kept.number) if one.kind == EXIT}
    return [one for one in latest.values() if one.result.get("verdict") == "open"]


def _exit(owner: Owner, kept: Kept, now: datetime, rules: Rules) -> Iterator[Reminder]:
    about = abouts.of_record(kept)
    contract = None if about is None else contracts.contract(owner, about.contract)
    terms = None if contract is None else terms_of(_name(owner), contract, owner.timezone)
    number = ALL if contract is None else contract.number
    wish = wishes(owner, number)
    if wish.muted:
        return
    zone = terms.timezone if terms is not None else zone_of("", owner.timezone or DEFAULT_ZONE)
    hour = rules.hour(terms.remind_at if terms is not None else DEFAULT_HOUR, _name(owner))
    period = f"exit-{kept.number}"
    sent = _sent(wish, period, "exit")
    last = max([kept.at.astimezone(ZoneInfo(zone)).date(), *sent.values()])
    day = _snoozed(wish, period, "exit", len(sent), last) or last + timedelta(days=BETWEEN)
    plain = Reminder(
        owner=_name(owner), contract=number, period=period, kind="exit", nth=len(sent) + 1,
        due=due_at(day, hour, zone, rules),
    )  # fmt: skip
    yield _in_time(plain, now, rules)


def _duties(
    owner: Owner, contract: Contract, terms: Terms, wish: Wishes, now: datetime, rules: Rules
) -> Iterator[Reminder]:
    today = now.astimezone(ZoneInfo(terms.timezone)).date()
    noted = {str(one.answers.get("month"))[:7] for one in contracts.of_kind(owner, DUTIES, contract.number)}
    first = max(add_months(today.replace(day=1), -1), terms.starts_on.replace(day=1))
    for month in (add_months(first, later) for later in range(4)):
        period = month.isoformat()[:7]
        due = due_at(add_months(month, 1), rules.hour(terms.remind_at, terms.owner), terms.timezone, rules)
        over = last_day(terms)
        if (over is not None and month > over) or period in noted or _sent(wish, period, "duties"):
            continue
        if wish.since and due.at < datetime.fromisoformat(wish.since):
            continue
        plain = Reminder(owner=terms.owner, contract=contract.number, period=period, kind="duties", nth=1, due=due)
        yield _in_time(plain, now, rules)


def _in_time(reminder: Reminder, now: datetime, rules: Rules) -> Reminder:
    due = reminder.due
    if due.at >= now:
        return reminder
    late: Due = soonest(now, due.hour, due.zone, rules)
    return replace(reminder, due=late, late=True)


def _sent(wish: Wishes, period: str, kind: Kind) -> dict[int, date]:
    parts = ((name.split("/"), day) for name, day in wish.sent.items())
    return {int(nth): date.fromisoformat(day) for (name, sort, nth), day in parts if (name, sort) == (period, kind)}


def _snoozed(wish: Wishes, period: str, kind: Kind, sent: int, last: date) -> date | None:
    after, until = wish.snoozed.get(f"{period}/{kind}", (-1, None))
    if after != sent:
        return None
    return date.fromisoformat(until) if until is not None else last + timedelta(days=A_QUARTER) + ONE_DAY


def _name(owner: Owner) -> str:
    return f"{owner.channel}:{owner.chat}"
