"""A value of a law in a finding: as short as it can be, the same in every language."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from dialogs.outcome import exact

_PLACES = 12


def said(value: Any) -> str:
    """yes, no, ? for unknown, a number with up to four places, or an id."""
    if value is None:
        return "?"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{exact(value, 4).normalize():f}" if isinstance(value, Fraction) else str(value)


def told_apart(wanted: Any, got: Any) -> tuple[str, str]:
    """Both, with more places where four would make them look alike."""
    first, second = said(wanted), said(got)
    if first == second and isinstance(wanted, Fraction) and isinstance(got, Fraction):
        return f"{exact(wanted, _PLACES).normalize():f}", f"{exact(got, _PLACES).normalize():f}"
    return first, second
