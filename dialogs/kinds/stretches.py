"""Days from one to another, as they are typed: 7月1日到20日, 2026-07-01 2026-07-20, 1 July to 20 July.

Of days without a year the coming ones are meant.
"""

from __future__ import annotations

import re
from datetime import date

from dialogs.kinds import days
from dialogs.kinds.calendar_days import day_of
from dialogs.kinds.normalize import plain

#: Nobody types more.
_LONGEST = 60
_JOINT = re.compile(r"\s*(?:到|至|~|—|–|\bto\b|\buntil\b|-|\s)\s*")
_DAY_ALONE = re.compile(r"([0-9]{1,2})(?:日|号|st|nd|rd|th)?")


def find(text: str, today: date) -> tuple[date, date] | None:
    """The first and the last day, both counted; None where the text is nothing of the kind."""
    core = plain(text)
    if len(core) > _LONGEST:
        return None
    for joint in _JOINT.finditer(core):
        found = _between(core[: joint.start()], core[joint.end() :], today)
        if found is not None:
            return found
    return None


def _between(low: str, high: str, today: date) -> tuple[date, date] | None:
    first, last = _day(low, today), _day(high, today)
    alone = _DAY_ALONE.fullmatch(high)
    if first is not None and alone is not None:
        last = day_of(first.year, first.month, int(alone[1]))
    if first is None or last is None:
        return None
    if last < today and str(last.year) not in low + high:
        # A day without a year is the nearest one, which may lie behind.
        first, last = _later(first), _later(last)
    last = _later(last) if last < first else last
    return None if last < max(first, today) else (first, last)


def _later(day: date) -> date:
    """A year on, or the same day where the calendar ends; of 29 February the day before."""
    return day_of(day.year + 1, day.month, day.day) or day_of(day.year + 1, day.month, 28) or day


def _day(text: str, today: date) -> date | None:
    found = days.find(text if text.isascii() else text.replace(" ", ""), today)
    return None if found is None or found.whole_month else found.day
