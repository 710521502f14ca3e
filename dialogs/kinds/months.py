"""Durations: months, as a Decimal with 2 places. A number alone is months; 30 days are a month."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from dialogs.flow import Question
from dialogs.kinds import amounts_said, numerals, words
from dialogs.kinds.base import Circumstance, Note, Read, Reading, Unclear, register
from dialogs.kinds.quantity import Frame, Quantity, Single, number_trouble

_HALF = Decimal("0.5")
_YEAR, _QUARTER = Decimal(12), Decimal(3)
_A = r"(?:a|an|one)"
#: One stretch of time with its months; `half` may stand before or after the unit. The longer units come first.
_STRETCH = re.compile(
    rf"(?P<number>{_A}(?=[a-z])|half(?:{_A})?|半|.{{1,12}}?)(?P<andhalf>anda?half|-?half)?个?(?P<half>半)?"
    r"(?P<unit>个?季度?|quarters?|years?|yrs?|y|年|个?月|months?|mths?|mos?|m)(?P<after>半|anda?half)?"
)
_UNITS = (("季", _QUARTER), ("quarter", _QUARTER), ("y", _YEAR), ("年", _YEAR))
_TWO = re.compile(r"(.{1,12}?(?:年|years?|yrs?))(?:零|又|and|,)?(.{1,12})")
_DAYS = re.compile(r"(.{1,6}?)个?(?:天|日|days?)")
#: 三月 and 二季度 are a month and a quarter of the year as well; 两月, 三个月, 一季 and 18月 are none.
_MONTH_OF_THE_YEAR = re.compile(r"(?:[一二三四五六七八九]|十[一二]?|[1-9]|1[0-2])月份?")
_QUARTER_OF_THE_YEAR = re.compile(r"(?<![0-9十])[一二三四1-4]季度")
_WEEKS = re.compile(r".{1,8}(?:周|星期|礼拜|weeks?)")


class Months(Quantity):
    """How long something lasts."""

    name = "months"
    harmless = True
    places = 2
    no_number = "no-duration"
    highest = Decimal(1200)

    def _read(self, core: str, question: Question, circumstance: Circumstance) -> Reading:
        """A month or quarter of the year is no duration: whether so many were meant is asked."""
        frame = self.frame(core, circumstance)
        of_the_year = _MONTH_OF_THE_YEAR.fullmatch(frame.core) or _QUARTER_OF_THE_YEAR.search(core)
        length = in_months(frame.core.removesuffix("份")) if of_the_year else None
        if length is None:
            return super()._read(core, question, circumstance)
        checked = self._checked(Single(value=length), question, circumstance)
        if not isinstance(checked, Read):
            return checked
        value = amounts_said.months(length, circumstance.language)
        return Unclear(
            candidates=(checked.value,), note=Note(key="of-the-year", values={"said": frame.core, "value": value})
        )

    def single(self, text: str, frame: Frame) -> Single | Note:
        """One duration."""
        if text in words.known("endless"):
            return Note(key="endless")
        number = None if text.endswith("m") else numerals.value(text)
        if number is None:
            number = in_months(text)
        if number is not None:
            return Single(value=number)
        return _days(text) or (Note(key="weeks") if _WEEKS.fullmatch(text) else number_trouble(text))

    def say(self, value: Any, question: Question, circumstance: Circumstance) -> str:
        """18 个月, 18 months."""
        return amounts_said.months(value, circumstance.language)


def in_months(text: str) -> Decimal | None:
    """The months of a duration with its unit: 一年半, 3个月, one and a half years, 一年零三个月."""
    text = f"一{text}" if text.startswith(("年半", "个")) else text
    one = _stretch(text)
    if one is not None:
        return one
    two = _TWO.fullmatch(text)
    years, rest = (_stretch(two[1]), _stretch(two[2])) if two else (None, None)
    return None if years is None or rest is None or rest >= _YEAR else years + rest


def _stretch(text: str) -> Decimal | None:
    found = _STRETCH.fullmatch(text)
    count = _count(found["number"]) if found else None
    if found is None or count is None:
        return None
    more = _HALF if found["half"] or found["andhalf"] or found["after"] else Decimal(0)
    unit = next((months for sign, months in _UNITS if sign in found["unit"]), Decimal(1))
    return (count + more) * unit


def _count(text: str) -> Decimal | None:
    if text in ("a", "an", "one"):
        return Decimal(1)
    if text.startswith(("half", "半")):
        return _HALF if text in ("半", "half", "halfa", "halfan", "halfone") else None
    return numerals.value(text.removesuffix("个"))


def _days(text: str) -> Single | Note | None:
    """Days that make whole months (90) or a year (365) are taken, and said; others are asked again."""
    found = _DAYS.fullmatch(text)
    days = numerals.value(found[1]) if found else None
    if days is None:
        return None
    if days in (365, 366):
        return Single(value=_YEAR, notes=(Note(key="days-as-months"),))
    return Note(key="days") if days % 30 else Single(value=days / 30, notes=(Note(key="days-as-months"),))


MONTHS = register(Months())
