"""Two ends in one answer (5-8万, 三五万, 十几万, 三万多, 二十来万), each as a text that can be read on its own.

Not its job: to choose one of them; a range is always asked back.
"""

from __future__ import annotations

import re
from decimal import Decimal

from dialogs.kinds import numerals

_DIGITS = numerals.DIGITS
_JOINED = re.compile(
    r"(.*[0-9零一二两三四五六七八九十百千万亿kwm%成月年元块人半])(?:--?|~|到|至|to|and)"
    r"(?=[0-9百十千一二两三四五六七八九半¥])(.+)"
)
_NEIGHBOURS = re.compile(rf"(.*?)([一二两三四五六七八])([二两三四五六七八九])([^{_DIGITS}]*)")
_SOME = re.compile(rf"(.*[{_DIGITS}十百千万亿])[几多来](.*)")
_TAIL = re.compile(rf"[^{_DIGITS}.]*$")
_HEAD = re.compile(r"[百千万]分之")
_ORDER = {sign: place for place, sign in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_FEW = "几"


def is_vague(text: str) -> bool:
    """Whether the amount is only "a few": 几千, 好几万, 上万."""
    return text.lstrip("好").startswith((_FEW, "数")) or text.startswith(("上", "过")) or "来" in text


def ends(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The ways in which the low and the high end may be meant, likeliest first; None where the text is no range."""
    return _joined(text) or _neighbours(text) or _some(text)


def _joined(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """5-8万 is 5万 to 8万, 5000-1万 is 5000 to 1万: the unit of the high end first, the low end's own after it."""
    found = _JOINED.fullmatch(text)
    if not found:
        return None
    low, high = found[1], found[2]
    head, tail = _HEAD.match(low), _TAIL.search(high)
    shared = tail[0] if tail else ""
    lows = tuple(low + shared[start:] for start in range(len(shared) + 1))
    return lows, ((head[0] + high, high) if head and not _HEAD.match(high) else (high,))


def _neighbours(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """三五万 and 七八千: two digits in a row that a speaker means as from, to."""
    found = _NEIGHBOURS.fullmatch(text)
    if not found or (found[1] and found[1][-1] in _DIGITS + "点."):
        return None
    low, high = _ORDER[found[2]], _ORDER[found[3]]
    if high - low != 1 and (low, high) != (3, 5):
        return None
    return (found[1] + found[2] + found[4],), (found[1] + found[3] + found[4],)


def _some(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """十几万 is 10 to 20 万, 三万多 is 30,000 to 40,000: up to one step more of the last place said."""
    found = _SOME.fullmatch(text)
    number = numerals.value(found[1]) if found else None
    if not found or not number:
        return None
    step = Decimal(1)
    while number % (step * 10) == 0:
        step *= 10
    if found[1][-1] in "百千万亿":
        step = numerals.SCALES[found[1][-1]]
    return (found[1] + found[2],), (f"{number + step:f}{found[2]}",)
