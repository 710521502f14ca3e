"""What the reminders of one contract depend on: values, no reckoning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

#: contract: counted from the day it starts; calendar: January to March and so on.
QuarterRule = Literal["contract", "calendar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of one contract, as they are now; ValueError where they cannot be planned by.

    `owner` is CHANNEL:CHAT, `contract` the number of its record. `term_months` counts all months from the start,
    those of renewals included; None: no end is known, so that reviews go on. `ended_on` is the last day in force where
    it ended, or is going to end, before its term.
    """

    owner: str
    contract: int
    starts_on: date
    term_months: int | None
    ended_on: date | None = None
    quarters: QuarterRule = "contract"
    #: The owner's local time, to the minute.
    remind_at: time = time(10)
    #: As the tz database names it.
    timezone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        """Refuse what no calendar can follow."""
        if self.term_months is not None and not 1 <= self.term_months <= 1200:
            raise ValueError(f"a term of {self.term_months} months; 1 to 1200 can be planned")
        if not 1900 <= self.starts_on.year <= 2200:
            raise ValueError(f"a start in the year {self.starts_on.year}; 1900 to 2200 can be planned")
