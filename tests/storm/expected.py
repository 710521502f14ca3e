"""What must be said when, reckoned from docs/reminders.md and the notice of 2026 alone.

It shares no code and no table with the program. It knows contracts of a term in months whose quarters are counted from
their start, and nothing of snoozes, weeks kept free, or a program that was off.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from hashlib import blake2b
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
#: The days off of 2026 (first and last) and the weekend days worked in exchange, by the State Council's notice.
_OFF = ("0101 0103", "0215 0223", "0404 0406", "0501 0505", "0619 0621", "0925 0927", "1001 1007")
_WORKED = ("0104", "0214", "0228", "0509", "0920", "1010")
#: The days off of 2027 by the law itself, as the almanac has them; its notice is not known.
_LAW_2027 = ("0101 0101", "0205 0208", "0405 0405", "0501 0502", "0609 0609", "0915 0915", "1001 1003")
_QUIET_UNTIL, _QUIET_FROM = time(9), time(21)

#: Contract's period, kind and nth.
Step = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A contract; `days` and `minutes`: the installation is so large that they are spread."""

    owner: str
    starts_on: date
    months: int
    hour: time
    zone: str
    days: bool
    minutes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """`day` and `hour` are the owner's."""

    step: Step
    day: date
    hour: time
    at: datetime


def expected(signed: Signed) -> Iterator[Expected]:
    """All reminders of the contract if nobody ever answers."""
    share = int.from_bytes(blake2b(signed.owner.encode(), digest_size=6).digest(), "big")
    hour = _hour(signed.hour, share if signed.minutes else None)
    for step, day in _days(signed.starts_on, signed.months, share % 3 if signed.days else 0):
        local = datetime.combine(day, hour, UTC)
        yield Expected(step=step, day=day, hour=hour, at=local - _offset(day, signed.zone))


def may_be_said(at: datetime, zone: str) -> bool:
    """On a day that is worked, at an hour that is not quiet."""
    local = at.astimezone(ZoneInfo(zone))
    return works(local.date()) and _QUIET_UNTIL <= local.time() < _QUIET_FROM


@cache
def works(day: date) -> bool:
    """It is worked in China; of 2027 only weekdays and the law's days off are known."""
    written = f"{day:%m%d}"
    if day.year == 2026 and written in _WORKED:
        return True
    spans = {2026: _OFF, 2027: _LAW_2027}[day.year]
    off = any(first <= written <= last for first, last in map(str.split, spans))
    return day.isoweekday() <= 5 and not off


@cache
def _days(start: date, months: int, later: int) -> tuple[tuple[Step, date], ...]:
    found: list[tuple[Step, date]] = []
    for number in range(1, months // 3 + 1):
        first = _worked(_border(start, 3 * number))
        for _ in range(later):
            first = _worked(first + DAY)
        second = _worked(first + 3 * DAY)
        third = _worked(max(first + 7 * DAY, second + 2 * DAY))
        found += [((f"Q{number}", "review", nth), day) for nth, day in enumerate((first, second, third), 1)]
    last = _border(start, months) - DAY
    before = ((nth, _worked(last - days * DAY, -1)) for nth, days in enumerate((60, 30, 7), 1))
    return (*found, *(((last.isoformat(), "ending", nth), day) for nth, day in before))


def _border(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _worked(day: date, step: int = 1) -> date:
    while not works(day):
        day += step * DAY
    return day


def _hour(wished: time, share: int | None) -> time:
    wished = wished if _QUIET_UNTIL <= wished < _QUIET_FROM else _QUIET_UNTIL
    if share is None:
        return wished
    minutes = wished.hour * 60 + wished.minute - 30 + share // 3 % 120
    moved = time(minutes // 60 % 24, minutes % 60)
    return moved if _QUIET_UNTIL <= moved < _QUIET_FROM else wished


@cache
def _offset(day: date, zone: str) -> timedelta:
    """No clock is changed during the hours that are not quiet."""
    offset = datetime.combine(day, time(12), ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset
