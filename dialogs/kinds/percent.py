"""Percentages: a share as a Decimal fraction, 0.3 for 30 %.

The rule for a number without a sign: below 1 it is a fraction (0.3 is 30 %), from 1 on it is percent (1 is 1 %).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from dialogs.flow import Question
from dialogs.kinds import amounts_said, numerals, words
from dialogs.kinds.base import Circumstance, Note, register
from dialogs.kinds.quantity import Frame, Quantity, Single, number_trouble

_TENTHS = re.compile(r"(.+?)成([半1-9一二三四五六七八九])?")
_PARTS = re.compile(r"(百|千|万|[0-9一二三四五六七八九十]{1,4})分之(.+)")
_SIGNED = re.compile(r"(.+?)(?:%|percentage ?points?|percent|per ?cent|pct|points?|个百分点|百分点|个点|点|巴仙)")
_PER_MILLE = re.compile(r"(.+?)‰")
#: Who is asked what is left of 100 yuan answers in yuan.
_OF_A_HUNDRED = re.compile(r"[剩赚挣]?下?(.+?)(?:块钱|块|元|蚊|yuan)")
_DISCOUNT = re.compile(r".+折")
_HALF_MORE = Decimal("0.5")


class Percent(Quantity):
    """Shares; 6 decimals of the fraction are kept."""

    name = "percent"
    harmless = True
    places = 6
    no_number = "no-share"
    highest = Decimal(1)

    def single(self, text: str, frame: Frame) -> Single | Note:
        """One share, however it is written."""
        if text in words.known("half"):
            return Single(value=Decimal("0.5"))
        if text in words.known("zero"):
            return Single(value=Decimal(0))
        if _DISCOUNT.fullmatch(text):
            return Note(key="discount-no-share")
        bare = numerals.value(text)
        if bare is not None:
            return _without_sign(bare)
        of_a_hundred = _OF_A_HUNDRED.fullmatch(text)
        yuan = numerals.value(of_a_hundred[1]) if of_a_hundred else None
        if yuan is not None and yuan >= 1:
            said = Note(key="of-a-hundred", values={"value": amounts_said.percent(yuan / 100)})
            return Single(value=yuan / 100, notes=(said,))
        signed = _with_sign(text)
        return number_trouble(text.rstrip("%")) if signed is None else Single(value=signed)

    def say(self, value: Any, question: Question, circumstance: Circumstance) -> str:
        """30% or 12.5%."""
        return amounts_said.percent(value)


def _without_sign(number: Decimal) -> Single:
    """The rule of the module's head; said where the other reading is not absurd."""
    share = number if number < 1 else number / 100
    doubtful = 0 < number <= 1
    note = Note(key="share-without-sign", values={"value": amounts_said.percent(share)})
    return Single(value=share, notes=(note,) if doubtful else ())


def _with_sign(text: str) -> Decimal | None:
    for pattern, unit in ((_SIGNED, 100), (_PER_MILLE, 1000)):
        found = pattern.fullmatch(text)
        if found:
            return _share(found[1], Decimal(unit))
    parts = _PARTS.fullmatch(text)
    if parts:
        return _share(parts[2], numerals.SCALES.get(parts[1]) or numerals.value(parts[1]))
    tenths = _TENTHS.fullmatch(text)
    return _tenths(tenths[1], tenths[2]) if tenths else None


def _share(text: str, of: Decimal | None) -> Decimal | None:
    number = numerals.value(text)
    return None if number is None or not of else number / of


def _tenths(text: str, rest: str | None) -> Decimal | None:
    """三成半 is 35 %, 三成五 too."""
    number = numerals.value(text)
    more = _HALF_MORE if rest == "半" else (numerals.value(rest) or Decimal(0)) / 10 if rest else Decimal(0)
    return None if number is None else (number + more) / 10


PERCENT = register(Percent())
