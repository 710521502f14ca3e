"""A time zone: 北京时间, Shanghai, Europe/Berlin, UTC+8. Kept by its name in the tz database.

Well-known names stand in `words.yaml` under zones. Not its job: what the clock shows there (`scheduler`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from dialogs.flow import Question
from dialogs.kinds import days, peel, words
from dialogs.kinds.base import Circumstance, Note, Read, Reading, Unread, register
from dialogs.kinds.normalize import plain
from dialogs.kinds.phrases import load, phrase

_OFFSET = re.compile(r"(?:utc|gmt)(?P<sign>[+-])0?(?P<hours>[0-9]{1,2})(?::?00)?")
_CHINESE_OFFSET = re.compile(r"(?P<side>东|西)(?P<hours>[0-9]{1,2})区")
_SIGNS = re.compile(r"[/_+]")
_SPACES = re.compile(r"[ _]+")
#: What a place may be followed by: 香港时间, Berlin time.
_TIME = re.compile(r"(?:当地)?时间$|时区$| (?:standard )?(?:time|timezone|time zone)$")
#: The tz database counts hours west of Greenwich, people count them east: only `_OFFSET` reads these.
_COUNTED = "Etc/"
_FARTHEST = {"+": 14, "-": 12}
_OURS = "Asia/Shanghai"


class Zone:
    """A place or an offset of whole hours; what names none is asked for again, never guessed."""

    name = "zone"
    harmless = True

    def read(self, text: str, question: Question, circumstance: Circumstance) -> Reading:
        """Understand what a person typed. Never raises, on any text."""
        read = plain(text)
        found = named(read)
        return Read(value=found) if found else Unread(note=Note(key="not-a-zone" if read else "empty"))

    def take(self, raw: object, question: Question) -> Reading:
        """No JSON number is a zone."""
        return Unread(note=Note(key="not-a-zone"))

    def encode(self, value: Any) -> str:
        """Its name in the tz database."""
        return named(value) or value

    def decode(self, kept: Any, question: Question) -> str:
        """The zone from JSON; ValueError where it is none."""
        found = named(kept) if isinstance(kept, str) else None
        if found is None:
            raise ValueError(f"{question.id}: no time zone is kept")
        return found

    def say(self, value: Any, question: Question, circumstance: Circumstance) -> str:
        """北京时间, or the name in the tz database where there is no word for it."""
        key = f"zone-{_SIGNS.sub('-', value.lower())}"
        return phrase(key, circumstance.language) if key in load() else value


def named(text: str) -> str | None:
    """The zone's name in the tz database; None where the text names none."""
    read = plain(text)
    return next((found for core in (read, *_cores(read)) if (found := _offset(core) or _names().get(_key(core)))), None)


def _cores(read: str) -> tuple[str, ...]:
    core = peel.hedges(read).core
    return core, _TIME.sub("", core)


def _key(text: str) -> str:
    return _SPACES.sub("", text)


def _offset(text: str) -> str | None:
    """UTC+8, GMT-3, 东八区; the one of eight hours east is ours."""
    read = _key(days.arabic(text))
    if found := _OFFSET.fullmatch(read):
        return _counted(found["sign"], int(found["hours"]))
    if found := _CHINESE_OFFSET.fullmatch(read):
        return _counted("+" if found["side"] == "东" else "-", int(found["hours"]))
    return None


def _counted(sign: str, hours: int) -> str | None:
    if hours > _FARTHEST[sign]:
        return None
    if not hours:
        return "UTC"
    return _OURS if (sign, hours) == ("+", 8) else f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"


@cache
def _names() -> Mapping[str, str]:
    """Every name for a zone: our own words before the tz database's, there a whole name before its last part."""
    whole = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
    places = [name for name in whole if not name.startswith(_COUNTED)]
    found = {_key(plain(name.rsplit("/", 1)[-1])): name for name in reversed(places)}
    found |= {_key(plain(name)): name for name in whole}
    return found | {_key(word): name for name in words.keys("zones") for word in words.listed("zones", name)}


ZONE = register(Zone())
