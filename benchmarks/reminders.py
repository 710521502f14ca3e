"""A million owners' reminders with a virtual clock on SQLite: planned for a year, looked up, and a morning's sent.

    python -m benchmarks.reminders [--owners 1000000]

All that is planned is compared with what was expected, reckoned by `tests/storm/expected.py`, which shares no code with
the program. Then the program was off until a noon in April: what fell due in the meantime goes out by its own ticks,
steps, rounds and limits to a Telegram that counts exactly. About one owner in nine is due. Takes half an hour of the
processor and 5 GB of the disk for a million.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, select

import knowledge
from bot.book import build
from bot.reminders import MOST
from dialogs.compile import SHIPPED
from storage import reminders, schema
from storage.engine import open_database, reading
from storage.tables import REMINDER
from tests.storm.owners import CHANNEL, Owners, enter
from tests.storm.plan_check import compare
from tests.storm.storm import NOON, Bot, Locks, Outcome, bot, drain, ill_timed, wanted

T = TypeVar("T")

#: The goals: seconds to look up a million that are due, milliseconds of a write lock, megabytes.
CLAIM_SECONDS, LOCK_MS, MEMORY_MB = 60.0, 50.0, 300.0
A_MILLION = 1_000_000


def main() -> int:
    """Print the figures; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--owners", type=int, default=A_MILLION)
    owners = Owners(count=parser.parse_args().owners)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/reminders.db")
        schema.ensure(engine)
        met = [planned(engine, owners), sent(engine, owners), looked_up(engine)]
        engine.dispose()
    print(f"at most {memory():.0f} MB in all (goal {MEMORY_MB:.0f})")
    return 0 if all(met) and memory() < MEMORY_MB else 1


def planned(engine: Engine, owners: Owners) -> bool:
    """Every owner enters his contract, and the plans are compared."""
    count = timed(f"{owners.count:,} owners entered and planned", lambda: enter(engine, owners))
    compared = timed(f"{count:,} reminders compared with what was expected", lambda: compare(engine, owners))
    print(f"  {compared}")
    return compared.exact and compared.kept == count


def sent(engine: Engine, owners: Owners) -> bool:
    """All that is due at noon goes out."""
    made = program(engine, owners)
    outcome = timed("what was due was sent", lambda: drain(made))
    told(outcome, owners, made.store.locks)
    return exact(outcome, owners, engine) and made.store.locks.longest() * 1000 < LOCK_MS


def looked_up(engine: Engine) -> bool:
    """A million rows that are due, and as many as are looked up at a tick."""
    now, began = NOON + timedelta(days=400), time.perf_counter()
    timed(f"{MOST} that are due looked up, as at each tick", lambda: reminders.due(engine, CHANNEL, now, MOST))
    before = memory()
    rows = f"{A_MILLION:,} rows that are due looked up (goal {CLAIM_SECONDS:.0f} s)"
    began = time.perf_counter()
    found = timed(rows, lambda: reminders.due(engine, CHANNEL, now, A_MILLION))
    print(f"  of {len(found):,} contracts; nothing is locked; at most {before:.0f} MB before")
    return time.perf_counter() - began < CLAIM_SECONDS


def program(engine: Engine, owners: Owners) -> Bot:
    """The program, as `lampwise serve` is soon after its start."""
    book, table = build(SHIPPED, Path(knowledge.__path__[0]), CHANNEL)
    print(f"{len(book.library.entries) if book.library else 0} entries of the books opened")
    gc.collect()
    gc.freeze()
    return bot(engine, book, table, owners)


def told(outcome: Outcome, owners: Owners, locks: Locks) -> None:
    """What came of it, in some lines."""
    got, want = outcome.reminders, wanted(owners, NOON, outcome.ends)
    print(f"  {sum(got.values()):,} arrived within {outcome.ends - NOON} of virtual time; expected {len(want):,},")
    print(f"  missing {len(want - got)}, unexpected {len(got - want)}, ill-timed {ill_timed(outcome, owners)},"
          f" answers 429 {outcome.client.refused}")  # fmt: skip
    print(f"  {locks.told()}")


def exact(outcome: Outcome, owners: Owners, engine: Engine) -> bool:
    """Exactly what was expected arrived, in time, and is kept as sent."""
    got = outcome.reminders
    kept = select(REMINDER.c.owner, REMINDER.c.period, REMINDER.c.kind, REMINDER.c.nth).where(
        REMINDER.c.state == "sent"
    )
    with reading(engine) as connection:
        noted = Counter((str(owner), (period, kind, nth)) for owner, period, kind, nth in connection.execute(kept))
    sound = got == wanted(owners, NOON, outcome.ends) == noted and not ill_timed(outcome, owners)
    return sound and outcome.client.refused == 0


def timed(what: str, work: Callable[[], T]) -> T:
    """Do it, and print how long it took."""
    clock, processor = time.perf_counter(), time.process_time()
    done = work()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    print(f"{what}: {clock:.1f} s, {processor:.1f} of the processor (load {os.getloadavg()[0]:.1f})", flush=True)
    return done


def memory() -> float:
    """Megabytes at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
