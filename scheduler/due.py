"""The moment at which something is due: from a day and an hour in a time zone to a day and a moment that are allowed.

Kept is what was meant, local day, hour and zone; the moment in UTC follows from it and is reckoned anew when the rules
of a zone change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from scheduler.rules import Rules

#: To the next allowed day, or back to the one before.
Direction = Literal[1, -1]

ONE_SECOND = timedelta(seconds=1)
#: Weeks kept free that leave no day within so many are not heeded: silence for ever is nobody's wish.
MOST_DAYS = 92


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When: the local day and hour as meant, and the moment in UTC.

    They differ where a clock is put forward over the hour; then the moment is the first one after. `stale`: the table
    of holidays does not reach the day.
    """

    day: date
    hour: time
    zone: str
    at: datetime
    stale: bool

    def local(self) -> datetime:
        """The moment as the owner's clock shows it, with its offset."""
        return self.at.astimezone(ZoneInfo(self.zone))


def due_at(day: date, hour: time, zone: str, rules: Rules, direction: Direction = 1) -> Due:
    """Due at this hour of the nearest allowed day, at or after `day` (or at or before it)."""
    day = allowed_day(day, rules, direction)
    at = moment(day, hour, zone)
    while not _as_meant(at, day, hour, zone, rules):
        day = allowed_day(_moved(day, direction), rules, direction)
        at = moment(day, hour, zone)
    return Due(day=day, hour=hour, zone=zone, at=at, stale=rules.working_days.stale(day))


def soonest(now: datetime, hour: time, zone: str, rules: Rules) -> Due:
    """Due now, where now is allowed; else at the hour of the next day that is."""
    local = now.astimezone(ZoneInfo(zone))
    today = local.date()
    if not rules.allows(today):
        return due_at(today, hour, zone, rules)
    if not rules.quiet.covers(local.time()):
        stale = rules.working_days.stale(today)
        this_minute = local.time().replace(second=0, microsecond=0)
        return Due(day=today, hour=this_minute, zone=zone, at=now.astimezone(UTC), stale=stale)
    later = due_at(today, hour, zone, rules)
    return later if later.at > now else due_at(_moved(today, 1), hour, zone, rules)


@lru_cache(maxsize=1 << 14)
def allowed_day(day: date, rules: Rules, direction: Direction = 1) -> date:
    """The nearest day that the rules allow, at or after `day` (or at or before it)."""
    found = day
    for _ in range(MOST_DAYS):
        if rules.allows(found):
            return found
        found = _moved(found, direction)
    while not rules.working_days.works(day):
        day = _moved(day, direction)
    return day


def moment(day: date, hour: time, zone: str) -> datetime:
    """The moment in UTC at which the local clock shows this: the first one where it does so twice.

    Where it never does, since it is put forward, the first moment after.
    """
    steady = _steady(day, zone)
    if steady is not None:
        return datetime.combine(day, hour, UTC) - steady
    wished = datetime.combine(day, hour)
    there = ZoneInfo(zone)
    at = wished.replace(tzinfo=there).astimezone(UTC)
    return at if _shown(at, there) == wished else _after_the_gap(wished, there)


@lru_cache(maxsize=1 << 14)
def _steady(day: date, zone: str) -> timedelta | None:
    """The zone's offset on this day; None where the clock is changed on it or on the days beside it.

    Nearly every day is steady, and asking the zone once a day is much quicker than once a reminder.
    """
    # Between 14 hours before UTC and 12 after, a local day lies within 27 hours of this noon.
    noon = datetime.combine(day, time(12), UTC)
    offsets = {(noon + timedelta(hours=hours)).astimezone(ZoneInfo(zone)).utcoffset() for hours in (-27, 0, 27)}
    return offsets.pop() if len(offsets) == 1 else None


def _after_the_gap(wished: datetime, zone: tzinfo) -> datetime:
    # The offset of before the gap leads behind it, that of after the gap in front of it.
    before = wished.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wished.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while after - before > ONE_SECOND:
        middle = before + timedelta(seconds=(after - before) // ONE_SECOND // 2)
        before, after = (middle, after) if _shown(middle, zone) < wished else (before, middle)
    return after


def _shown(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _as_meant(at: datetime, day: date, hour: time, zone: str, rules: Rules) -> bool:
    """The clock shows this day and an hour that is not quiet, even where it was put forward (a whole day at Apia)."""
    if _steady(day, zone) is not None:
        return True
    shown = _shown(at, ZoneInfo(zone))
    return shown.date() == day and (shown.time() == hour or not rules.quiet.covers(shown.time()))


def _moved(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)
