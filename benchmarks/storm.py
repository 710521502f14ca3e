"""People write while the reminders of 100,000 owners wait in their lane: how long they wait for an answer.

    python -m benchmarks.storm [--waiting 100000] [--people 5]

The limits, the sends and the rounds are the program's own, in virtual time: waits take none, and what the processor
needs counts. The Telegram counts exactly: at most 30 messages in any second and one a chat, else it answers 429. Takes
a quarter of an hour of the processor.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time

from benchmarks.reminders import LOCK_MS, exact, memory, program, timed, told
from bot.reminders import TOGETHER
from storage import schema
from storage.engine import open_database
from tests.storm.owners import Owners, enter
from tests.storm.storm import NOON, Locks, drain, make_ready

#: Seconds within which 95 and 99 of a hundred are to be answered.
P95, P99 = 2.0, 5.0


def main() -> int:
    """Print the figures; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--waiting", type=int, default=100_000, help="reminders that wait in their lane")
    parser.add_argument("--people", type=float, default=5.0, help="messages that people write in a second")
    given = parser.parse_args()
    # At noon in China every fifth owner has night.
    owners = Owners(count=given.waiting * 5 // 4, starts=1, as_many=1)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/storm.db")
        schema.ensure(engine)
        enter(engine, owners)
        made = program(engine, owners)
        timed(f"made ready, {TOGETHER} in a transaction", lambda: make_ready(made, NOON))
        locks = Locks(clock=[*made.store.locks.clock], processor=[*made.store.locks.processor])
        print(f"  {locks.told()}")
        outcome = timed("sent while people write", lambda: drain(made, given.people, time.process_time))
        # What is compared afterwards does not count.
        most = memory()
        told(outcome, owners, made.store.locks)
        waits = outcome.people
        shares = ", ".join(f"{share:.0%} within {waits.wait_of(share):.2f} s" for share in (0.5, 0.95, 0.99, 1.0))
        print(f"  {len(waits.waits):,} messages of people answered: {shares}; not answered {len(waits.asked)}")
        print(f"  at most {most:.0f} MB")
        sound = exact(outcome, owners, engine) and waits.wait_of(0.95) < P95 and waits.wait_of(0.99) < P99
        engine.dispose()
    return 0 if sound and locks.longest() * 1000 < LOCK_MS else 1


if __name__ == "__main__":
    sys.exit(main())
