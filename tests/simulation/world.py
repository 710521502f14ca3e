"""One run of one seed: processes on one database file, people, a clock, and what goes wrong with all of them.

The same seed gives the same run. Nothing waits and nothing runs at the same time: the seed says who makes the next
step, so that whatever it finds can be found again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Self

from sqlalchemy import select

from dialogs.effects import ForgetOwner
from dialogs.events import Event
from dialogs.message_json import from_json
from dialogs.owner import Owner
from dialogs.talk import Turn
from storage import engine as storage_engine
from storage import schema
from storage.engine import open_database, reading
from storage.errors import DatabaseBusy, DatabaseFull
from storage.json_text import loads
from storage.outbox import LEASE
from storage.store import Store
from storage.tables import OUTBOX
from tests.simulation import process as processes
from tests.simulation.clock import Clock
from tests.simulation.marking import apology, mark_of
from tests.simulation.process import SOUND, Process, Serving, Variant
from tests.simulation.telegram import Telegram

#: Where a process may die or its disk may fail, in the middle of what it does.
_POINTS = tuple(f"{work}.{when}_commit" for work in ("apply", "claim", "settle") for when in ("before", "after"))
_JUMPS = (timedelta(hours=1), timedelta(hours=-1), timedelta(days=3), timedelta(seconds=-90), timedelta(days=365))


@cache
def _fresh_file() -> bytes:
    """An empty database: making one takes longer than a whole seed."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "fresh.db"
        engine = open_database(f"sqlite:///{file}")
        schema.ensure(engine)
        engine.dispose()
        return file.read_bytes()


class Killed(BaseException):
    """The process ends here: no `except Exception` of the program sees it."""


@dataclass(slots=True)
class Run:
    """What came of a seed. `uncertain` has the outbox's number of a send for each time its fate was lost."""

    seed: int
    history: list[Event] = field(default_factory=list[Event])
    uncertain: list[int] = field(default_factory=list[int])
    #: Of these, those that a sender may send late because it could not see that its time was over.
    overtaken: list[int] = field(default_factory=list[int])
    kills: int = 0
    finished: bool = False


