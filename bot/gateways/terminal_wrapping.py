"""Breaks text into lines of a width, counting a Chinese character as two columns and breaking where Chinese may.

Not its job: styles, or anything a terminal does by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_WIDE = (
    r"\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U0001f000-\U0003fffd"
)
#: Signs that may not end a line, and signs that may not begin one.
_OPENING = r"“‘（《〈「『【〔(\["
_CLOSING = r"”’，。、；：！？）》〉」』】〕…,.;:!?)\]%"
#: What is never broken: a word of letters, or one wide character, with the signs that belong to it.
_UNITS = re.compile(rf"\s+|[{_OPENING}]*(?:(?:(?![{_WIDE}])\S)+|[{_WIDE}])?[{_CLOSING}]*")

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
    for paragraph in printable(text).split("\n"):
        yield from _filled(paragraph, max(width, 2))


def _filled(paragraph: str, width: int) -> Iterator[str]:
    line, used = "", 0
    for unit in _pieces(paragraph, width):
        wide = columns(unit)
        if used + wide > width:
            yield line.rstrip()
            line, used = ("", 0) if unit.isspace() else (unit, wide)
        else:
            line, used = line + unit, used + wide
    yield line.rstrip()


def _pieces(paragraph: str, width: int) -> Iterator[str]:
    """The units; one that fills more than a line is cut."""
    for unit in _UNITS.findall(paragraph):
        while columns(unit) > width:
            cut = _fitting(unit, width)
            yield unit[:cut]
            unit = unit[cut:]
        if unit:
            yield unit


def _fitting(unit: str, width: int) -> int:
    used = 0
    for index, sign in enumerate(unit):
        used += _columns_of(sign)
        if used > width:
            return index
    return len(unit)


def _columns_of(sign: str) -> int:
    if unicodedata.category(sign) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1
