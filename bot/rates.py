"""How often something may happen: read from a setting, and counted.

Moments are seconds of a clock that only goes forward, given as arguments.
"""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from dataclasses import dataclass

_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}
_WRITTEN = re.compile(r"(\d{1,6})\s*/\s*(s|min|h)(?:\s+burst\s+(\d{1,6}))?", re.ASCII)

#: People that are counted at most: who was not heard of for longest starts anew.
MOST_BUCKETS = 10_000
#: What is sent does not arrive as evenly as it was sent.
_MARGIN = 1.05


class BadRate(ValueError):
    """A rate is written like 30/s, 20/min or 120/min burst 60; 0 is for no limit"""

    def __init__(self) -> None:
        """Its docstring is the message."""
        super().__init__(type(self).__doc__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`count` in `seconds`; `burst` at once."""

    count: int
    seconds: float
    burst: int

    @staticmethod
    def read(text: str) -> Rate | None:
        """What a setting says; None: no limit. Raises BadRate."""
        if text.strip() == "0":
            return None
        found = _WRITTEN.fullmatch(text.strip())
        if found is None or int(found[1]) == 0:
            raise BadRate
        return Rate(count=int(found[1]), seconds=_SECONDS[found[2]], burst=max(1, int(found[3] or found[1])))


class Buckets:
    """A bucket a name, full at first, that fills by itself: for who may hurry at times."""

    def __init__(self, rate: Rate | None) -> None:
        self._rate = rate
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, now: float) -> bool:
        """Count one; False: it is one too many, and not counted."""
        if self._rate is None:
            return True
        left, at = self._left.get(name, (float(self._rate.burst), now))
        left = min(float(self._rate.burst), left + (now - at) * self._rate.count / self._rate.seconds)
        allowed = left >= 1.0
        self._left[name] = (left - 1.0 if allowed else left, now)
        self._left.move_to_end(name)
        while len(self._left) > MOST_BUCKETS:
            self._left.popitem(last=False)
        return allowed


class Windows:
    """Never more than the rate's count in any stretch of its seconds, for each name: for who counts exactly."""

    def __init__(self, rate: Rate | None) -> None:
        self._count = rate.count if rate is not None else 0
        self._seconds = rate.seconds * _MARGIN if rate is not None else 0.0
        self._at: dict[str, deque[float]] = {}

    def room(self, name: str, now: float, most: int) -> int:
        """How many are allowed at once, up to `most`."""
        return most if not self._count else min(most, self._count - len(self._recent(name, now)))

    def take(self, name: str, now: float) -> None:
        """Count one."""
        if self._count:
            self._at.setdefault(name, deque()).append(now)

    def full(self, now: float) -> frozenset[str]:
        """The names that are not allowed one now."""
        return frozenset(name for name in tuple(self._at) if len(self._recent(name, now)) >= self._count)

    def soonest(self, now: float) -> float | None:
        """Seconds until one of these is allowed one again; None: all are."""
        waits = [self._at[name][-self._count] + self._seconds - now for name in self.full(now)]
        return max(0.0, min(waits)) if waits else None

    def _recent(self, name: str, now: float) -> deque[float]:
        at = self._at.get(name)
        if at is None:
            return deque()
        while at and at[0] <= now - self._seconds:
            at.popleft()
        if not at:
            del self._at[name]
        return at
