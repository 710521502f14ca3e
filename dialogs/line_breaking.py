"""Breaks text into lines of a width, where Chinese may be broken: between any two characters that no sign joins.

Not its job: how wide a text is, on a screen or in a picture; whoever asks brings the measure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

#: How wide a text is; as wide as its characters together.
Measure = Callable[[str], float]

_WIDE = (
    r"\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U0001f000-\U0003fffd"
)
#: Signs that may not end a line, and signs that may not begin one.
_OPENING = r"“‘（《〈「『【〔(\["
_CLOSING = r"”’，。、；：！？）》〉」』】〕…,.;:!?)\]%"
#: What is never broken: a word of letters, or one wide character, with the signs that belong to it.
_UNITS = re.compile(rf"\s+|[{_OPENING}]*(?:(?:(?![{_WIDE}])\S)+|[{_WIDE}])?[{_CLOSING}]*")


def lines(text: str, width: float, measure: Measure) -> Iterator[str]:
    """The lines of the text, none wider than `width`, at which one character must fit; its own line breaks stay."""
    for paragraph in text.split("\n"):
        yield from _filled(paragraph, width, measure)


def _filled(paragraph: str, width: float, measure: Measure) -> Iterator[str]:
    line, used = "", 0.0
    for unit in _pieces(paragraph, width, measure):
        wide = measure(unit)
        if used + wide > width:
            yield line.rstrip()
            line, used = ("", 0.0) if unit.isspace() else (unit, wide)
        else:
            line, used = line + unit, used + wide
    yield line.rstrip()


def _pieces(paragraph: str, width: float, measure: Measure) -> Iterator[str]:
    """The units; one that fills more than a line is cut."""
    for unit in _UNITS.findall(paragraph):
        while measure(unit) > width:
            cut = _fitting(unit, width, measure)
            yield unit[:cut]
            unit = unit[cut:]
        if unit:
            yield unit


def _fitting(unit: str, width: float, measure: Measure) -> int:
    used = 0.0
    for index, sign in enumerate(unit):
        used += measure(sign)
        if used > width:
            return index
    return len(unit)
