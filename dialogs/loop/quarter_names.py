"""Names a contract's quarter and its days for a reader."""

from __future__ import annotations

from datetime import date

from dialogs.loop.contracts import Contract
from dialogs.speaking import Speaker


def quarter(speaker: Speaker, contract: Contract | None, period: str) -> str:
    """The quarter with its days, as far as they are known."""
    found = None if contract is None else speaker.book.calendar.quarter(contract, period)
    name = short(speaker, period)
    if found is None:
        return name
    days = {"first": found.starts_on.isoformat(), "last": found.ends_on.isoformat()}
    return speaker.phrase("quarter-days", quarter=name, **days)


def short(speaker: Speaker, period: str) -> str:
    """The quarter alone: that of the contract by its number, of the calendar by its year."""
    year, _, number = period.rpartition("Q")
    key = "quarter-of-year" if year else "quarter-of-contract"
    return speaker.phrase(key, year=year, number=number) if number.isdigit() else period


def month(speaker: Speaker, period: str) -> str:
    """2026-05 as a month."""
    year, _, number = period.partition("-")
    return speaker.phrase("month-of-year", year=year, month=str(int(number)) if number.isdigit() else number)


def days_until(day: date, today: date) -> str:
    """So many days, as digits."""
    return str(max(0, (day - today).days))
