"""Leases on a PostgreSQL server: held by one, renewed, lost, had again; what is written without one comes to nothing.

The database's clock cannot be moved, so the row's end is: that 20 seconds have passed is that it ended 20 seconds ago.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection, Engine, insert, select, text

from storage import leases, locks, making
from storage.address import parse
from storage.engine import open_database, reading, write
from storage.errors import AlreadyRunning, LeaseLost
from storage.leases import LENGTH, MARGIN, Lease
from storage.server_engine import connected
from storage.tables import INSTALLATION
from tests.storage.server import Server


@dataclass
class Machine:
    """Programs that share a database, their clock, and what was told of their leases."""

    engine: Engine
    now: float = 1000.0
    told: list[str] = field(default_factory=list[str])

    def lease(self, holder: str, name: str = "serve") -> Lease:
        return Lease(self.engine, name, holder, lambda action, _code: self.told.append(action), lambda: self.now)

    def sleep(self, seconds: float) -> None:
        """For all programs and the database."""
        self.now += seconds
        with self.engine.begin() as connection:
            connection.execute(text("UPDATE lease SET until = until - :gone * interval '1 second'"), {"gone": seconds})


@pytest.fixture
def machine(server_url: str) -> Iterator[Machine]:
    engine = connected(parse(server_url))
    making.make(engine)
    yield Machine(engine)
    engine.dispose()


def keep(engine: Engine, name: str) -> None:
    write(engine, "test", lambda one: one.execute(insert(INSTALLATION).values(name=name, value="")))


def kept(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(INSTALLATION.c.name).order_by(INSTALLATION.c.name)).scalars())


def test_a_lease_has_one_holder_and_is_renewed_by_it_alone(machine: Machine) -> None:
    ours, theirs = machine.lease("ours"), machine.lease("theirs")
    assert ours.take()
    assert not theirs.take()
    assert ours.holds()
    assert not theirs.holds()
    for _ in range(4):
        machine.sleep(5)
        assert ours.take()
    assert not theirs.take()
    assert ours.epoch == 1
    assert machine.lease("theirs", "terminal:wang").take()


def test_who_does_not_renew_holds_nothing_before_another_can_have_it(machine: Machine) -> None:
    ours, theirs = machine.lease("ours"), machine.lease("theirs")
    assert ours.take()
    machine.sleep(LENGTH - MARGIN)
    assert not ours.holds()
    assert not theirs.take()
    machine.sleep(MARGIN)
    assert theirs.take()
    assert theirs.epoch == 2


def test_case_24_who_slept_through_its_lease_writes_nothing(machine: Machine) -> None:
    """Whatever it believes when it wakes: the epoch has risen."""
    ours, theirs = machine.lease("ours"), machine.lease("theirs")
    assert ours.take()
    mine = ours.fenced(machine.engine)
    keep(mine, "before")
    machine.sleep(20)
    assert theirs.take()
    keep(theirs.fenced(machine.engine), "theirs")
    machine.now -= 20
    assert ours.holds()
    with pytest.raises(LeaseLost):
        keep(mine, "too late")
    assert not ours.holds()
    assert kept(machine.engine) == ["before", "theirs"]


def test_case_24_a_write_that_was_begun_before_is_rolled_back(machine: Machine) -> None:
    """Somebody takes over in the middle of a transaction."""
    ours, theirs = machine.lease("ours"), machine.lease("theirs")
    assert ours.take()

    def slow(connection: Connection) -> None:
        connection.execute(insert(INSTALLATION).values(name="half", value=""))
        machine.sleep(20)
        assert theirs.take()

    with pytest.raises(LeaseLost):
        write(ours.fenced(machine.engine), "test", slow)
    assert kept(machine.engine) == []


def test_who_was_only_late_takes_it_again_and_writes(machine: Machine) -> None:
    ours = machine.lease("ours")
    assert ours.take()
    machine.sleep(20)
    keep(ours.fenced(machine.engine), "after all")
    assert ours.holds()
    assert ours.epoch == 1


def test_who_had_it_again_after_another_begins_anew(machine: Machine) -> None:
    """The write that was under way does not count; the next one does."""
    ours, theirs = machine.lease("ours"), machine.lease("theirs")
    assert ours.take()
    machine.sleep(20)
    assert theirs.take()
    theirs.give_back()
    with pytest.raises(LeaseLost):
        keep(ours.fenced(machine.engine), "of the former epoch")
    assert ours.epoch == 3
    keep(ours.fenced(machine.engine), "of the new one")
    assert kept(machine.engine) == ["of the new one"]


def test_a_clean_end_gives_it_back_at_once(machine: Machine) -> None:
    ours, theirs = machine.lease("ours"), machine.lease("theirs")
    assert ours.take()
    ours.give_back()
    assert not ours.holds()
    assert theirs.take()


def test_a_start_waits_for_the_end_of_a_killed_program_and_says_so(machine: Machine) -> None:
    assert machine.lease("killed").take()
    begun = machine.now
    ours = machine.lease("ours")
    leases.first(ours, "serve", lambda action, _code: machine.told.append(action), machine.sleep)
    assert ours.holds()
    assert machine.now - begun <= 15
    assert machine.told == ["lease-awaited"]


def test_a_start_beside_a_living_program_is_refused(machine: Machine) -> None:
    living = machine.lease("living")
    assert living.take()
    begun = machine.now

    def sleep(seconds: float) -> None:
        machine.sleep(seconds)
        if (machine.now - begun) % 5 == 0:
            assert living.take()

    with pytest.raises(AlreadyRunning, match="serve"):
        leases.first(machine.lease("second"), "serve", lambda *_: None, sleep)
    assert machine.now - begun <= 6


class Passing(Event):
    """Where a program waits, `passes` lets that time pass; then one of `then` happens, and after the last the end."""

    def __init__(self, passes: Callable[[float], None], *then: Callable[[], None]) -> None:
        super().__init__()
        self._passes, self._then = passes, list(then)

    def wait(self, timeout: float | None = None) -> bool:
        self._passes(timeout or 0.0)
        if not self._then:
            return True
        self._then.pop(0)()
        return False


def nothing() -> None:
    pass


def test_a_lost_lease_is_told_and_had_again(machine: Machine) -> None:
    ours, theirs = machine.lease("ours"), machine.lease("theirs")
    assert ours.take()

    def taken_over() -> None:
        machine.sleep(20)
        assert theirs.take()

    ours.keep(Passing(machine.sleep, nothing, taken_over, nothing, theirs.give_back, nothing))
    assert machine.told == ["lease-lost", "lease-held-again"]
    assert ours.holds()
    assert ours.epoch == 3


def test_a_database_that_is_away_costs_the_lease_and_no_more(machine: Machine, postgresql: Server) -> None:
    ours = machine.lease("ours")
    assert ours.take()
    postgresql.stop("fast")
    try:
        # The end of the row is by the database's clock, which is away too.
        ours.keep(Passing(lambda _: setattr(machine, "now", machine.now + 5), *[nothing] * 4))
        assert not ours.holds()
        assert set(machine.told) == {"lease-not-renewed", "lease-lost"}
    finally:
        postgresql.start()
    assert ours.take()
    assert ours.epoch == 1


def test_case_28_the_name_is_held_once_by_whoever_asks(server_url: str) -> None:
    """With the thread that renews; the tables are made where there are none."""
    with locks.hold(server_url, "serve") as held:
        assert held.holds()
        rival = Lease(connected(parse(server_url)), "serve", "rival", lambda *_: None)
        assert not rival.take()
        with locks.hold(server_url, "terminal:\ud800"):
            pass
    assert rival.take()
    rival._engine.dispose()


def test_a_file_is_held_by_the_system_and_needs_no_lease(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    engine = open_database(url)
    with locks.hold(url, "serve") as held:
        assert held.holds()
        assert held.epoch == 1
        assert held.fenced(engine) is engine
    engine.dispose()
