"""Breaks text into lines of a terminal's width, where a Chinese character takes two columns.

Not its job: where a line may be broken (`dialogs.line_breaking`), styles, or anything a terminal does by itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from dialogs import line_breaking

_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
_CONTROLS = frozenset({"Cc", "Cf", "Cs"})


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns_of(sign) for sign in text)


def printable(text: str) -> str:
    """The text without controls and direction signs: what somebody typed cannot move the cursor or turn a line."""
    if text.isprintable():
        return text
    spaced = text.replace("\t", " ")
    return "".join(sign for sign in spaced if sign == "\n" or unicodedata.category(sign) not in _CONTROLS)


def wrapped(text: str, width: int) -> Iterator[str]:
    """The lines of the text, none wider than `width` columns; its own line breaks stay."""
    yield from line_breaking.lines(printable(text), max(width, 2), columns)


def _columns_of(sign: str) -> int:
    if unicodedata.category(sign) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1
