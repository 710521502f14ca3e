"""One number as people write it, Arabic, Chinese or mixed, as an exact Decimal: the only door to cn2an.

Not its job: units, ranges and words around the number (`peel`, `ranges`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache
from importlib import import_module

_HUNDRED = Decimal(100)
SCALES = {
    "": Decimal(1), "十": Decimal(10), "百": _HUNDRED, "千": Decimal(1000), "万": Decimal(10_000),
    "十万": Decimal(100_000), "百万": Decimal(1_000_000), "千万": Decimal(10_000_000), "亿": Decimal(100_000_000),
    "k": Decimal(1000), "w": Decimal(10_000), "m": Decimal(1_000_000), "thousand": Decimal(1000),
    "million": Decimal(1_000_000), "billion": Decimal(1_000_000_000), "hundred": _HUNDRED,
}  # fmt: skip
#: What a scale may end with; the reading of ranges and of "a few" needs it.
SCALE_SIGNS = "十百千万亿"
DIGITS = "0123456789零〇一二两三四五六七八九"

_WRITTEN = re.compile(
    r"([0-9]{1,60}|[0-9]{1,3}(?:,[0-9]{3}){1,5})?(\.[0-9]{1,12})?(?:e\+?([0-9]{1,3}))?"
    r"(百|千|万|十万|百万|千万|亿|k|w|m|hundred|thousand|million|billion)?"
)
_SPOKEN = re.compile(r"[0-9零〇一二两三四五六七八九十百千万亿廿卅贰叁肆伍陆柒捌玖拾佰仟]{1,24}")
_WITH_POINT = re.compile(
    r"([零〇一二两三四五六七八九十百千万]{1,9})点([零〇一二三四五六七八九]{1,8})(百|千|万|十万|百万|千万|亿)?"
)
#: The library knows 三万五 for 35,000, but not 三亿五.
_HALF_SAID = re.compile(r"(?<=亿)[1-9一二三四五六七八九]$")
_SLANG = re.compile(r"(?<=[0-9])([wk])(?=[0-9]+$)")
_SLANG_SIGNS = {"w": "万", "k": "千"}
_IN_A_ROW = re.compile(r"[一二两三四五六七八九]{2}")
#: The English words that people write for a short time or a few heads.
_ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "adozen": 12, "fifteen": 15, "eighteen": 18, "twenty": 20, "twentyfour": 24,
    "twenty-four": 24, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_POINT_DIGITS = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九")} | {"〇": "0"}


@lru_cache(maxsize=4096)
def value(text: str) -> Decimal | None:
    """The number that the whole normalised text is, without sign, or None. Spaces must be out already."""
    written = _WRITTEN.fullmatch(text)
    if written and (written[1] or written[2]):
        return _written(written)
    if text in _ENGLISH:
        return Decimal(_ENGLISH[text])
    with_point = _WITH_POINT.fullmatch(text)
    if with_point:
        return _with_point(with_point)
    mixed = _SLANG.sub(lambda sign: _SLANG_SIGNS[sign[1]], text)
    if not _SPOKEN.fullmatch(mixed) or mixed.isascii():
        return None
    return None if _is_a_row(mixed) else _spoken(mixed)


def _written(found: re.Match[str]) -> Decimal:
    whole, fraction, exponent, scale = found.groups()
    number = Decimal((whole or "0").replace(",", "") + (fraction or ""))
    return number.scaleb(int(exponent or 0)) * SCALES[scale or ""]


def _with_point(found: re.Match[str]) -> Decimal | None:
    whole = _spoken(found[1])
    if whole is None:
        return None
    fraction = "".join(_POINT_DIGITS[sign] for sign in found[2])
    return (whole + Decimal(f"0.{fraction}")) * SCALES[found[3] or ""]


def _is_a_row(text: str) -> bool:
    """Two digits next to each other are a range (三五万) or a slip, unless the number is dictated digit by digit."""
    dictated = len(text) > 2 and not any(sign in SCALE_SIGNS for sign in text)
    return not dictated and _IN_A_ROW.search(text) is not None


def _spoken(text: str) -> Decimal | None:
    if text in ("百", "千", "万", "亿"):
        return None
    full = _HALF_SAID.sub(r"\g<0>千万", text)
    try:
        return Decimal(str(_library()(full, "smart")))
    except (ValueError, KeyError):  # KeyError: the library looks up a unit that it does not have (0亿0)
        return None


@cache
def _library() -> Callable[[str, str], object]:
    """cn2an takes a sixth of a second to import, so it is, on the first Chinese numeral."""
    return import_module("cn2an").cn2an
