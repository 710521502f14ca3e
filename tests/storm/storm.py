"""A storm: all that is due of many owners goes out by way of the program's own parts, in virtual time.

The ticks, the rounds, the limits and the sends are those of `lampwise serve`; only Telegram and the clock are not.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Engine

from bot.advisor import apology
from bot.command_table import CommandTable
from bot.given import settings
from bot.reminders import TOGETHER, Reminders
from bot.rounds import Arrival
from bot.serving import Parts, Serving
from bot.texts import own_texts
from dialogs.compile import Book
from dialogs.events import Event
from dialogs.step import step
from scheduler.owners import OwnersCalendar
from scheduler.runner import TICK, due_events
from storage.memory import Memory
from storage.rounds import Round
from storage.store import Applied, Done, Store
from storage.turns import Step
from tests.bot.serving.fake import ME
from tests.storm import virtual_time
from tests.storm.expected import Step as ReminderStep
from tests.storm.expected import expected, may_be_said
from tests.storm.owners import CHANNEL, Owners
from tests.storm.people import People
from tests.storm.strict import StrictClient

T = TypeVar("T")

#: Seconds: what a transaction that writes should never take.
LONG = 0.05
#: A Tuesday noon in China: the program was off since New Year, and what fell due since then goes out now.
NOON = datetime(2026, 4, 14, 4, tzinfo=UTC)


@dataclass(slots=True)
class Locks:
    """How long each transaction that writes took, in seconds by the clock and of the processor."""

    clock: list[float] = field(default_factory=list[float])
    processor: list[float] = field(default_factory=list[float])

    @contextmanager
    def held(self) -> Iterator[None]:
        """From its beginning to its end."""
        clock, processor = time.perf_counter(), time.thread_time()
        yield
        self.clock.append(time.perf_counter() - clock)
        self.processor.append(time.thread_time() - processor)

    def longest(self) -> float:
        """Seconds by the clock."""
        return max(self.clock)

    def told(self) -> str:
        """In one line."""
        clock, over = sorted(self.clock), sum(one > LONG for one in self.clock)
        return (
            f"{len(clock):,} transactions: {sum(clock) / len(clock) * 1000:.1f} ms on average, 999 of 1,000 within "
            f"{clock[int(len(clock) * 0.999)] * 1000:.0f}, the longest {clock[-1] * 1000:.0f} by the clock and "
            f"{max(self.processor) * 1000:.0f} of the processor; {over} over {LONG * 1000:.0f}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedStore(Store):
    """The store, with a watch on its transactions."""

    locks: Locks = field(default_factory=Locks)

    def apply(self, events: Sequence[Event], step: Step) -> Applied:
        """As the store does."""
        with self.locks.held():
            return Store.apply(self, events, step)

    def round(self, work: Round, step: Step, memory: Memory) -> Done:
        """As the store does."""
        with self.locks.held():
            return Store.round(self, work, step, memory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """What the program is made of here: `book` with the calendar of the installation, and the store."""

    book: Book
    table: CommandTable
    store: TimedStore


def bot(engine: Engine, book: Book, table: CommandTable, owners: Owners) -> Bot:
    """A program for these owners on this database."""
    calendar = OwnersCalendar(spread=owners.spread)
    book = replace(book, calendar=calendar)
    store = TimedStore(engine=engine, apology=partial(apology, book), planner=calendar.rows)
    return Bot(book=book, table=table, store=store)


def make_ready(bot: Bot, now: datetime) -> int:
    """Have everything that is due made into messages that wait in their lane; how many contracts were looked at."""
    looked_at = 0
    while events := due_events(bot.store, CHANNEL, now, 600):
        for first in range(0, len(events), TOGETHER):
            bot.store.apply(events[first : first + TOGETHER], partial(step, bot.book))
        looked_at += len(events)
    return looked_at


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What was seen from outside; `ends` is the moment at which nothing was left to send."""

    client: StrictClient
    people: People
    ends: datetime

    @property
    def reminders(self) -> Counter[tuple[str, ReminderStep]]:
        """How often each arrived, by chat."""
        return Counter((one.chat, one.step) for one in self.client.arrived if one.step is not None)


def drain(
    bot: Bot, people: float = 0.0, working: Callable[[], float] = lambda: 0.0, begins: datetime = NOON
) -> Outcome:
    """Send until nothing waits and nothing is due, while people write so many messages a second."""
    return virtual_time.run(_drain(bot, people, begins), working)


async def _drain(bot: Bot, people: float, begins: datetime) -> Outcome:
    loop = asyncio.get_running_loop()
    began = loop.time()
    client = StrictClient(began=began)
    serving = Serving(_parts(bot, client, lambda: begins + timedelta(seconds=loop.time() - began)), ME)
    writers = People(serving, client, people)
    tasks = [asyncio.create_task(serving.rounds.run()), *([asyncio.create_task(writers.write())] if people else [])]
    await _ticks(serving)
    ends = serving.parts.clock()
    for task in reversed(tasks):
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await serving.drain()
    return Outcome(client=client, people=writers, ends=ends)


async def _ticks(serving: Serving) -> None:
    """As the runner of `lampwise serve` does, but for its clock."""
    parts, rounds = serving.parts, serving.rounds
    reminders = Reminders(
        store=parts.store, channel=CHANNEL, clock=parts.clock,
        offer=lambda events: rounds.offer([Arrival(event=one) for one in events]),
    )  # fmt: skip
    while True:
        await reminders.tick()
        await asyncio.sleep(TICK.total_seconds())
        if parts.store.backlog(CHANNEL, parts.clock()).depth == 0 and not due_events(
            parts.store, CHANNEL, parts.clock(), 1
        ):
            return


def _parts(bot: Bot, client: StrictClient, clock: Callable[[], datetime]) -> Parts:
    return Parts(
        settings=settings(), book=bot.book, table=bot.table, texts=own_texts("gateways/telegram.yaml"), store=bot.store,
        client=client, clock=clock,
    )  # fmt: skip


def ill_timed(outcome: Outcome, owners: Owners, begins: datetime = NOON) -> int:
    """How many reminders arrived on a day off or at a quiet hour of their owner."""
    moments = {int(one.chat): begins + timedelta(seconds=one.at) for one in outcome.client.arrived if one.step}
    return sum(not may_be_said(at, owners.signed(number).zone) for number, at in moments.items())


def wanted(owners: Owners, begins: datetime, ends: datetime) -> Counter[tuple[str, ReminderStep]]:
    """What is to arrive, each once, where nothing was sent before: of the last thing due, the first reminder."""
    found: Counter[tuple[str, ReminderStep]] = Counter()
    for signed in owners:
        due = [one for one in expected(signed) if one.at <= ends and one.step[1:] == ("review", 1)]
        if due and (may_be_said(begins, signed.zone) or due[-1].at >= begins):
            found[signed.owner.partition(":")[2], due[-1].step] += 1
    return found
