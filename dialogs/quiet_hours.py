"""The hours of the night in which no reminder goes out: the one place that says which these are.

Not its job: moving a reminder (`scheduler.rules`), asking about an hour that lies in them (`doubting`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Local hours without reminders, from `starts` up to but without `ends`; no such hours where both are the same."""

    starts: time = time(21)
    ends: time = time(9)

    def covers(self, hour: time) -> bool:
        """No reminder at this hour."""
        if self.starts <= self.ends:
            return self.starts <= hour < self.ends
        return hour >= self.starts or hour < self.ends

    def left(self, hour: time) -> int:
        """Minutes from this hour until the quiet hours end; 0 where it is none of them."""
        return (_minutes(self.ends) - _minutes(hour)) % _DAY if self.covers(hour) else 0


#: Those of everybody.
QUIET = Quiet()


def _minutes(hour: time) -> int:
    return hour.hour * 60 + hour.minute
