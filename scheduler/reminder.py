"""A reminder, its key, and what has become of a contract's reminders so far: values and the owner's wishes on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from scheduler.due import Due

#: review: a quarter is over; ending: the contract is about to end; exit: something is still to be handed over;
#: duties: a month is over, for whoever wants the monthly checklist.
Kind = Literal["review", "ending", "exit", "duties"]
#: Owner, contract, period, kind, nth: no two reminders have the same, and none goes out twice.
Key = tuple[str, int, str, Kind, int]
#: The part of a key within one contract.
Step = tuple[str, Kind, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """`period` is the quarter's name, for an ending the contract's last day (ISO). `nth` counts from 1.

    `late`: its time passed unused, so that it goes out as soon as may be.
    """

    owner: str
    contract: int
    period: str
    kind: Kind
    nth: int
    due: Due
    late: bool = False

    @property
    def key(self) -> Key:
        """What makes it this reminder, whenever it is due."""
        return self.owner, self.contract, self.period, self.kind, self.nth


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """After the `after`th reminder the next comes at `until`, the rest follow; None: no more of this period."""

    after: int
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What has become of one contract's reminders.

    `sent` holds the owner's local day on which each went out; `reviewed` the periods whose review is done. What was
    due before `since` (the contract was entered, or reminders were switched on again) is not made up for.
    """

    since: datetime | None = None
    sent: Mapping[Step, date] = field(default_factory=dict[Step, date])
    reviewed: frozenset[str] = frozenset()
    snoozed: Mapping[tuple[str, Kind], Snooze] = field(default_factory=dict[tuple[str, Kind], Snooze])
    muted: bool = False

    def sent_of(self, period: str, kind: Kind) -> dict[int, date]:
        """The days on which the reminders of a period went out, by nth."""
        return {nth: day for (name, sort, nth), day in self.sent.items() if (name, sort) == (period, kind)}


#: A contract that nothing has happened to.
UNTOUCHED = Progress()


def mark_sent(progress: Progress, reminder: Reminder, day: date) -> Progress:
    """It went out on this local day."""
    return replace(progress, sent={**progress.sent, (reminder.period, reminder.kind, reminder.nth): day})


def mark_reviewed(progress: Progress, period: str) -> Progress:
    """The quarter's review is done: no more reminders of it."""
    return replace(progress, reviewed=progress.reviewed | {period})


def snooze(progress: Progress, reminder: Reminder, until: date | None) -> Progress:
    """Let the next reminder of the period come at `until` (a day, a week later); None: not before the next quarter."""
    wish = Snooze(after=reminder.nth, until=until)
    return replace(progress, snoozed={**progress.snoozed, (reminder.period, reminder.kind): wish})


def mute(progress: Progress) -> Progress:
    """No reminders of this contract at all."""
    return replace(progress, muted=True)


def unmute(progress: Progress, now: datetime) -> Progress:
    """Reminders again, from now on."""
    return replace(progress, muted=False, since=now)
