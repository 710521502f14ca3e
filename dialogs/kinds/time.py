"""A time of day: 10:00, 上午10点, 下午三点半, 3pm."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from dialogs.flow import Question
from dialogs.kinds import peel
from dialogs.kinds.base import Circumstance, Note, Read, Reading, Unclear, Unread, register
from dialogs.kinds.days import arabic
from dialogs.kinds.normalize import plain, unspaced

_MORNING = "上午|早上|早晨|清晨|朝早|早"
_AFTERNOON = "下午|下昼|傍晚"
_NIGHT = "晚上|夜晚|晚间|晚黑|晚|夜里|夜间|深夜|半夜"
_SMALL_HOURS = "凌晨"
_NOON = "中午|正午"
_CLOCK = re.compile(
    rf"(?P<part>{_MORNING}|{_AFTERNOON}|{_NIGHT}|{_SMALL_HOURS}|{_NOON}|at)?(?P<hour>[0-9]{{1,2}})"
    r"(?:(?::|点钟?|时|h|\.)(?P<minute>[0-9]{1,2}|半|1刻|3刻)?分?正?整?)?(?P<half>am|pm|a\.m\.?|p\.m\.?)?(?:o'clock)?"
)
_NAMED = {"中午": time(12), "正午": time(12), "noon": time(12), "午夜": time(0), "半夜": time(0), "midnight": time(0)}
_MINUTES = {None: 0, "半": 30, "1刻": 15, "3刻": 45}
#: Up to this hour a time without a part of the day is more likely one after noon; from the second on it may be either.
_OPEN_UNTIL, _EITHER_FROM = 8, 6
_HALF_A_DAY = 12


class TimeOfDay:
    """Hours and minutes; a bare 10 is 10:00."""

    name = "time"
    harmless = True

    def read(self, text: str, question: Question, circumstance: Circumstance) -> Reading:
        """Understand what a person typed. Never raises, on any text."""
        core = peel.hedges(unspaced(plain(text))[:40]).core
        if not core:
            return Unread(note=Note(key="empty"))
        if core in _NAMED:
            return Read(value=_NAMED[core])
        found = _CLOCK.fullmatch(arabic(core))
        value = None if found is None else _clock(found)
        if found is None or value is None:
            return Unread(note=Note(key="not-a-time"))
        return _which(value) if _is_open(found, value) else Read(value=value)

    def take(self, raw: object, question: Question) -> Reading:
        """No JSON number is a time."""
        return Unread(note=Note(key="not-a-time"))

    def encode(self, value: Any) -> str:
        """HH:MM."""
        return value.strftime("%H:%M")

    def decode(self, kept: Any, question: Question) -> time:
        """The time from JSON; ValueError where it is none."""
        if not isinstance(kept, str):
            raise ValueError(f"{question.id}: no time is kept")
        return time.fromisoformat(kept)

    def say(self, value: Any, question: Question, circumstance: Circumstance) -> str:
        """10:00 in every language."""
        return value.strftime("%H:%M")


def _clock(found: re.Match[str]) -> time | None:
    minute = _MINUTES.get(found["minute"], -1)
    minute = int(found["minute"]) if minute < 0 else minute
    hour = _hour(int(found["hour"]), found["part"] or "", (found["half"] or "").replace(".", ""))
    return time(hour, minute) if hour is not None and minute < 60 else None


def _is_open(found: re.Match[str], value: time) -> bool:
    """三点, 3:30: without a part of the day, and not written as clocks of 24 hours do."""
    bare = found["part"] in (None, "at") and found["half"] is None and not found["hour"].startswith("0")
    return bare and 1 <= value.hour <= _OPEN_UNTIL


def _which(early: time) -> Unclear:
    """Before or after noon: the hour after noon is offered, and one that people rise at as well."""
    late = early.replace(hour=early.hour + _HALF_A_DAY)
    values = {"hour": str(early.hour), "clock": f"{early.hour}:{early:%M}"}
    if early.hour < _EITHER_FROM:
        note = Note(key="after-noon" if early.minute else "after-noon-sharp", values=values)
        return Unclear(candidates=(late,), note=note)
    note = Note(key="before-or-after-noon" if early.minute else "before-or-after-noon-sharp", values=values)
    return Unclear(candidates=(late, early), note=note)


def _hour(hour: int, part: str, half: str) -> int | None:
    """The hour of the day; None where the part of the day contradicts it."""
    if half == "am" or part == _SMALL_HOURS:
        return hour % _HALF_A_DAY if hour <= _HALF_A_DAY else None
    if part in _NIGHT.split("|"):
        return _at_night(hour)
    if part in _NOON.split("|"):
        return {10: 10, 11: 11, 12: 12, 13: 13, 14: 14, 1: 13, 2: 14}.get(hour)
    if half == "pm" or part in _AFTERNOON.split("|"):
        return hour if hour >= _HALF_A_DAY and hour < 24 else hour + _HALF_A_DAY if 0 < hour < _HALF_A_DAY else None
    if part in _MORNING.split("|"):
        return hour if hour <= _HALF_A_DAY else None
    return hour if hour < 24 else None


def _at_night(hour: int) -> int | None:
    """晚上零点 and 半夜12点 are midnight, 夜里两点 is two in the morning, 晚上8点 is 20:00."""
    if hour in (0, _HALF_A_DAY, 24):
        return 0
    return hour if hour <= 4 or _HALF_A_DAY < hour < 24 else hour + _HALF_A_DAY if hour < _HALF_A_DAY else None


TIME = register(TimeOfDay())
