"""Lets a year pass over `lampwise serve`, with restarts in the middle, and compares what came with what was planned.

    python -m benchmarks.year                                   12 people, 2026, 25 restarts
    python -m benchmarks.year --people 40 --restarts 100 --seed 7 --library aiogram

Nothing may come twice, be missing, or come on a day or at an hour that is not allowed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.telegram.double import Double
from tests.telegram.models import JUDGES
from tests.telegram.serving import Serve
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


def main() -> int:
    """1 where something is not as planned."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--people", type=int, default=12)
    told.add_argument("--restarts", type=int, default=25)
    told.add_argument("--seed", type=int, default=1)
    told.add_argument("--library", choices=["ptb", "aiogram"], default="ptb")
    asked = told.parse_args()
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
