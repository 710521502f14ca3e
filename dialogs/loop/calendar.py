"""What dialogs ask of a calendar: the quarters of a contract and the dates of its reminders.

The calendar itself stands in `scheduler` and is put into the Book by whoever builds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from dialogs.loop.contracts import Contract
from dialogs.owner import Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A stretch of a contract that is reviewed as one; both days belong to it."""

    period: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A reminder: review, ending, exit or duties. `at` has the owner's offset; `late`: its time passed.

    `stale`: the holidays of its year are not known yet.
    """

    contract: int
    period: str
    kind: str
    nth: int
    at: datetime
    late: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A date with its words, for a calendar file."""

    date: Date
    heading: str
    text: str


class Calendar(Protocol):
    """Pure: the same question gets the same answer."""

    def quarters(self, contract: Contract, until: date) -> Sequence[Quarter]:
        """Those that begin at or before `until`, oldest first; none where the start is not known."""
        ...

    def quarter(self, contract: Contract, period: str) -> Quarter | None:
        """The one of this name; None where the contract has none."""
        ...

    def ends_on(self, contract: Contract) -> date | None:
        """The last day in force; None: not known."""
        ...

    def upcoming(self, owner: Owner, now: datetime, count: int) -> Sequence[Date]:
        """The next dates of all the owner's contracts."""
        ...

    def planned(self, owner: Owner, now: datetime) -> Sequence[Date]:
        """All that is to be sent within the next year or so."""
        ...

    def due(self, owner: Owner, now: datetime) -> Sequence[Date]:
        """What may and should be sent at this moment."""
        ...

    def fell_due(self, owner: Owner, now: datetime) -> Sequence[Date]:
        """What to tell one who has come by himself: nobody minds the hour then."""
        ...

    def missed(self, owner: Owner, number: int, now: datetime) -> Sequence[str]:
        """The periods of a contract that are over and not reviewed, oldest first."""
        ...

    def blackouts(self) -> Sequence[str]:
        """The names of the weeks that an owner is offered to keep free."""
        ...

    def file(self, owner: Owner, noted: Iterable[Noted], name: str, now: datetime) -> bytes:
        """The dates as a file for a phone's calendar."""
        ...


class NoCalendar:
    """Knows no dates: where dialogs run without one."""

    def quarters(self, contract: Contract, until: date) -> Sequence[Quarter]:
        """None."""
        return ()

    def quarter(self, contract: Contract, period: str) -> Quarter | None:
        """None."""
        return None

    def ends_on(self, contract: Contract) -> date | None:
        """Not known."""
        return None

    def upcoming(self, owner: Owner, now: datetime, count: int) -> Sequence[Date]:
        """None."""
        return ()

    def planned(self, owner: Owner, now: datetime) -> Sequence[Date]:
        """None."""
        return ()

    def due(self, owner: Owner, now: datetime) -> Sequence[Date]:
        """None."""
        return ()

    def fell_due(self, owner: Owner, now: datetime) -> Sequence[Date]:
        """None."""
        return ()

    def missed(self, owner: Owner, number: int, now: datetime) -> Sequence[str]:
        """None."""
        return ()

    def blackouts(self) -> Sequence[str]:
        """None."""
        return ()

    def file(self, owner: Owner, noted: Iterable[Noted], name: str, now: datetime) -> bytes:
        """Empty."""
        return b""
