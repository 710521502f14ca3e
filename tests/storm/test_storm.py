"""Small storms: exactly what is expected arrives, in time, and who writes meanwhile does not wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot import command_table
from storage import schema
from storage.engine import open_database, write
from tests.dialogs.loop.loop_desk import stage
from tests.storm import virtual_time
from tests.storm.owners import CHANNEL, Owners, enter
from tests.storm.plan_check import compare
from tests.storm.storm import NOON, Bot, bot, drain, ill_timed, make_ready, wanted
from tests.storm.strict import Limits

#: All start on one day, so that in April all are due; every fifth has night at noon in China.
DUE_AT_ONCE = Owners(count=80, starts=1)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(f"sqlite:///{tmp_path}/storm.db")
    schema.ensure(opened)
    yield opened
    opened.dispose()


def program(engine: Engine, owners: Owners) -> Bot:
    table, _ = command_table.load(CHANNEL)
    return bot(engine, replace(stage().book, library=None), table, owners)


@pytest.mark.parametrize("as_many", [None, 2_000, 200_000])
def test_what_is_planned_is_exactly_what_was_expected(engine: Engine, as_many: int | None) -> None:
    """Every key of four quarters and an ending, at its moment, in an installation of each size."""
    owners = Owners(count=70, as_many=as_many)
    assert enter(engine, owners) == 70 * 15
    assert compare(engine, owners).exact


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ("DELETE FROM reminder WHERE owner = 7 AND period = 'Q3' AND nth = 1", "missing"),
        ("UPDATE reminder SET nth = 4 WHERE owner = 7 AND period = 'Q3' AND nth = 3", "unexpected"),
        ("UPDATE reminder SET due = '2026-10-02 02:00:00.000000' WHERE owner = 7 AND period = 'Q3'", "forbidden"),
        ("UPDATE reminder SET due = datetime(due, '+1 minutes') || '.000000' WHERE owner = 7", "moved"),
    ],
)
def test_a_plan_that_is_not_is_found(engine: Engine, change: str, seen: str) -> None:
    """A comparison that finds nothing proves nothing."""
    owners = Owners(count=10)
    enter(engine, owners)
    write(engine, "apply", lambda connection: connection.execute(text(change)))
    compared = compare(engine, owners)
    assert getattr(compared, seen) > 0
    assert not compared.exact


def test_case_22_who_writes_in_a_storm_is_answered_at_once(engine: Engine) -> None:
    """Each reminder arrives once, replies go first, and a Telegram that counts exactly never says 429."""
    enter(engine, DUE_AT_ONCE)
    made = program(engine, DUE_AT_ONCE)
    assert make_ready(made, NOON) == DUE_AT_ONCE.count
    outcome = drain(made, people=3)
    assert outcome.reminders == wanted(DUE_AT_ONCE, NOON, outcome.ends)
    assert len(outcome.reminders) > DUE_AT_ONCE.count // 2
    assert ill_timed(outcome, DUE_AT_ONCE) == 0
    assert outcome.client.refused == 0
    assert len(outcome.people.waits) > 60
    assert outcome.people.wait_of(0.95) < 2


def test_the_ticks_send_what_is_due_without_help(engine: Engine) -> None:
    """As the program does it where nobody writes."""
    owners = Owners(count=30, starts=1)
    enter(engine, owners)
    outcome = drain(program(engine, owners))
    assert outcome.reminders == wanted(owners, NOON, outcome.ends)
    assert outcome.client.refused == 0


def test_case_22_a_program_that_sends_too_fast_is_found(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its limits are those of the settings: with wider ones Telegram says 429."""
    monkeypatch.setenv("LAMPWISE_LIMIT_SEND", "60/s")
    owners = Owners(count=60, starts=1)
    enter(engine, owners)
    outcome = drain(program(engine, owners))
    assert outcome.client.refused > 0
    assert outcome.reminders == wanted(owners, NOON, outcome.ends)


def test_telegram_counts_exactly() -> None:
    """Thirty in any second, one a chat."""
    limits = Limits()
    assert limits.wait("a", 0.0) == 0
    assert limits.wait("a", 0.999) > 0
    assert all(limits.wait(str(number), 0.5) == 0 for number in range(29))
    assert limits.wait("b", 0.999) > 0
    assert limits.wait("a", 1.0) == 0
    assert limits.wait("b", 1.0) > 0


def test_an_hour_of_virtual_time_takes_none() -> None:
    """Two who wait at the same time wait once."""

    async def wait() -> float:
        await asyncio.gather(asyncio.sleep(3600), asyncio.to_thread(len, ""), asyncio.sleep(1800))
        return asyncio.get_running_loop().time()

    assert virtual_time.run(wait()) == pytest.approx(3600)


@pytest.mark.parametrize("never", [lambda: asyncio.Event().wait(), lambda: asyncio.get_running_loop().create_future()])
def test_a_wait_for_nothing_is_found(never: Callable[[], asyncio.Future[None]]) -> None:
    """It would last for ever."""

    async def wait() -> None:
        await never()

    with pytest.raises(virtual_time.NothingLeft):
        virtual_time.run(wait())
