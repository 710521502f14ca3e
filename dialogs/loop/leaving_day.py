"""On which day an owner leaves a contract: the end of its term, or the day that they chose; never a guess.

Not its job: asking for it (`leaving`), the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dialogs.loop import contracts
from dialogs.loop.calendar import Calendar
from dialogs.loop.contracts import EXIT, Contract, day_of
from dialogs.owner import Kept, Owner

#: The answers of the slot `leave`.
AT_END, NOW = "at-end", "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """`how` is at-end, now or empty: not decided. `day` is the last day; None: not known."""

    how: str = ""
    day: date | None = None


def leaving_day(owner: Owner, contract: Contract | None, listed: Kept | None, calendar: Calendar) -> Leaving:
    """By the list of what is open; a day that ends the contract early and is on record counts before it."""
    if contract is not None and contract.ended_on is not None:
        return Leaving(how=NOW, day=contract.ended_on)
    answers: Mapping[str, Any] = {} if listed is None else listed.answers
    how = str(answers.get("leave") or "")
    if how == NOW:
        return Leaving(how=NOW, day=day_of(answers.get("leaves_on")))
    if how == AT_END:
        term = None if contract is None else calendar.ends_on(contract)
        return Leaving(how=AT_END, day=term or day_of(answers.get("ends_on")))
    return Leaving()


def latest_list(owner: Owner, number: int) -> Kept | None:
    """The list of what is open of a contract."""
    return next(iter(contracts.of_kind(owner, EXIT, number)[::-1]), None)
