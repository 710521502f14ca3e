"""How amounts are said: 1.2 万元/月, 12,000 yuan a month, 12.5%. The words come from readings.yaml.

Not its job: reading amounts. What is said here is read back to the same value.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from dialogs.kinds.phrases import phrase

#: Large sums are said in 万 or 亿 where that takes no more than this many digits; else in full.
_DIGITS = 4
#: The counts that have a word.
COUNTED = 12
_LARGE = (("sum-yi", Decimal(10) ** 8), ("sum-wan", Decimal(10) ** 4))


def money(value: Decimal, language: str, per: str | None = None) -> str:
    """Yuan, with what they are counted by."""
    said = _sum(value.quantize(Decimal("0.01"), ROUND_HALF_UP), language)
    return said + (phrase(f"per-{per}", language) if per else "")


def period(per: str, language: str) -> str:
    """A period on its own: 一个月, a month."""
    return phrase(f"period-{per}", language)


def number(value: Decimal) -> str:
    """Digits in groups of three, without closing zeros: 12,000 or 2.5."""
    whole = value.to_integral_value()
    return f"{whole:,f}" if whole == value else f"{value.normalize():,f}"


def percent(fraction: Decimal) -> str:
    """12.5% for 0.125."""
    return f"{number(fraction * 100)}%"


def months(value: Decimal, language: str) -> str:
    """18 个月, 18 months."""
    return phrase("one-month" if value == 1 else "months", language, number=number(value))


def count(value: Decimal, language: str) -> str:
    """How many of a thing, as a word up to twelve: 三, three; from there on in digits."""
    whole = int(value)
    return phrase(f"count-{whole}", language) if 1 <= whole <= COUNTED else number(value)


def _sum(value: Decimal, language: str) -> str:
    for key, unit in () if language == "en" else _LARGE:
        if value >= unit:
            count = (value / unit).normalize()
            if len(count.as_tuple().digits) <= _DIGITS:
                return phrase(key, language, number=f"{count:f}")
    return phrase("sum", language, number=number(value))
