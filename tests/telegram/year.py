"""Lets a year pass over `lampwise serve` from outside, and says what differs from what `lampwise remind` had planned.

The clock is moved from one planned moment to the next, with nights, holidays and steps back in between; the program is
killed or stopped on the way. What arrived is read off the messages that the double showed.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.telegram.double import Double
from tests.telegram.people import Chat
from tests.telegram.serving import Serve

#: contract, period, kind, nth of a chat: what a reminder is known by.
Key = tuple[str, int, str, str, int]

#: The days off of 2026 by the notice of the State Council, weekends included, and the weekend days worked for them.
OFF_2026 = (
    ("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"), ("06-19", "06-21"),
    ("09-25", "09-27"), ("10-01", "10-07"),
)  # fmt: skip
WORKED_2026 = ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
#: The days off of 2027 by the law itself.
LAW_2027 = (
    ("01-01", "01-01"), ("02-05", "02-08"), ("04-05", "04-05"), ("05-01", "05-02"), ("06-09", "06-09"),
    ("09-15", "09-15"), ("10-01", "10-03"),
)  # fmt: skip
#: The weeks of 2026 that may be kept free: the first and the last day.
WEEKS_2026 = {
    "double-eleven": ("11-01", "11-14"), "six-eighteen": ("06-05", "06-20"), "spring-festival": ("02-03", "03-03"),
}  # fmt: skip

_KEY = re.compile(r"m:remind:day (\d+) (\S+) (\S+) (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A contract as it is typed into a chat, with the day it starts, its months, its hour and where that is."""

    chat: int
    starts_on: str
    months: str = "12个月"
    quarters: str = "从合同开始那天数"
    hour: str = "10:00"
    zone: str = "北京时间"
    #: The hour lies in the night: another is offered, and taken.
    is_moved: bool = False
    #: Of WEEKS_2026.
    free: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """All that is typed, in order."""
        return (
            "/contract new", "刚签", f"{self.chat}号代运营", self.starts_on, self.starts_on, self.months,
            "每季", "10万", "我们出", "3万", "5%", "扣掉退款", "整店全托", "400万", "400万", "满期才退", "都没有",
            self.quarters, self.hour, *(("可以",) if self.is_moved else ()), self.zone,
            *(f"/remind free {weeks}" for weeks in self.free),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One line of the plan."""

    key: Key
    due: datetime


@dataclass(slots=True, kw_only=True)
class Findings:
    """All but the counts should be empty."""

    planned: int = 0
    arrived: int = 0
    stops: int = 0
    twice: list[Key] = field(default_factory=list[Key])
    missing: list[Key] = field(default_factory=list[Key])
    unplanned: list[Key] = field(default_factory=list[Key])
    untimely: list[tuple[Key, str]] = field(default_factory=list[tuple[Key, str]])

    @property
    def is_sound(self) -> bool:
        """Each once, in its time, and nothing else."""
        return self.planned == self.arrived > 0 and not (self.twice or self.missing or self.unplanned or self.untimely)


class Year:
    """One program, its clock and its people."""

    def __init__(self, double: Double, serve: Serve, clock: Path) -> None:
        self._double = double
        self._serve = serve
        self._clock = clock
        self._moves: list[tuple[float, datetime]] = []
        self._stops = 0
        self._free: dict[str, set[str]] = {}

    def move(self, now: datetime) -> None:
        """From here on it is `now`."""
        self._clock.write_text(now.isoformat())
        self._moves.append((asyncio.get_running_loop().time(), now))

    async def sign(self, signed: Iterable[Signed]) -> None:
        """Everybody enters his contracts, one line after the other is answered."""
        people: dict[int, list[Signed]] = {}
        for one in signed:
            people.setdefault(one.chat, []).append(one)
            self._free.setdefault(f"telegram:{one.chat}", set()).update(one.free)
        await asyncio.gather(*(self._enter(self._double.chat(chat), mine) for chat, mine in people.items()))

    async def _enter(self, chat: Chat, mine: Sequence[Signed]) -> None:
        for line in (line for one in mine for line in one.lines()):
            count = len(chat.seen)
            chat.says(line)
            await chat.until(lambda seen, count=count: len(seen) > count and bool(seen[-1].buttons), seconds=20)

    async def plan(self, since: date, until: date) -> list[Planned]:
        """What `lampwise remind` says, in order of time."""
        told = await self._serve.command("remind", "--from", str(since), "--until", str(until), "--json")
        return [_planned(json.loads(line)) for line in told.splitlines()]

    async def pass_over(self, plan: Sequence[Planned], chance: Random, stops: int) -> None:
        """From moment to moment; at so many of them the program is ended while, before or after it should remind."""
        moments = sorted({one.due for one in plan})
        stopped = set(chance.sample(range(len(moments)), min(stops, len(moments))))
        for place, moment in enumerate(moments):
            await self._idle(moments[place - 1] if place else moment - timedelta(days=1), moment, chance)
            due = sum(one.due <= moment for one in plan)
            await (self._disturbed(moment, chance) if place in stopped else self._undisturbed(moment))
            await self._until_arrived(due)

    async def _undisturbed(self, moment: datetime) -> None:
        self.move(moment)

    async def _disturbed(self, moment: datetime, chance: Random) -> None:
        """Stopped or killed before the moment, and started again after it; or killed and started at the moment."""
        self._stops += 1
        await (self._serve.kill() if chance.random() < 0.6 else self._serve.end())
        if chance.random() < 0.5:
            self.move(moment + timedelta(minutes=chance.randint(0, 5)))
        await self._serve.start()
        self.move(moment)

    async def _idle(self, before: datetime, moment: datetime, chance: Random) -> None:
        """Some moment in between, most likely a night or a day off, and at times a step back: nothing is due."""
        free = (moment - before) / timedelta(minutes=1)
        if free > 2 and chance.random() < 0.3:
            self.move(before + timedelta(minutes=chance.uniform(1, free - 1)))
            await asyncio.sleep(0.8)
        if chance.random() < 0.1:
            self.move(before - timedelta(days=chance.randint(1, 40)))
            await asyncio.sleep(0.8)

    async def _until_arrived(self, due: int) -> None:
        """Until so many are there; what is missing after a while is missing."""
        async with asyncio.timeout(20):
            while len(self.arrived()) < due:
                await asyncio.sleep(0.02)

    def arrived(self) -> list[tuple[Key, datetime]]:
        """Every reminder that any chat was sent, with the moment that the clock showed."""
        return list(self._arrivals())

    def _arrivals(self) -> Iterator[tuple[Key, datetime]]:
        for call in self._double.calls("sendMessage"):
            found = _KEY.search(json.dumps(call.told.get("reply_markup", "")))
            if found is not None and call.took_effect:
                contract, period, kind, nth = found.groups()
                yield (f"telegram:{call.chat}", int(contract), period, kind, int(nth)), self._shown(call.at)

    def _shown(self, at: float) -> datetime:
        return next(moment for begun, moment in reversed(self._moves) if begun <= at)

    def findings(self, plan: Sequence[Planned]) -> Findings:
        """The plan against what arrived."""
        arrived, due = self.arrived(), {one.key: one.due for one in plan}
        counts = Counter(key for key, _ in arrived)
        return Findings(
            planned=len(plan),
            arrived=len(counts),
            stops=self._stops,
            twice=[key for key, count in counts.items() if count > 1],
            missing=[key for key in due if key not in counts],
            unplanned=[key for key in counts if key not in due],
            untimely=[
                (key, at.isoformat()) for key, at in arrived if key in due and not self._timely(key, due[key], at)
            ],
        )

    def _timely(self, key: Key, due: datetime, at: datetime) -> bool:
        weeks = [WEEKS_2026[name] for name in self._free.get(key[0], ()) if due.year == 2026]
        kept_free = any(first <= f"{due:%m-%d}" <= last for first, last in weeks)
        return is_open(due) and not kept_free and due <= at <= due + timedelta(minutes=6)


def is_open(local: datetime) -> bool:
    """A day that was worked in China in 2026, from 9:00 to 21:00; of 2027 by weekday and law."""
    day = f"{local:%m-%d}"
    off = any(first <= day <= last for first, last in (OFF_2026 if local.year == 2026 else LAW_2027))
    worked = local.weekday() < 5 or (local.year == 2026 and day in WORKED_2026)
    return worked and not off and 9 <= local.hour < 21


def _planned(told: dict[str, Any]) -> Planned:
    key = (told["owner"], told["contract"], told["period"], told["kind"], told["nth"])
    return Planned(key=key, due=datetime.fromisoformat(told["due"]))
