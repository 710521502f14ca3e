"""What the record bears of a promise in one quarter: what the contract says, what was only said, what was reached.

A letter claims nothing else. Not its job: the words (`letters`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from dialogs.loop.calendar import Calendar, Quarter
from dialogs.loop.contracts import Contract
from dialogs.loop.series import Case

#: Quarters in a year: the contract's sum is that of a year.
_QUARTERS = 4
_MONTHS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """`case` is None where no quarter was reviewed. `since` is the day (ISO) of the supplement in force, or empty.

    `a_year` is what the contract in force guarantees, 0 where it guarantees nothing, None where that is not known.
    `written` is the quarter's part of it; None also where the quarter has no plain fourth of a year's sum.
    """

    case: Case | None
    terms: Mapping[str, Any]
    since: str
    a_year: Fraction | None
    written: Fraction | None

    def figure(self, name: str) -> Fraction | None:
        """A figure of the quarter's review."""
        return None if self.case is None else self.case.deduction[name]

    @property
    def share(self) -> Fraction | None:
        """What was reached of the written part; None: not known, or nothing is in writing."""
        reached = self.figure("net_sales")
        return None if not self.written or reached is None else reached / self.written

    @property
    def spoken(self) -> Fraction | None:
        """What the agency named for the quarter beyond the contract; None where that is nothing, or not known."""
        said = self.figure("promised_sales")
        if said is None:
            said = _part(amount(self.terms.get("promised_sales")))
        written = _part(self.a_year)
        return said if said and (written is None or said > written) else None

    @property
    def fell_short(self) -> bool:
        """It surely missed what is in writing."""
        return self.share is not None and self.share < 1

    @property
    def fell_short_of_words(self) -> bool:
        """It surely missed what was only said."""
        reached, said = self.figure("net_sales"), self.spoken
        return reached is not None and said is not None and reached < said

    @property
    def refund(self) -> Fraction | None:
        """The fee of the quarter for the written part that was not reached; None where that cannot be told."""
        fee, share = self.figure("service_fee"), self.share
        return None if fee is None or share is None or share >= 1 else fee * (1 - max(Fraction(0), share))


def claim(contract: Contract | None, calendar: Calendar, case: Case | None, today: date) -> Claim:
    """The claim of a quarter, by the terms in force on its first day; without a quarter by those of today."""
    if contract is None:
        return Claim(case=case, terms={}, since="", a_year=None, written=None)
    quarter = None if case is None else calendar.quarter(contract, case.period)
    first = today if quarter is None else quarter.starts_on
    terms = contract.terms(first)
    a_year = amount(terms.get("guarantee"))
    whole = quarter is not None and _is_whole(quarter) and not _changed_within(contract, quarter)
    return Claim(
        case=case, terms=terms, since=max((one for one in contract.amended_on if one <= first.isoformat()), default=""),
        a_year=a_year, written=_part(a_year) if whole or a_year == 0 else None,
    )  # fmt: skip


def amount(kept: Any) -> Fraction | None:
    """A sum as JSON keeps it; None where it is not known."""
    try:
        return None if kept is None else Fraction(Decimal(str(kept)))
    except (InvalidOperation, ValueError):
        return None


def _part(a_year: Fraction | None) -> Fraction | None:
    return None if a_year is None else a_year / _QUARTERS


def _is_whole(quarter: Quarter) -> bool:
    """Three months from its first day to the eve of the same day, or of the month's first where that is missing."""
    after = quarter.ends_on + timedelta(days=1)
    months = (after.year - quarter.starts_on.year) * 12 + after.month - quarter.starts_on.month
    short_month = after.day < quarter.starts_on.day and (after + timedelta(days=1)).month != after.month
    return months == _MONTHS and (after.day == quarter.starts_on.day or short_month)


def _changed_within(contract: Contract, quarter: Quarter) -> bool:
    """Whether what is promised or refunded became another in the midst of the quarter."""
    before = contract.terms(quarter.starts_on)
    inside = [one for one in contract.amended_on if quarter.starts_on.isoformat() < one <= quarter.ends_on.isoformat()]
    later = [contract.terms(date.fromisoformat(one)) for one in inside]
    return any(terms.get(slot) != before.get(slot) for terms in later for slot in ("guarantee", "refund"))
