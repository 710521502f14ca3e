"""A value of a law in a finding: as short as it can be, the same in every language."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from dialogs.outcome import exact


def said(value: Any) -> str:
    """yes, no, ? for unknown, a number with up to four places, or an id."""
    if value is None:
        return "?"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{exact(value, 4).normalize():f}" if isinstance(value, Fraction) else str(value)
