"""The names that expressions may read beside slots and formulas: counts, months of an option, the case before."""

from __future__ import annotations

#: Counts over the flags and clauses, for rules: surely so, and not surely not so.
FLAG_COUNTS = ("blockers", "possible_blockers", "warnings", "possible_warnings", "goods")
CLAUSE_COUNTS = ("missing_clauses", "possibly_missing_clauses")

#: The day on which an answer is given, for doubts.
TODAY = "today"

#: What a series reads of the case before begins with this; unknown in the first.
PREVIOUS = "previous_"
_MONTHS = "_months"


def months_name(slot: str) -> str:
    """The name under which rules read the months that a choice's option stands for."""
    return f"{slot}{_MONTHS}"


def without_months(name: str) -> str:
    """The slot whose months `name` may be; any other name as it is."""
    return name.removesuffix(_MONTHS)


def previous_name(name: str) -> str:
    """The name under which a series reads a value of the case before."""
    return f"{PREVIOUS}{name}"