class World:
    """`actions` is how often the `people` act before all goes quiet; `variant` what is broken on purpose.

    `trouble` makes all that goes wrong with processes so many times likelier; `alone` says whether there is one process
    that does all at one go and remembers the owners, or several on one file; None: as the seed has it.
    """

    def __init__(
        self,
        folder: Path,
        seed: int,
        *,
        actions: int = 40,
        people: int = 3,
        variant: Variant = SOUND,
        trouble: float = 1,
        alone: bool | None = None,
    ) -> None:
        self.chance = Random(seed)
        self.clock = Clock()
        self.telegram = Telegram(self.chance, self.clock, people, trouble)
        self.run = Run(seed)
        self.polls = self.chance.random() < 0.5
        file = folder / f"{seed}.db"
        file.write_bytes(_fresh_file())
        self.store = Store(engine=open_database(f"sqlite:///{file}"), apology=apology)
        self._actions = actions
        self._variant = variant
        self._trouble_by = trouble
        self._fails_at: tuple[str, type[BaseException]] | None = None
        self._trial: list[Event] = []
        self._started = 0
        self._alive: list[tuple[Process, list[Iterator[None]]]] = []
        self._serves = self.chance.random() < 0.5 if alone is None else alone
        most = 1 if self._serves else 2 if self.polls else 3
        for number in range(self.chance.randint(1, most) if alone is None else most):
            self._start(number)

    def play(self) -> Run:
        """All of it: the troubled part, and then the quiet one in which everything must come to its end."""
        with self._failpoints(), self._watched():
            while self._actions:
                self._something_happens()
            self.telegram.calm = True
            self._nothing_happens()
            self.run.finished = self._comes_to_rest()
        return self.run

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.engine.dispose()

    # ---- What happens

    def _something_happens(self) -> None:
        self.clock.advance(self.chance.expovariate(10))
        roll = self.chance.random()
        if roll < 0.12:
            self.telegram.somebody_acts()
            self._actions -= 1
        elif roll < 0.12 + 0.005 * self._trouble_by:
            self._kill(self.chance.randrange(len(self._alive)))
        elif roll < 0.12 + 0.008 * self._trouble_by:
            self._pause(self.chance.randrange(len(self._alive)))
        elif roll < 0.12 + 0.009 * self._trouble_by:
            self._set_clock()
        elif roll < 0.12 + 0.011 * self._trouble_by:
            self._nothing_happens()
        else:
            self._fails_at = self._trouble()
            self._step(self.chance.randrange(len(self._alive)))

    def _trouble(self) -> tuple[str, type[BaseException]] | None:
        roll = self.chance.random() / self._trouble_by
        if roll < 0.03:
            return self.chance.choice(_POINTS), Killed
        if roll < 0.09:
            return self.chance.choice(_POINTS[::2]), self.chance.choice((DatabaseFull, DatabaseBusy))
        return None

    def _step(self, place: int) -> None:
        process, parts = self._alive[place]
        if self.clock.steady < process.paused_until:
            return
        part = self.chance.randrange(len(parts))
        try:
            next(parts[part])
        except Killed:
            self._kill(place)
        finally:
            self._fails_at = None
            # What no commit followed has not happened.
            self._trial = []

    def _start(self, number: int) -> None:
        self._started += 1
        kind = Serving if self._serves else Process
        process = kind(f"{number}-{self._started}", self.store, self.telegram, self.clock, self._variant)
        parts = process.parts(polls=self.polls and number == 0, hooked=not self.polls)
        self._alive.insert(number, (process, parts))

    def _kill(self, place: int) -> None:
        process, _ = self._alive.pop(place)
        self.run.kills += 1
        self.run.uncertain += self._on_its_way(process.name)
        self.telegram.hang_up(process.name)
        # It may have been told to wait, and nobody else knows.
        self.telegram.leave_alone.clear()
        self._start(place)

    def _pause(self, place: int) -> None:
        process, _ = self._alive[place]
        process.paused_until = self.clock.steady + self.chance.uniform(1, 3 * LEASE.total_seconds())
        self.run.uncertain += self._on_its_way(process.name)

    def _nothing_happens(self) -> None:
        """For as long as it takes leases to run out, now and then."""
        self.clock.advance(self.chance.uniform(1, 2 * LEASE.total_seconds()))
        self.run.uncertain += self._on_its_way(None)

    def _set_clock(self) -> None:
        self.clock.jump(self.chance.choice(_JUMPS))
        left = self._on_its_way(None)
        self.run.uncertain += left
        self.run.overtaken += left
        self.telegram.given_up += left
        # What was to wait until a moment waits until that moment of the new clock.
        self.telegram.leave_alone.clear()

    def _comes_to_rest(self) -> bool:
        for _ in range(4000):
            self.clock.advance(1)
            for place in range(len(self._alive)):
                self._alive[place][0].paused_until = 0
                self._step(place)
            states, soonest = self._open()
            if self.telegram.idle and not states:
                return True
            if self.telegram.idle and states == {"ready"} and soonest is not None:
                # Nothing else happens until then.
                self.clock.advance(max(0.0, (soonest - self.clock()).total_seconds()))
        return False

    # ---- Looking into the file

    def _on_its_way(self, sender: str | None) -> list[int]:
        whose = OUTBOX.c.sender == sender if sender is not None else OUTBOX.c.sender.is_not(None)
        with reading(self.store.engine) as connection:
            sending = connection.execute(select(OUTBOX).where(OUTBOX.c.state == "sending", whose)).mappings().all()
        # Of somebody who was forgotten no word is left.
        said = {row["id"]: loads(row["body"]) for row in sending}
        self.telegram.marks |= {id_: mark_of(from_json(body)) for id_, body in said.items() if body}
        return list(said)

    def _open(self) -> tuple[set[str], datetime | None]:
        """The states of what is still to be sent, and the moment until which every chat waits, if all do."""
        columns = OUTBOX.c.state, OUTBOX.c.chat, OUTBOX.c.not_before
        with reading(self.store.engine) as connection:
            rows = connection.execute(select(*columns).where(OUTBOX.c.state.in_(("ready", "sending")))).all()
        ends = {row.chat: row.not_before for row in rows if row.not_before is not None}
        return {row.state for row in rows}, min(ends.values()) if ends and all(
            row.chat in ends for row in rows
        ) else None

    # ---- Hooks

    @contextmanager
    def _failpoints(self) -> Iterator[None]:
        """In place of the program's own failpoints, which would end this very program."""
        own, storage_engine.failpoint = storage_engine.failpoint, self._reached
        try:
            yield
        finally:
            storage_engine.failpoint = own

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Notes which events each transaction answers."""
        own = processes.step
        processes.step = self._noting(own)
        try:
            yield
        finally:
            processes.step = own

    def _noting(self, step: Callable[[Owner, Event], Turn]) -> Callable[[Owner, Event], Turn]:
        def noting(owner: Owner, event: Event) -> Turn:
            self._trial.append(event)
            turn = step(owner, event)
            if any(isinstance(effect, ForgetOwner) for effect in turn.effects):
                # That his chat was to be left alone is forgotten with him.
                self.telegram.leave_alone.pop(f"reply {event.chat}", None)
            return turn

        return noting

    def _reached(self, name: str) -> None:
        if name == "apply.after_commit":
            self.run.history += self._trial
            self._trial = []
        if self._fails_at and self._fails_at[0] == name:
            raise self._fails_at[1]
