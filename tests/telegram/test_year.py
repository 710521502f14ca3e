"""Some months of reminders through `lampwise serve`, with a kill; `python -m benchmarks.year` has the year."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from random import Random

from tests.telegram.double import Double
from tests.telegram.gateways import run
from tests.telegram.serving import Serve
from tests.telegram.year import Findings, Signed, Year

BEGIN = datetime.fromisoformat("2026-08-20T08:00+08:00")
#: Over National Day and Double Eleven, which is kept free; one at an hour that is quiet and elsewhere.
PEOPLE = (
    Signed(chat=1, starts_on="2026-07-01", free=("double-eleven",)),
    Signed(chat=1, starts_on="2026-08-06", months="3个月", hour="23:00", is_moved=True, zone="Europe/Berlin"),
)


def test_what_arrives_is_what_was_planned_once_each(tmp_path: Path) -> None:
    async def some_months() -> Findings:
        clock = tmp_path / "clock"
        clock.write_text(BEGIN.isoformat())
        async with Double() as double, Serve(double, tmp_path, "ptb", LAMPWISE_CLOCK_FILE=str(clock)) as serve:
            year = Year(double, serve, clock)
            year.move(BEGIN)
            await year.sign(PEOPLE)
            plan = await year.plan(date(2026, 8, 21), date(2026, 11, 30))
            await year.pass_over(plan, Random(3), 1)
            assert double.complaints == []
            return year.findings(plan)

    found = run(some_months())
    assert found.is_sound, found
    assert (found.planned, found.stops) == (9, 1)
