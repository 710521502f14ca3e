"""The plan as it would unfold if nobody ever answered, for people and programs to look at; nothing is sent or kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from operator import attrgetter

from scheduler.plan import schedule
from scheduler.reminder import Reminder
from scheduler.rules import Rules
from scheduler.terms import Terms

#: So much is planned and sorted at a time, which bounds the memory.
WINDOW = timedelta(days=184)

_order = attrgetter("due.at", "owner", "contract", "period", "kind", "nth")


def dry_run(
    since: datetime, until: datetime, contracts: Iterable[Terms], rules: Rules
) -> Iterator[dict[str, str | int]]:
    """What would be sent from `since` and before `until`, in order of time, ready for JSON.

    `due` is ISO 8601 with the offset of the owner's zone. `contracts` are gone through once for each half year.
    """
    while since < until:
        ends = min(since + WINDOW, until)
        found = [one for terms in contracts for one in schedule(terms, since, ends, rules)]
        found.sort(key=_order)
        yield from map(as_json, found)
        since = ends


def as_json(reminder: Reminder) -> dict[str, str | int]:
    """A reminder as the command line shows it."""
    return {
        "owner": reminder.owner,
        "contract": reminder.contract,
        "period": reminder.period,
        "kind": reminder.kind,
        "nth": reminder.nth,
        "due": reminder.due.local().isoformat(),
    }
