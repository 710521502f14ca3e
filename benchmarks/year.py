"""Lets a year pass over `lampwise serve`, with restarts in the middle, and compares what came with what was planned.

    python -m benchmarks.year                                   12 people, 2026, 25 restarts
    python -m benchmarks.year --people 40 --restarts 100 --seed 7 --library aiogram
    python -m benchmarks.year --terminal                        one who comes to `lampwise chat` when something is due

Nothing may come twice, be missing, or come on a day or at an hour that is not allowed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.telegram.double import Double
from tests.telegram.models import JUDGES
from tests.telegram.serving import ROOT, Serve
from tests.telegram.year import WEEKS_2026, Findings, Signed, Year

BEGIN = datetime.fromisoformat("2026-01-05T08:00+08:00")
DAYS = 365
ZONES = ("北京时间",) * 5 + ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata")
HOURS = ("10:00",) * 4 + ("7:30", "9:30", "14:15", "20:59", "23:00")
#: Days from which counting in months is awkward, and some others.
ANCHORS = (
    "2025-10-31", "2025-11-30", "2025-12-31", "2026-01-31", "2026-02-28", "2025-08-29", "2026-01-05", "2026-04-01",
)  # fmt: skip


def people(count: int, chance: Random) -> list[Signed]:
    """Everybody has a contract, every third two."""
    return [
        Signed(
            chat=1001 + number,
            starts_on=chance.choice((*ANCHORS, str(BEGIN.date() + timedelta(days=chance.randint(-90, 60))))),
            months=chance.choice(("12个月", "12个月", "6个月", "9个月", "24个月")),
            quarters=chance.choice(("从合同开始那天数", "从合同开始那天数", "按日历的季度")),
            hour=chance.choice(HOURS),
            zone=chance.choice(ZONES),
            free=tuple(weeks for weeks in WEEKS_2026 if chance.random() < 0.2),
        )
        for number in range(count)
        for _ in range(2 if number % 3 == 0 else 1)
    ]


async def a_year(count: int, restarts: int, seed: int, library: str) -> tuple[Findings, list[str]]:
    """What differed, and what the double complained of."""
    chance = Random(seed)
    with TemporaryDirectory() as folder:
        clock = Path(folder, "clock")
        clock.write_text(BEGIN.isoformat())
        async with (
            Double(JUDGES[library]) as double,
            Serve(double, Path(folder), library, LAMPWISE_CLOCK_FILE=str(clock)) as serve,
        ):
            year = Year(double, serve, clock)
            year.move(BEGIN)
            await year.sign(people(count, chance))
            plan = await year.plan(BEGIN.date() + timedelta(days=1), BEGIN.date() + timedelta(days=DAYS))
            await year.pass_over(plan, chance, restarts)
            return year.findings(plan), double.complaints


def at_the_terminal(folder: Path) -> list[str]:
    """What each visit showed besides what was due, or did not show of it; nobody ever answers."""
    visits = Visits(folder)
    for one in (
        Signed(chat=1, starts_on="2025-10-31"),
        Signed(chat=2, starts_on="2026-02-28", free=("double-eleven",)),
    ):
        visits.visit(BEGIN, *one.lines())
    due = visits.due(BEGIN.date() + timedelta(days=1), BEGIN.date() + timedelta(days=DAYS))
    wrong: list[str] = []
    for moment, wanted in due.items():
        shown = visits.visit(moment)
        wrong += [] if shown == wanted else [f"{moment}: {sorted(shown)} instead of {sorted(wanted)}"]
        wrong += [f"{moment}: again"] if visits.visit(moment + timedelta(minutes=1)) else []
    print(f"terminal: {sum(map(len, due.values()))} planned, {len(due)} visits, {len(wrong)} wrong")
    return wrong


@dataclass(frozen=True, slots=True)
class Visits:
    """One who comes to `lampwise chat`, says something or nothing, and goes."""

    folder: Path

    def visit(self, now: datetime, *lines: str) -> list[str]:
        """What begins the dialog of each reminder that is shown."""
        (self.folder / "clock").write_text(now.isoformat())
        told = self._run("chat", "--as", "wang", said="\n".join(lines))
        return re.findall(r"^打 /(.+) 就开始。$", told, re.MULTILINE)

    def due(self, since: date, until: date) -> dict[datetime, list[str]]:
        """The same by the moments of the plan."""
        told = self._run("remind", "--from", str(since), "--until", str(until), "--json")
        found: dict[datetime, list[str]] = {}
        for one in map(json.loads, told.splitlines()):
            named = f"review {one['contract']}" + (f" {one['period']}" if one["kind"] == "review" else "")
            found.setdefault(datetime.fromisoformat(one["due"]), []).append(named)
        return found

    def _run(self, *given: str, said: str = "") -> str:
        settings = {
            "LAMPWISE_DATABASE_URL": f"sqlite:///{self.folder}/lampwise.db",
            "LAMPWISE_CLOCK_FILE": str(self.folder / "clock"),
            "XDG_DATA_HOME": str(self.folder),
        }
        return subprocess.run(
            [sys.executable, "-m", "bot", *given], cwd=ROOT, input=said, capture_output=True, text=True, check=True,
            env={**os.environ, **settings},
        ).stdout  # fmt: skip


def main() -> int:
    """1 where something is not as planned."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--people", type=int, default=12)
    told.add_argument("--restarts", type=int, default=25)
    told.add_argument("--seed", type=int, default=1)
    told.add_argument("--library", choices=["ptb", "aiogram"], default="ptb")
    told.add_argument("--terminal", action="store_true")
    asked = told.parse_args()
    if asked.terminal:
        with TemporaryDirectory() as folder:
            wrong = at_the_terminal(Path(folder))
        print(*wrong, sep="\n", end="")
        return 1 if wrong else 0
    found, complaints = asyncio.run(a_year(asked.people, asked.restarts, asked.seed, asked.library))
    print(
        f"{found.planned} planned for {asked.people} people from {BEGIN.date()} on, {found.stops} restarts: "
        f"{found.arrived} arrived, {len(found.twice)} twice, {len(found.missing)} missing, "
        f"{len(found.unplanned)} not planned, {len(found.untimely)} on a wrong day or at a wrong hour"
    )
    for wrong in (*found.twice, *found.missing, *found.unplanned, *found.untimely, *complaints):
        print(f"  {wrong}")
    return 0 if found.is_sound and not complaints else 1


if __name__ == "__main__":
    sys.exit(main())
