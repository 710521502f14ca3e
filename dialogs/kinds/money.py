"""Money: yuan, as a Decimal with 2 places. A sum for another period is converted to the one asked for, and said.

Not its job: other currencies; they are refused, since a rate would be a guess.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from dialogs.flow import Question
from dialogs.kinds import amounts_said, numerals, peel, words
from dialogs.kinds.base import Circumstance, Note, register
from dialogs.kinds.quantity import Frame, Quantity, Single, number_trouble

#: The months of each period; what is not listed in either table (once) cannot be converted.
MONTHS = {"month": Decimal(1), "quarter": Decimal(3), "half-year": Decimal(6), "year": Decimal(12)}
#: What is said by the day or the week is brought up by days: 30 are a month.
_SHORT = {"day": Decimal(1), "week": Decimal(7)}
_DAYS = {"month": Decimal(30), "quarter": Decimal(90), "half-year": Decimal(180), "year": Decimal(365)}
_SMALL_CHANGE = re.compile(r"(.+)块([1-9一二两三四五六七八九])")


class Money(Quantity):
    """Sums of yuan; `per` of the circumstance says what they are counted by."""

    name = "money"
    places = 2

    def frame(self, text: str, circumstance: Circumstance) -> Frame:
        """Takes off period and currency first, so that 5-8万/年 counts both ends by the year."""
        if text in words.known("zero"):
            return Frame(core="0", circumstance=circumstance)
        peeled = peel.money(text)
        return Frame(
            core=peeled.core,
            circumstance=circumstance,
            per=peeled.per,
            bound=peeled.bound,
            trouble=Note(key="foreign-currency") if peeled.foreign else _mismatch(peeled.per, circumstance),
        )

    def single(self, text: str, frame: Frame) -> Single | Note:
        """One sum, brought to the period that was asked for."""
        number = numerals.value(text)
        known = _with_currency(text) if number is None else number
        return known if isinstance(known, Note) else _converted(known, frame)

    def say(self, value: Any, question: Question, circumstance: Circumstance) -> str:
        """1.2 万元/月 or 12,000 yuan a month."""
        return amounts_said.money(value, circumstance.language, circumstance.per)


def _with_currency(text: str) -> Decimal | Note:
    """A sum that carries its own currency or period, such as one end of 5万元到8万元."""
    change = _SMALL_CHANGE.fullmatch(text)
    if change:
        whole, tenths = numerals.value(change[1]), numerals.value(change[2])
        return number_trouble(text) if whole is None or tenths is None else whole + tenths / 10
    peeled = peel.money(text)
    if peeled.foreign:
        return Note(key="foreign-currency")
    number = None if peeled.core == text or peeled.bound else numerals.value(peeled.core)
    return number_trouble(peeled.core) if number is None else number


def _mismatch(said: str | None, circumstance: Circumstance) -> Note | None:
    """A period that cannot be turned into the one asked for."""
    asked = circumstance.per
    if said is None or asked is None or said == asked or (asked in MONTHS and (said in MONTHS or said in _SHORT)):
        return None
    named = {name: amounts_said.period(per, circumstance.language) for name, per in (("said", said), ("asked", asked))}
    return Note(key="other-period", values=named)


def _converted(number: Decimal, frame: Frame) -> Single:
    said, asked, language = frame.per, frame.circumstance.per, frame.circumstance.language
    if said is None or said == asked:
        return Single(value=number)
    if asked is None:
        ignored = Note(key="period-ignored", values={"said": amounts_said.period(said, language)})
        return Single(value=number, notes=(ignored,))
    by_days = said in _SHORT
    value = number * _DAYS[asked] / _SHORT[said] if by_days else number * MONTHS[asked] / MONTHS[said]
    values = {
        "said": amounts_said.money(number, language, said),
        "value": amounts_said.money(value, language, asked),
    }
    notes = (Note(key="converted", values=values), *([Note(key="days-as-months")] if by_days else []))
    return Single(value=value, notes=notes)


MONEY = register(Money())
