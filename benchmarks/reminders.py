"""A storm of reminders on SQLite with a virtual clock: planned for a year, a million taken up, some dispatched.

    python -m benchmarks.reminders [--owners 1000000] [--dispatched 100000]

Checks that there is exactly the key of every quarter, none on a day off or at a quiet hour; says how long it
takes to take up what is due, how long the write lock is held at most, and how much memory is used.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, func, insert, select

import knowledge
from bot.advisor import apology
from bot.book import build
from bot.reminders import MOST, TOGETHER
from dialogs.compile import SHIPPED
from dialogs.step import step
from scheduler.due import moment
from scheduler.made_up import MadeUpContracts
from scheduler.owners import OwnersCalendar
from scheduler.plan import schedule
from scheduler.rules import Rules, spread_for
from scheduler.runner import due_events
from scheduler.terms import Terms
from storage import reminders, schema
from storage.engine import open_database, write
from storage.store import Store
from storage.tables import ADDRESS, OUTBOX, OWNER, RECORD, REMINDER

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = datetime(2027, 1, 1, tzinfo=UTC)
BATCH = 20_000
MOST_DUE, PAGE = 1_000_000, MOST
#: The goals: seconds to take up what is due, milliseconds of a write lock, megabytes.
CLAIM_SECONDS, LOCK_MS, MEMORY_MB = 60.0, 50.0, 300.0
CHANNEL = "telegram"


def contracts(owners: int) -> Iterator[Terms]:
    """One contract an owner, all of them long enough for four quarters in the year."""
    for number, terms in enumerate(islice(MadeUpContracts(owners=owners * 2, around=date(2026, 1, 1)), owners), 1):
        started = date(2025, 9, 1) + timedelta(days=number % 90)
        yield Terms(
            owner=f"{CHANNEL}:{number}", contract=1, starts_on=started, term_months=24, timezone=terms.timezone,
            remind_at=terms.remind_at,
        )  # fmt: skip


def rows(terms: Terms, number: int, rules: Rules) -> Iterator[dict[str, Any]]:
    """The first reminder of each quarter that is over within the year."""
    for one in schedule(terms, BEGINS, ENDS, rules):
        if one.kind == "review" and one.nth == 1:
            yield {
                "owner": number, "contract": 1, "period": one.period, "kind": one.kind, "nth": one.nth,
                "day": one.due.day.isoformat(), "hour": one.due.hour.isoformat("minutes"), "zone": one.due.zone,
                "due": one.due.at, "state": "planned", "sent_on": None,
            }  # fmt: skip


def fill(connection: Connection, batch: Iterable[tuple[int, Terms]], rules: Rules) -> int:
    """Keep these owners with their plan; how many rows."""
    listed = list(batch)
    at = BEGINS
    connection.execute(insert(OWNER), [
        {"id": n, "language": "zh-Hans", "timezone": t.timezone, "focus": 0, "privacy_shown": True, "created_at": at}
        for n, t in listed
    ])  # fmt: skip
    connection.execute(insert(ADDRESS), [{"channel": CHANNEL, "chat": str(n), "owner": n} for n, _ in listed])
    planned = [row for number, terms in listed for row in rows(terms, number, rules)]
    connection.execute(insert(REMINDER), planned)
    give_contracts(connection, listed)
    return len(planned)


def batches(owners: int) -> Iterator[list[tuple[int, Terms]]]:
    """The owners, some at a time."""
    numbered = enumerate(contracts(owners), 1)
    while batch := list(islice(numbered, BATCH)):
        yield batch


def wrong(connection: Connection, rules: Rules) -> int:
    """Rows on a day that is not allowed, at a quiet hour, or at another moment than their day and hour mean."""
    found = 0
    for day, hour, zone, due in connection.execute(
        select(REMINDER.c.day, REMINDER.c.hour, REMINDER.c.zone, REMINDER.c.due).distinct()
    ):
        local = due.astimezone(ZoneInfo(zone))
        meant = moment(date.fromisoformat(day), local.time().fromisoformat(hour), zone)
        allowed = rules.allows(local.date()) and not rules.quiet.covers(local.time())
        found += not allowed or meant != due
    return found


def take_up(engine: Engine, now: datetime, most: int) -> tuple[int, float]:
    """Look up what is due: how many contracts, and seconds."""
    began = perf_counter()
    return len(reminders.due(engine, CHANNEL, now, most)), perf_counter() - began


def give_contracts(connection: Connection, numbered: Iterable[tuple[int, Terms]]) -> None:
    """What the steps of these owners look at."""
    connection.execute(insert(RECORD), [
        {
            "owner": number, "kind": "contract", "number": 1, "subject": "x", "flow_hash": "", "at": BEGINS,
            "answers": json.dumps({
                "agency": "x", "starts_on": terms.starts_on.isoformat(), "term_months": "24",
                "timezone": terms.timezone, "remind_at": terms.remind_at.isoformat("minutes"), "quarters": "contract",
            }),
            "result": "{}",
        }
        for number, terms in numbered
    ])  # fmt: skip


def dispatch(store: Store, now: datetime, wanted: int, taken: partial[Any]) -> tuple[int, float, float]:
    """Have the steps make the messages: how many, seconds, the longest transaction in milliseconds."""
    began, made, longest = perf_counter(), 0, 0.0
    while made < wanted:
        events = due_events(store, CHANNEL, now, min(TOGETHER, wanted - made))
        if not events:
            break
        before = perf_counter()
        made += len(store.apply(events, taken).taken)
        longest = max(longest, perf_counter() - before)
    return made, perf_counter() - began, longest * 1000


def main() -> int:
    """Print the figures; 1 where a goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--owners", type=int, default=1_000_000)
    parser.add_argument("--dispatched", type=int, default=100_000)
    given = parser.parse_args()
    rules = Rules(spread=spread_for(given.owners))
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/reminders.db")
        schema.ensure(engine)
        began, planned = perf_counter(), 0
        for batch in batches(given.owners):
            planned += write(engine, "fill", partial(fill, batch=batch, rules=rules))
        print(f"planned {planned:,} reminders of {given.owners:,} owners in {perf_counter() - began:.1f} s")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with engine.connect() as connection:
            amiss = wrong(connection, rules)
            keys = connection.execute(select(func.count()).select_from(REMINDER)).scalar_one()
        print(f"keys {keys:,}, of them on a day off, at a quiet hour or moved: {amiss}")
        now = datetime(2026, 6, 30, 4, tzinfo=UTC)
        tick, quick = take_up(engine, now, PAGE)
        found, seconds = take_up(engine, now, MOST_DUE)
        print(f"{tick:,} of those due in {quick * 1000:.0f} ms, {found:,} in {seconds:.1f} s; {memory:.0f} MB")
        ok, longest = _dispatched(engine, now, given.dispatched, given.owners)
        engine.dispose()
    met = seconds < CLAIM_SECONDS and longest < LOCK_MS and memory < MEMORY_MB
    return 0 if ok and met and amiss == 0 and keys == planned else 1


def _dispatched(engine: Engine, now: datetime, wanted: int, owners: int) -> tuple[bool, float]:
    book, _ = build(SHIPPED, Path(knowledge.__path__[0]), CHANNEL)
    calendar = OwnersCalendar(spread=spread_for(owners))
    store = Store(engine=engine, apology=partial(apology, book), planner=calendar.rows)
    made, seconds, longest = dispatch(store, now, wanted, partial(step, book))
    said = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.lane == "reminder")
    gone = select(func.count()).select_from(REMINDER).where(REMINDER.c.state == "sent")
    with engine.connect() as connection:
        messages, sent = connection.execute(said).scalar_one(), connection.execute(gone).scalar_one()
    each = seconds / max(1, made) * 1000
    print(f"dispatched {made:,} in {seconds:.1f} s, {each:.2f} ms each, the longest write lock {longest:.0f} ms")
    print(f"messages {messages:,}, sent {sent:,}")
    return messages == sent, longest


if __name__ == "__main__":
    sys.exit(main())
