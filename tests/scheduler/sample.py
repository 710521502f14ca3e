"""Contracts and moments that the tests of the scheduler share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from scheduler.reminder import Reminder
from scheduler.rules import Rules
from scheduler.terms import Terms

RULES = Rules()
TERMS = Terms(owner="terminal:wang", contract=1, starts_on=date(2026, 1, 1), term_months=12)


def terms(**changed: Any) -> Terms:
    """A contract of 2026 in Guzhen, but for what is said."""
    return replace(TERMS, **changed)


def at(written: str) -> datetime:
    """A moment: `2026-10-08 10:00` in China, or ISO 8601 with its own offset."""
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else datetime.fromisoformat(written + "+08:00")


def dates(reminders: list[Reminder]) -> list[tuple[str, int, str]]:
    """Period, nth and local moment of each."""
    return [(one.period, one.nth, one.due.local().strftime("%Y-%m-%d %H:%M")) for one in reminders]


def reviews(reminders: list[Reminder]) -> list[Reminder]:
    """Those of reviews."""
    return [one for one in reminders if one.kind == "review"]


def endings(reminders: list[Reminder]) -> list[Reminder]:
    """Those of endings."""
    return [one for one in reminders if one.kind == "ending"]
