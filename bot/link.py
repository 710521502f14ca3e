"""What is known of the connection to the server of the Bot API: when it answered, what fails, and since when.

All moments are those of the event loop, in seconds. Not its job: deciding what is an alarm (`alarms`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

#: Seconds after the start in which a conflict tells a newcomer: whoever ran before comes back after half a second.
NEWCOMER = 2.0
#: Telegram answers the second of two conflicts some three seconds late: so long after the start may the first and the
#: second conflict of a newcomer come.
LATE_FIRST, LATE_SECOND = 4.0, 8.0
#: Refusals of the token in a row that are no accident: a proxy may answer one odd 401.
REFUSALS = 2
#: Seconds after which a program whose token stays refused ends.
GIVES_UP = 300.0
#: Seconds within which two conflicts mean that another program really stays.
CONFLICTS_WITHIN = 120.0


def _now() -> float:
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class TokenSeen:
    """What the server said of the token lately; any other answer of the Bot API than a refusal proves it good."""

    #: The status of the last refusal; 0 while the token is good.
    status: int = 0
    #: Refusals in a row, and all since the start.
    in_a_row: int = 0
    total: int = 0
    since: float = 0.0

    def refused(self, status: int) -> None:
        """The server does not know the token."""
        self.since = self.since if self.in_a_row else _now()
        self.status = status
        self.in_a_row += 1
        self.total += 1

    def accepted(self) -> None:
        """The server knows the token."""
        self.status = self.in_a_row = 0

    @property
    def is_refused(self) -> bool:
        """Whether the token is really refused, not by accident."""
        return self.in_a_row >= REFUSALS

    @property
    def is_hopeless(self) -> bool:
        """Whether it stayed refused for so long that waiting makes no sense."""
        return self.is_refused and _now() - self.since > GIVES_UP


@dataclass(slots=True)
class Link:
    """Of one bot."""

    began: float = field(default_factory=_now)
    #: When a poll was last answered.
    heard: float = field(default_factory=_now)
    #: Why polls fail now, as a word; empty: the last one was answered.
    failing: str = ""
    #: What is wrong with the webhook, as a word; empty: nothing, or there is none.
    deliveries: str = ""
    #: Who else takes the updates, as the last conflict said.
    contested_by: str = ""
    _first_conflict: float | None = None
    _conflicts: deque[float] = field(default_factory=lambda: deque[float](maxlen=2))

    def answered(self) -> None:
        """A poll was answered."""
        self.heard, self.failing = _now(), ""

    def conflict(self, reason: str) -> None:
        """Somebody else takes the updates: another poller, or a webhook."""
        self._conflicts.append(_now())
        self._first_conflict = self._first_conflict or _now()
        self.failing = self.contested_by = reason

    @property
    def gives_way(self) -> bool:
        """Whether the last conflict is that of a newcomer with a program that ran before."""
        age = _now() - self.began
        if age < NEWCOMER:
            return True
        is_early = self._first_conflict is not None and self._first_conflict - self.began < LATE_FIRST
        return is_early and len(self._conflicts) > 1 and age < LATE_SECOND

    @property
    def is_contested(self) -> bool:
        """Whether two conflicts came lately."""
        return len(self._conflicts) > 1 and _now() - self._conflicts[0] < CONFLICTS_WITHIN
