"""The reminders of one review and of one ending, first to last: on which days, each moved to an allowed one.

Not its job: what is late (`late`), what is to be sent next (`plan`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from scheduler.due import Due, due_at
from scheduler.quarters import ONE_DAY, Quarter, last_day
from scheduler.reminder import UNTOUCHED, Kind, Progress, Reminder, Snooze
from scheduler.rules import Rules
from scheduler.terms import Terms

#: Days after the first reminder of a review.
AFTER = (0, 3, 7)
#: Days before a contract's last day.
BEFORE = (60, 30, 7)
#: Holidays never push two reminders of one thing nearer together than this.
APART = timedelta(days=2)

NONE_SENT: Mapping[int, date] = {}


def review_ladder(
    terms: Terms, quarter: Quarter, rules: Rules, progress: Progress = UNTOUCHED, sent: Mapping[int, date] = NONE_SENT
) -> list[Reminder]:
    """The reminders of a quarter's review; those before a snooze are left out. `sent` are the days of those sent.

    The first is due when the quarter is over, the others so many days after it went out.
    """
    snooze = progress.snoozed.get((quarter.period, "review")) if progress.snoozed else None
    start = _start(terms, quarter, rules, snooze)
    if start is None:
        return []
    nth, first = start
    ladder = [first]
    base = day = sent.get(nth, first.day)
    for later in range(nth + 1, len(AFTER) + 1):
        wished = max(base + timedelta(days=AFTER[later - 1] - AFTER[nth - 1]), day + APART)
        due = due_at(wished, first.hour, terms.timezone, rules)
        ladder.append(due)
        day = sent.get(later, due.day)
    return _numbered(terms, quarter.period, "review", nth, ladder)


def first_due(terms: Terms, quarter: Quarter, rules: Rules) -> Due:
    """When the first reminder of a quarter's review is due, but for a snooze: on the first allowed day after it."""
    hour = rules.hour(terms.remind_at, terms.owner)
    due = due_at(quarter.ends_on + ONE_DAY, hour, terms.timezone, rules)
    for _ in range(rules.spread.days_later(terms.owner)):
        due = due_at(due.day + ONE_DAY, hour, terms.timezone, rules)
    return due


def _start(terms: Terms, quarter: Quarter, rules: Rules, snooze: Snooze | None) -> tuple[int, Due] | None:
    if snooze is None:
        return 1, first_due(terms, quarter, rules)
    if snooze.until is None:
        return None
    hour = rules.hour(terms.remind_at, terms.owner)
    return snooze.after + 1, due_at(snooze.until, hour, terms.timezone, rules)


def ending_ladder(terms: Terms, rules: Rules, progress: Progress = UNTOUCHED) -> list[Reminder]:
    """The reminders before a contract's end, none of them later than so many days before it.

    They move to the allowed day before, since a notice has to be given in time. One that would come before the
    contract's start, or on the day of the one before it, is left out, the rest keep their numbers.
    """
    end = last_day(terms)
    if end is None or end < terms.starts_on:
        return []
    wish = progress.snoozed.get((end.isoformat(), "ending"))
    hour = rules.hour(terms.remind_at, terms.owner)
    found: dict[int, Due] = {}
    for nth, before in enumerate(BEFORE, 1):
        due = due_at(end - timedelta(days=before), hour, terms.timezone, rules, -1)
        if due.day >= terms.starts_on and due.day not in {earlier.day for earlier in found.values()}:
            found[nth] = due
    if wish is not None:
        found = _snoozed(found, wish, due_at(wish.until, hour, terms.timezone, rules) if wish.until else None, end)
    return [
        reminder for nth, due in found.items() for reminder in _numbered(terms, end.isoformat(), "ending", nth, [due])
    ]


def _snoozed(ladder: Mapping[int, Due], wish: Snooze, due: Due | None, end: date) -> dict[int, Due]:
    if due is None or due.day > end:
        return {}
    rest = [later for nth, later in ladder.items() if nth > wish.after and later.day - due.day >= APART]
    return dict(enumerate([due, *rest], wish.after + 1))


def _numbered(terms: Terms, period: str, kind: Kind, first: int, ladder: list[Due]) -> list[Reminder]:
    return [
        Reminder(owner=terms.owner, contract=terms.contract, period=period, kind=kind, nth=nth, due=due)
        for nth, due in enumerate(ladder, first)
    ]
