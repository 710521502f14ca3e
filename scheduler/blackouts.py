"""Weeks without reminders: those offered in blackouts.yaml, and an owner's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dialogs.loop.wishes import stretch_of
from scheduler.days import around, read_table

SHIPPED = Path(__file__).with_name("blackouts.yaml")

#: Month and day.
MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blackout:
    """Weeks without reminders: days of each year (over New Year too), certain days, or both; the ends are included."""

    yearly: tuple[MonthDay, MonthDay] | None = None
    stretches: tuple[tuple[date, date], ...] = ()

    def covers(self, day: date) -> bool:
        """No reminder on this day."""
        return self._each_year(day) or any(first <= day <= last for first, last in self.stretches)

    def _each_year(self, day: date) -> bool:
        if self.yearly is None:
            return False
        first, last = self.yearly
        here = (day.month, day.day)
        return first <= here <= last if first <= last else here >= first or here <= last


@cache
def offered_blackouts() -> Mapping[str, Blackout]:
    """Those that an owner is offered, by the name that stands in the texts."""
    return read_blackouts(SHIPPED)


def own_blackout(name: str) -> Blackout | None:
    """Days that an owner has named himself, by the name that his wishes keep; None: it is no such name."""
    found = stretch_of(name)
    return None if found is None else Blackout(stretches=(found,))


def read_blackouts(path: Path) -> Mapping[str, Blackout]:
    """The blackouts of a file by name; TableUnreadable where something is wrong with it."""
    return read_table(path, lambda content: {name: _shaped(entry) for name, entry in content.items()})


def _shaped(entry: Mapping[str, Any]) -> Blackout:
    if "yearly" in entry:
        first, last = entry["yearly"].split(" to ")
        return Blackout(yearly=(_month_day(first), _month_day(last)))
    before, after = (int(part.split()[0]) for part in entry["around"].split(","))
    return Blackout(stretches=tuple(around(date.fromisoformat(day), before, after) for day in entry["days"]))


def _month_day(written: str) -> MonthDay:
    # A leap year, so that 29 February may stand there.
    day = date.fromisoformat(f"2024-{written}")
    return day.month, day.day
