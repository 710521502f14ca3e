"""Which days are worked in mainland China: the table of holidays.yaml; beyond its years the law's own days off.

In a year without a notice the weekdays count as worked, apart from the days that the law fixes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from scheduler.days import each_day, read_table, stretch
from scheduler.statutory_days import statutory_days

SHIPPED = Path(__file__).with_name("holidays.yaml")
ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDay:
    """A working day; `stale`: the table does not reach so far, so that only the weekday and the law speak for it."""

    day: date
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WorkingDays:
    """The table. `off` and `worked` hold the exceptions from the weekday rule, of the years `first` to `last`."""

    first: int
    last: int
    off: frozenset[date]
    worked: frozenset[date]

    def works(self, day: date) -> bool:
        """It is a working day: by the table, or by weekday and law where the table does not reach."""
        if day in self.worked:
            return True
        if day.weekday() >= SATURDAY or day in self.off:
            return False
        return not self.stale(day) or day not in statutory_days(day.year)

    def stale(self, day: date) -> bool:
        """The table does not reach this day: its holidays are not known yet (or no longer)."""
        return not self.first <= day.year <= self.last

    def next_working_day(self, day: date) -> WorkingDay:
        """The first working day at or after `day`."""
        while not self.works(day):
            day += ONE_DAY
        return WorkingDay(day=day, stale=self.stale(day))


@cache
def shipped_working_days() -> WorkingDays:
    """The table that comes with the program."""
    return read_working_days(SHIPPED)


def read_working_days(path: Path) -> WorkingDays:
    """The table of a file; TableUnreadable where something is wrong with it."""
    return read_table(path, _shaped)


def _shaped(content: Any) -> WorkingDays:
    years: dict[str, Any] = content["years"]
    numbers = sorted(int(year) for year in years)
    if numbers != list(range(numbers[0], numbers[-1] + 1)):
        raise ValueError(f"a year is missing between {numbers[0]} and {numbers[-1]}")
    off = [day for year in years.values() for span in year["off"].values() for day in each_day(*stretch(span))]
    worked = [date.fromisoformat(day) for year in years.values() for day in year["worked"]]
    return WorkingDays(first=numbers[0], last=numbers[-1], off=frozenset(off), worked=frozenset(worked))
