"""Numbers without a unit of money: people, clients, years. A Decimal with 2 places."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from dialogs.flow import Question
from dialogs.kinds import amounts_said, numerals, words
from dialogs.kinds.base import Circumstance, Note, register
from dialogs.kinds.months import in_months
from dialogs.kinds.quantity import Frame, Quantity, Single, number_trouble

_YEARS = re.compile(r".*(?:年.+|半年|年半|half.*year.*|year.*half.*)")


class Number(Quantity):
    """Counts, and years with a half (两年半 is 2.5)."""

    name = "number"
    harmless = True
    places = 2
    no_number = "no-count"

    def single(self, text: str, frame: Frame) -> Single | Note:
        """One number, its counting word left aside."""
        if text in words.known("zero"):
            return Single(value=Decimal(0))
        number = numerals.value(text)
        if number is None:
            number = _counted(text)
        return number_trouble(text) if number is None else Single(value=number)

    def say(self, value: Any, question: Question, circumstance: Circumstance) -> str:
        """1,200 or 2.5."""
        return amounts_said.number(value)


def _counted(text: str) -> Decimal | None:
    if _YEARS.fullmatch(text):
        months = in_months(text)
        return None if months is None else months / 12
    for word in words.listed("counters"):
        unspaced = word.replace(" ", "")
        if text.endswith(unspaced):
            return numerals.value(text[: -len(unspaced)])
    return None


NUMBER = register(Number())
