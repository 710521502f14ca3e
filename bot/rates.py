"""How often something may happen: read from a setting, and counted.

Moments are seconds of a clock that only goes forward, given as arguments.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass

_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}
_WRITTEN = re.compile(r"(\d{1,6})\s*/\s*(s|min|h)(?:\s+burst\s+(\d{1,6}))?", re.ASCII)

#: People that are counted at most: who was not heard of for longest starts anew.
MOST_BUCKETS = 10_000
#: Another's clock may go a little faster.
_MARGIN = 1.005


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
    """Never more than the rate's count in any stretch of its seconds, for each name: for who counts exactly.

    Where between its beginning and its end something is counted is not known, since each is on its way for another
    time: so it holds its place from its beginning until the rate's seconds after its end.
    """

    def __init__(self, rate: Rate | None) -> None:
        self._count = rate.count if rate is not None else 0
        self._seconds = rate.seconds * _MARGIN if rate is not None else 0.0
        self._on_its_way: Counter[str] = Counter()
        self._ended: dict[str, deque[float]] = {}

    def room(self, name: str, now: float, most: int) -> int:
        """How many are allowed at once, up to `most`."""
        return most if not self._count else min(most, self._count - self._held(name, now))

    def take(self, name: str) -> None:
        """One begins."""
        if self._count:
            self._on_its_way[name] += 1

    def end(self, name: str, now: float) -> None:
        """One that was taken has ended."""
        if self._count:
            self._on_its_way[name] -= 1
            self._ended.setdefault(name, deque()).append(now)

    def full(self, now: float) -> frozenset[str]:
        """The names that are not allowed one now."""
        names = (*self._on_its_way, *self._ended) if self._count else ()
        return frozenset(name for name in names if self._held(name, now) >= self._count)

    def soonest(self, now: float) -> float | None:
        """Seconds until one of these is allowed one again; None: all are, or have to wait for an end first."""
        waits = [at for name in self.full(now) if (at := self._opens(name)) is not None]
        return max(0.0, min(waits) - now) if waits else None

    def _opens(self, name: str) -> float | None:
        """When so many of its places are free again that one is allowed, as far as that is known."""
        ended = self._ended.get(name, ())
        over = self._on_its_way[name] + len(ended) - self._count
        return ended[over] + self._seconds if over < len(ended) else None

    def _held(self, name: str, now: float) -> int:
        ended = self._ended.get(name)
        while ended and ended[0] <= now - self._seconds:
            ended.popleft()
        if not ended:
            self._ended.pop(name, None)
        if not self._on_its_way[name]:
            del self._on_its_way[name]
        return self._on_its_way[name] + len(ended or ())
