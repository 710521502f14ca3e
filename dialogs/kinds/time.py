"""A time of day: 10:00, 上午10点, 下午三点半, 3pm."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from dialogs.flow import Question
from dialogs.kinds import peel
from dialogs.kinds.base import Circumstance, Note, Read, Reading, Unread, register
from dialogs.kinds.days import arabic
from dialogs.kinds.normalize import plain, unspaced

_BEFORE_NOON = "上午|早上|早晨|清晨|朝早|早"
_AFTER_NOON = "下午|下昼|傍晚|晚上|夜晚|晚间|晚黑|晚"
_CLOCK = re.compile(
    rf"(?P<part>{_BEFORE_NOON}|{_AFTER_NOON}|凌晨|半夜|中午|正午|at)?(?P<hour>[0-9]{{1,2}})"
    r"(?:(?::|点钟?|时|h|\.)(?P<minute>[0-9]{1,2}|半|1刻|3刻)?分?正?整?)?(?P<half>am|pm|a\.m\.?|p\.m\.?)?(?:o'clock)?"
)
_NAMED = {"中午": time(12), "正午": time(12), "noon": time(12), "午夜": time(0), "半夜": time(0), "midnight": time(0)}
_MINUTES = {None: 0, "半": 30, "1刻": 15, "3刻": 45}


class TimeOfDay:
    """Hours and minutes; a bare 10 is 10:00."""

    name = "time"

    def read(self, text: str, question: Question, circumstance: Circumstance) -> Reading:
        """Understand what a person typed. Never raises, on any text."""
        core = peel.hedges(unspaced(plain(text))[:40]).core
        if not core:
            return Unread(note=Note(key="empty"))
        found = _NAMED.get(core) or _clock(arabic(core))
        return Read(value=found) if found else Unread(note=Note(key="not-a-time"))

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


def _clock(text: str) -> time | None:
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    minute = _MINUTES.get(found["minute"], -1)
    hour = _hour(int(found["hour"]), found["part"] or "", (found["half"] or "").replace(".", ""))
    minute = int(found["minute"]) if minute < 0 else minute
    return time(hour, minute) if hour is not None and minute < 60 else None


def _hour(hour: int, part: str, half: str) -> int | None:
    """The hour of the day; None where the part of the day contradicts it."""
    if half == "am" or part in ("凌晨", "半夜"):
        return hour % 12 if hour <= 12 else None
    if half == "pm" or part in ("中午", "正午") or (part and part in _AFTER_NOON.split("|")):
        return _after_noon(hour, part)
    return hour if hour < (13 if part in _BEFORE_NOON.split("|") and part else 24) else None


def _after_noon(hour: int, part: str) -> int | None:
    """晚上12点 is midnight, 12pm is noon, 中午11点 is before it."""
    if hour == 12:
        return 0 if part in ("晚上", "夜晚", "晚间", "晚黑", "晚") else 12
    if hour in (10, 11) and part in ("中午", "正午"):
        return hour
    return hour + 12 if hour < 12 else hour if hour < 24 else None


TIME = register(TimeOfDay())
