"""When a message that did not go out is tried again, and until when that is worth it. Seconds of a steady clock.

Not its job: whether the server as a whole takes anything (`outage`), keeping what is decided (`dispatch`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

#: Pauses after a send that surely failed: the first; each is twice the one before.
FIRST_PAUSE = 1.0
#: Pauses after a send that may have arrived: every other pause of the same row, since only a few repeats are allowed.
UNCERTAIN_PAUSES = (1.0, 4.0, 16.0, 64.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """`tried_for`: for how long a message is tried; `longest`: the longest pause between two tries."""

    tried_for: float
    longest: float


#: An answer that is an hour late answers nothing: the person has asked again or gone. A reminder is meant for a day;
#: after it the owner is told in another way. The time of each begins when it could first be sent: neither an end of the
#: program nor another message in front takes any of it.
WORTH: Mapping[str, Worth] = {
    "reply": Worth(tried_for=3600.0, longest=60.0),
    "reminder": Worth(tried_for=24 * 3600.0, longest=600.0),
}


@dataclass(slots=True)
class _Tries:
    since: float
    failures: int = 0
    #: When it is tried next.
    due: float = 0.0


class Again:
    """The messages of one channel that have failed and are still wanted, by the outbox's numbers."""

    def __init__(self) -> None:
        self._tries: dict[int, _Tries] = {}

    def pause(self, message: int, lane: str, now: float, longest: float | None = None) -> float | None:
        """How long to wait after a send that surely failed, `longest` at most; None: it is not worth it any more."""
        worth, tries = WORTH[lane], self._tries.setdefault(message, _Tries(now))
        if now - tries.since >= worth.tried_for:
            self.settled(message)
            return None
        # Capped before it is doubled: after a day of tries the power would be no number any more.
        pause = min(worth.longest, FIRST_PAUSE * 2 ** min(tries.failures, 16))
        tries.failures += 1
        pause = _jittered(pause if longest is None else min(pause, longest))
        tries.due = now + pause
        return pause

    def uncertain(self, message: int, repeats: int, now: float) -> float:
        """How long to wait after a send that may have arrived, the message having been repeated so often before."""
        pause = _jittered(UNCERTAIN_PAUSES[min(repeats, len(UNCERTAIN_PAUSES) - 1)])
        self._tries.setdefault(message, _Tries(now)).due = now + pause
        return pause

    def without_fault(self, message: int, now: float) -> None:
        """The message was not sent for a reason that is not its own: the time in which it is tried begins again."""
        self._tries.setdefault(message, _Tries(now)).since = now

    def settled(self, message: int) -> None:
        """It is tried no more, or need not be."""
        self._tries.pop(message, None)

    def waiting(self) -> list[int]:
        """Those that wait for their next try; some may have been settled without us."""
        return list(self._tries)

    def soonest(self, now: float) -> float | None:
        """Seconds until the next of them is tried; None: none has its moment still before it."""
        waits = [tries.due - now for tries in self._tries.values() if tries.due > now]
        return min(waits) if waits else None

    def forget_the_old(self, now: float) -> None:
        """Leave out those that nobody can be trying any more, such as messages of people who were forgotten."""
        longest = max(worth.tried_for + worth.longest for worth in WORTH.values())
        self._tries = {message: tries for message, tries in self._tries.items() if now - tries.since <= 2 * longest}


def _jittered(pause: float) -> float:
    """A little more or less, so that what failed together does not come back together."""
    return pause * random.SystemRandom().uniform(0.9, 1.1)
