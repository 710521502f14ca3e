"""The quarters of a contract: from when to when each goes and what it is called.

Every border is counted from the contract's start (start + 3i months, clamped to the month's end), never from the border
before, so that 30 November does not drift to the 28th. Not its job: when a reminder is due (`due`).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from scheduler.terms import Terms

MONTHS = 3
ONE_DAY = timedelta(days=1)
#: Where a contract without a known end is cut off, so that counting ends somewhere.
LAST_YEAR = 2400
#: A contract that begins so near to a calendar quarter's end has its first review with the next quarter.
SHORTEST_OPENING = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A stretch of a contract that is reviewed as one; `starts_on` and `ends_on` both belong to it.

    `period` is its name: Q1, Q2 and so on for quarters of the contract, 2026Q4 for calendar quarters. It is part of a
    reminder's key, so that a corrected date moves a reminder and does not make a second one.
    """

    period: str
    starts_on: date
    ends_on: date


def add_months(start: date, months: int) -> date:
    """So many months later, on the same day of the month or the month's last."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if start.day <= 28:
        return date(year, month + 1, start.day)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def last_day(terms: Terms) -> date | None:
    """The last day in force; None: no end is known. It may lie before the start: then there are no quarters."""
    if terms.term_months is None:
        return terms.ended_on
    end = add_months(terms.starts_on, terms.term_months) - ONE_DAY
    return min(end, terms.ended_on) if terms.ended_on else end


def quarters(terms: Terms, since: date = date.min) -> Iterator[Quarter]:
    """The quarters that end at or after `since`, in order; the last one ends with the contract."""
    end = last_day(terms) or date(LAST_YEAR, 12, 31)
    return _calendar(terms, end, since) if terms.quarters == "calendar" else _from_the_start(terms, end, since)


def _from_the_start(terms: Terms, end: date, since: date) -> Iterator[Quarter]:
    number = max(0, _months_between(terms.starts_on, since) // MONTHS - 1)
    starts = add_months(terms.starts_on, MONTHS * number)
    while starts <= end:
        number += 1
        border = add_months(terms.starts_on, MONTHS * number)
        ends = min(border - ONE_DAY, end)
        if ends >= since:
            yield Quarter(period=_counted(number), starts_on=starts, ends_on=ends)
        starts = border


def _calendar(terms: Terms, end: date, since: date) -> Iterator[Quarter]:
    starts = terms.starts_on
    border = _next_calendar_quarter(starts)
    if border - starts < SHORTEST_OPENING and border <= end:
        border = add_months(border, MONTHS)
    while starts <= end:
        ends = border - ONE_DAY
        if min(ends, end) >= since:
            period = f"{ends.year}Q{(ends.month + 2) // MONTHS}"
            yield Quarter(period=period, starts_on=starts, ends_on=min(ends, end))
        starts, border = border, add_months(border, MONTHS)


def _next_calendar_quarter(day: date) -> date:
    return add_months(date(day.year, (day.month - 1) // MONTHS * MONTHS + 1, 1), MONTHS)


def _months_between(start: date, since: date) -> int:
    return (since.year - start.year) * 12 + since.month - start.month


@lru_cache(maxsize=1024)
def _counted(number: int) -> str:
    return f"Q{number}"
