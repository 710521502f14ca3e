"""Which day it is when some is counted from today: months away, the nearest 3 March, none where there is no such day.

Not its job: understanding words (`days`).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

#: Days outside these years are slips of the finger.
YEARS = range(1990, 2101)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day as read; None where it does not exist, such as 2月30日. `whole_month`: only the month was said.

    `undated`: month and day (0 is the last) where no year was said, so that `day` is the nearest of them.
    `among`: the days that may be meant where neither month nor week was said, so that `day` is the nearest of them.
    """

    day: date | None
    whole_month: bool = False
    undated: tuple[int, int] | None = None
    among: tuple[date, ...] = ()


def undated(month: int, day: int, today: date, *, whole_month: bool = False) -> Day:
    """The nearest to today of the days with this month and day."""
    return Day(day=day_in_month(None, month, day, today), whole_month=whole_month, undated=(month, day))


def one_of(days: Iterable[date], today: date) -> Day:
    """The nearest of the days that may be meant, each of which a question may choose."""
    among = tuple(days)
    return Day(day=nearest(among, today) if among else None, among=among)


def on_side(day: Day, looks: str, today: date) -> date | None:
    """Of the days that may be meant the last before or on today where `looks` is past, else the first from today on."""
    among = day.among
    if day.undated is not None:
        years = range(today.year - 8, today.year + 9)
        among = tuple(each for year in years if (each := day_in_month(year, *day.undated, today)) is not None)
    if looks == "past":
        return max((each for each in among if each <= today), default=day.day)
    return min((each for each in among if each >= today), default=day.day)


def at_most_back(day: Day, days_back: int, today: date) -> date | None:
    """Of the days that may be meant, the first that lies at most `days_back` days before today."""
    if day.undated is None:
        return day.day
    first = today - timedelta(days=days_back)
    coming = [day_in_month(year, *day.undated, today) for year in range(first.year, first.year + 9)]
    return next((each for each in coming if each is not None and each >= first), None)


def nearest(days: Iterable[date], today: date) -> date:
    """The day nearest to today, the coming one on a tie."""
    return min(days, key=lambda day: (abs(day - today), day < today))


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, or None where there is none or it is out of reach."""
    if year not in YEARS or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def day_in_month_away(today: date, months: int, day: int) -> date | None:
    """The day of the month that lies `months` away; 0 is its last day."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    if year not in YEARS:
        return None
    return day_of(year, month + 1, day or monthrange(year, month + 1)[1])


def day_in_month(year: int | None, month: int, day: int, today: date) -> date | None:
    """The day (0 is the last) of a month, in the nearest year where none was said."""
    if not 1 <= month <= 12:
        return None
    years = range(today.year - 4, today.year + 5) if year is None else (year,)
    days = [day_of(each, month, day or monthrange(each, month)[1]) for each in years if each in YEARS]
    real = [each for each in days if each is not None]
    return nearest(real, today) if real else None


def days_away(today: date, days: int) -> date | None:
    """So many days from today."""
    day = today + timedelta(days=days)
    return day if day.year in YEARS else None


def months_away(today: date, months: int) -> date | None:
    """The same day of the month that lies `months` away, or that month's last day."""
    first = day_in_month_away(today, months, 1)
    return first and day_in_month_away(today, months, min(today.day, monthrange(first.year, first.month)[1]))
