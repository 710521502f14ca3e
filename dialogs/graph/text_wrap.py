"""Breaks a text into lines of a width in ems, as far as that can be told without the font."""

from __future__ import annotations

import unicodedata

from dialogs import line_breaking

#: Width of what is not wide, in ems: as in DejaVu Sans, the widest of the fonts that may stand in for ours.
_NARROW, _CAPITAL, _THIN, _BROAD = 0.62, 0.75, 0.35, 0.96


def width(text: str) -> float:
    """About how wide the text is, in ems."""
    return sum(_width(sign) for sign in text)


def _width(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WF" or sign in "“”‘’—…":
        return 1.0
    if sign in " .,:;'|!ijl":
        return _THIN
    if sign in "mwMW%@":
        return _BROAD
    return _CAPITAL if sign.isupper() else _NARROW


def wrap(text: str, ems: float) -> list[str]:
    """The lines that have something in them; a word that is wider than a line is cut."""
    return [line for line in line_breaking.lines(text, ems, width) if line.strip()]
