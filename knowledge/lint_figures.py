"""Figures in a text that cannot be: more than the whole, a year that has not come, a number that print has garbled.

A whole day of the next year is possible: rules and terms have such days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PERCENT = re.compile(r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)\s?(?:%|percent\b)")
_YEAR = re.compile(r"(?<![\d.,])(20\d\d)(?:\s?年|(?=-\d\d-\d\d)|(?![\d.,%-]))")
#: A whole day: a rule may begin, or a term end, on one that has not come.
_AFTER_YEAR = re.compile(r"\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日|-\d\d-\d\d")
_BEFORE_YEAR = re.compile(
    r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) $"
)
#: 654.38+, 1,23 and the sign that stands for a character that was lost.
_GARBLED = re.compile(r"\d+\.\d+\+|(?<![\d.,])\d{1,3}(?:,\d{3})*,\d{1,2}(?![\d])|\ufffd")
_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure that cannot be, at `index` of the text."""

    code: str
    index: int
    value: str


def _of_a_day(text: str, year: re.Match[str]) -> bool:
    return bool(_AFTER_YEAR.match(text, year.end(1)) or _BEFORE_YEAR.search(text[: year.start()]))


def figures(text: str, year: int) -> Iterator[Figure]:
    """Those of the text; `year` is the present one."""
    for found in _PERCENT.finditer(text):
        if float(found[1].replace(",", "")) > _WHOLE:
            yield Figure(code="percent-over-100", index=found.start(), value=found[0])
    for found in _YEAR.finditer(text):
        if int(found[1]) > year + (1 if _of_a_day(text, found) else 0):
            yield Figure(code="year-in-future", index=found.start(), value=found[1])
    for found in _GARBLED.finditer(text):
        yield Figure(code="figure-garbled", index=found.start(), value=found[0])
