"""The public holidays that the law itself fixes, for years whose notice is not out. The only door to borax.

The law is 全国年节及纪念日放假办法, State Council Order 795 of 2024-11-10, Article 2, in force since 2025-01-01.
A yearly notice moves working days around these days and never takes one of them away.
Not its job: the notices (`working_days`).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from importlib import import_module
from types import ModuleType

#: Month and day: New Year, Labour Day, National Day.
_FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
#: Years of the Gregorian calendar whose lunar days borax knows in full.
FIRST, LAST = 1901, 2099


@cache
def statutory_days(year: int) -> frozenset[date]:
    """The days off by law in this year; outside FIRST to LAST only those with a fixed date."""
    fixed = frozenset(date(year, *day) for day in _FIXED)
    return fixed | _lunar(year) if FIRST <= year <= LAST else fixed


def _lunar(year: int) -> frozenset[date]:
    """Spring Festival's eve and its first three days, Qingming, Dragon Boat and Mid-Autumn."""
    # Imported late: most starts meet no year without a notice. The library has no types.
    almanac = import_module("borax.calendars.lunardate")
    spring, dragon_boat, mid_autumn = (_solar(almanac, year, *day) for day in ((1, 1), (5, 5), (8, 15)))
    qingming: date = almanac.TermUtils.day_start_from_term(year, "清明")
    eve_to_third = (spring + timedelta(days=days) for days in range(-1, 3))
    return frozenset({*eve_to_third, qingming, dragon_boat, mid_autumn})


def _solar(almanac: ModuleType, year: int, month: int, day: int) -> date:
    return almanac.LunarDate(year, month, day).to_solar_date()
