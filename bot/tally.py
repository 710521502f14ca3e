"""Counts what a serving program does, as plain numbers: whoever shows them reads them here.

Nothing of what anybody said is ever a name here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from math import inf, nan
from typing import get_args

from storage.outbox import LANES, GivenUpAs

#: Seconds.
BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)

#: What becomes of a delivery: taken in; without our secret; too long; no JSON object; to come again later.
DELIVERIES = ("taken", "secret", "long", "unreadable", "later")
#: Why a poll fails. Others, such as the status of an answer, are added when they happen.
POLL_FAILURES = ("dns", "refused", "tls", "timeout", "unreachable", "proxy", "cut", "closed", "conflict", "webhook",
                 "401", "storage", "too-much", "error")  # fmt: skip
#: What else becomes of an update: it came again; beyond the limit; not readable; without a number; not to be taken in.
BESIDES = ("repeated", "throttled", "unreadable", "unnumbered", "failed")


@dataclass(slots=True)
class Spread:
    """How long something took: how many took up to each of BOUNDS (the last: longer), and all seconds together."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


def _none_given_up() -> Counter[tuple[str, str]]:
    """Each lane and reason is there from the start, so that the first one is seen as a rise."""
    return Counter({(lane, why): 0 for lane in LANES for why in get_args(GivenUpAs)})


@dataclass(slots=True)
class Tally:
    """Since the start. `alarms` has those that are on now."""

    updates: Counter[str] = field(default_factory=Counter[str])
    sends: Counter[str] = field(default_factory=Counter[str])
    #: Messages that are tried no more though they were wanted, by lane and reason.
    given_up: Counter[tuple[str, str]] = field(default_factory=_none_given_up)
    #: Loop time at which the last of them was given up.
    given_up_at: float = float("-inf")
    failed_events: int = 0
    storage_errors: int = 0
    rounds: Spread = field(default_factory=Spread)
    steps: Spread = field(default_factory=Spread)
    #: Questions to the books, by what was decided.
    matched: Counter[str] = field(default_factory=Counter[str])
    #: Polls that failed, by why.
    failed_polls: Counter[str] = field(default_factory=Counter[str])
    in_flight: int = 0
    outbox_depth: int = 0
    outbox_age: float = 0.0
    reminders_due: int = 0
    reminders_late: int = 0
    alarms: set[str] = field(default_factory=set[str])
    #: Answers that refused the token.
    token_refused: int = 0
    #: What Telegram delivered, by what became of it: see DELIVERIES.
    deliveries: Counter[str] = field(default_factory=Counter[str])
    #: When the program started, in seconds since 1970.
    started: float = nan
    #: NaN stands for what is not known, or is not there, such as the lease of a SQLite file.
    database_bytes: float = nan
    disk_free: float = nan
    lease_epoch: float = nan
    lease_seconds: float = nan
    #: Seconds since the last backup; endless where there was none.
    backup_age: float = inf

    def give_up(self, lane: str, why: GivenUpAs, now: float) -> None:
        """Count a message that is tried no more."""
        self.given_up[lane, why] += 1
        self.given_up_at = now
