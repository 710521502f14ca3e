"""What an owner, and the size of the installation, lay down for reminders: values and what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache
from hashlib import blake2b

from dialogs.quiet_hours import QUIET, Quiet
from scheduler.blackouts import Blackout
from scheduler.working_days import WorkingDays, shipped_working_days

#: So many messages leave in the minute at 30 a second: up to so many owners everyone gets his own hour.
ONE_MINUTE_SENDS = 1_800
#: So many leave in the two hours, with half of the channel kept free for replies.
ONE_MORNING_SENDS = 100_000
MANY_DAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far a storm of owners is spread: over so many working days, and over two hours of each where `minutes`.

    An owner's share is a hash of his name: the same in every quarter and after every restart.
    """

    days: int = 1
    minutes: bool = False
    #: Minutes: a wish for 10:00 becomes 9:30 to 11:29.
    earliest: int = -30
    width: int = 120

    def days_later(self, owner: str) -> int:
        """So many working days after the first one."""
        return _hashed(owner) % self.days if self.days > 1 else 0

    def hour(self, wished: time, owner: str, quiet: Quiet) -> time:
        """The owner's hour, moved within the two hours around it, but never into his quiet hours."""
        if not self.minutes:
            return wished
        minute = wished.hour * 60 + wished.minute + self.earliest + _hashed(owner) // MANY_DAYS % self.width
        moved = time(*divmod(max(0, min(minute, 24 * 60 - 1)), 60))
        return wished if quiet.covers(moved) else moved


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rules:
    """When reminders may go out. Two of them are never equal: days that were found are remembered by identity."""

    quiet: Quiet = QUIET
    blackouts: tuple[Blackout, ...] = ()
    spread: Spread = Spread()
    working_days: WorkingDays = field(default_factory=shipped_working_days)

    def allows(self, day: date) -> bool:
        """Worked, and in no weeks that the owner keeps free."""
        return self.working_days.works(day) and not any(blackout.covers(day) for blackout in self.blackouts)

    def hour(self, wished: time, owner: str) -> time:
        """The local hour for this owner: the wished one, or where that is quiet the first after the quiet hours."""
        if self.quiet.covers(wished):
            wished = self.quiet.ends
        return self.spread.hour(wished, owner, self.quiet)


def spread_for(owners: int) -> Spread:
    """How far to spread an installation of so many owners; a small one not at all."""
    return Spread(days=MANY_DAYS if owners > ONE_MORNING_SENDS else 1, minutes=owners > ONE_MINUTE_SENDS)


@lru_cache(maxsize=1 << 10)
def _hashed(owner: str) -> int:
    return int.from_bytes(blake2b(owner.encode("utf-8", "surrogatepass"), digest_size=6).digest(), "big")
