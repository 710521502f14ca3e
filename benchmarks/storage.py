"""How many events a second are taken in and kept, beside raw sqlite3 that writes as many rows with the same safety.

The wall clock counts here, since most of the time is the disk's. In a folder of its own; `TMPDIR` chooses the disk.
"""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.books import NOW, book
from benchmarks.measured import Row, show
from bot.advisor import apology
from dialogs.effects import SendMessage
from dialogs.events import CommandGiven, Event, TextReceived
from dialogs.message import Line, Message
from dialogs.owner import Answer, Conversation, Owner
from dialogs.step import step
from dialogs.talk import Turn
from storage.engine import open_database
from storage.migrate import upgrade
from storage.store import Store

OWNERS = 50
EVENTS = {1: 150, 50: 1500}
ROUNDS = 3

RAW = """
    CREATE TABLE inbox (channel TEXT, event TEXT, raw TEXT, PRIMARY KEY (channel, event));
    CREATE TABLE conversation (owner INTEGER, number INTEGER, answers TEXT, PRIMARY KEY (owner, number));
    CREATE TABLE outbox (id INTEGER PRIMARY KEY, owner INTEGER, body TEXT);
    CREATE TABLE owner (id INTEGER PRIMARY KEY, focus INTEGER);
"""


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        ours = {"the advisor: steps of vet and what follows": _advisor(place), "the store alone: an echo": _echo(place)}
        raw = _raw(place)
        rows: list[Row] = []
        for batch, count in EVENTS.items():
            peer = a_second(raw, batch, count)
            rows += [
                Row(what=f"{what}, {batch} at a time", figure=a_second(take, batch, count), peer=peer)
                for what, take in ours.items()
            ]
    show("storage, synchronous=FULL", "events a second", "raw sqlite3", rows)


_NUMBERS = itertools.count(1)
Take = Callable[[Sequence[Event]], object]


def a_second(take: Take, batch: int, count: int) -> float:
    """Events taken in a second by the clock, in batches of this size; the best of a few rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        batches = list(_batches(batch, count))
        began = time.perf_counter()
        for events in batches:
            take(events)
        best = max(best, count / (time.perf_counter() - began))
    return best


def _batches(batch: int, count: int) -> Iterator[list[Event]]:
    events = (_event(next(_NUMBERS)) for _ in range(count))
    while made := list(itertools.islice(events, batch)):
        yield made


def _event(number: int) -> Event:
    """A text; each owner begins anew from time to time, so that no conversation ends."""
    chat = str(number % OWNERS)
    if number // OWNERS % 12 == 0:
        return CommandGiven(id=str(number), at=NOW, channel="terminal", chat=chat, name="vet")
    return TextReceived(id=str(number), at=NOW, channel="terminal", chat=chat, text="later")


def _advisor(folder: Path) -> Take:
    return _taking(_store(folder / "advisor.db"), partial(step, book()))


def _echo(folder: Path) -> Take:
    return _taking(_store(folder / "echo.db"), _echoed)


def _taking(store: Store, step: Callable[[Owner, Event], Turn]) -> Take:
    return lambda events: store.apply(events, step)


def _echoed(owner: Owner, _event: Event) -> Turn:
    conversation = Conversation(number=1, flow="echo", answers=(Answer(slot="a", how="given", value="b", at=NOW),))
    said = SendMessage(message=Message(lines=(Line(text="b"),)))
    return Turn(owner=replace(owner, focus=1, conversations={1: conversation}), effects=(said,))


def _store(file: Path) -> Store:
    engine = open_database(f"sqlite:///{file}")
    upgrade(engine)
    return Store(engine=engine, apology=partial(apology, book()))


def _raw(folder: Path) -> Take:
    """An inbox row, the conversation, the owner's focus and an outbox row for each event."""
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(RAW)
    return partial(_written, connection)


def _written(connection: sqlite3.Connection, events: Sequence[Event]) -> None:
    body = "x" * 600
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO inbox VALUES (?, ?, ?)", [(one.channel, one.id, "y" * 80) for one in events])
    owners = [int(one.chat) for one in events]
    connection.executemany("REPLACE INTO conversation VALUES (?, 1, ?)", [(owner, body) for owner in owners])
    connection.executemany("REPLACE INTO owner VALUES (?, 1)", [(owner,) for owner in owners])
    connection.executemany("INSERT INTO outbox (owner, body) VALUES (?, ?)", [(owner, body) for owner in owners])
    connection.execute("COMMIT")


if __name__ == "__main__":
    main()
