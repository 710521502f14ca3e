"""The one place that reads the clock: what time it is now, always aware and in UTC.

Not its job: calendars, quarters or the owner's time zone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Protocol

#: An empty file is looked at so often, so many seconds apart.
LOOKS, LOOK_AGAIN = 20, 0.005


class Clock(Protocol):
    """Gives the present moment, aware and in UTC."""

    def __call__(self) -> datetime:
        """The moment of this call."""
        ...


class ClockUnreadable(Exception):
    """The clock file does not hold a moment that can be read; the message says what it holds and what it should."""


def system_clock() -> datetime:
    """The machine's own clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FileClock:
    """A clock that stands where a file says: `path` holds one ISO 8601 moment with its offset, read at each use."""

    path: Path
    pause: Callable[[float], None] = field(default=sleep, compare=False)

    def __call__(self) -> datetime:
        """The moment in the file now; ClockUnreadable where there is none."""
        text = self._text()
        looks = 1
        # Who writes the file may just have emptied it.
        while not text and looks < LOOKS:
            self.pause(LOOK_AGAIN)
            text, looks = self._text(), looks + 1
        return self._moment(text)

    def _text(self) -> str:
        try:
            return self.path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise ClockUnreadable(f"{self.path}: cannot be read as a clock: {reason}") from error

    def _moment(self, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
            if moment.utcoffset() is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise ClockUnreadable(
            f"{self.path}: {text[:40]!r} is no moment with an offset; write it like 2026-03-01T09:00:00+08:00"
        )


def clock_for(clock_file: Path | None) -> Clock:
    """The clock that the settings ask for: the file's where one is named, else the machine's."""
    return FileClock(clock_file) if clock_file else system_clock
