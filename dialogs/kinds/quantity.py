"""What money, percent, number and months share: one Decimal out of a text, its limits, its form in JSON.

A kind gives `single` (one text, one value or what is wrong) and `say`; asking back on a range is done here.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from dialogs.flow import Question
from dialogs.kinds import peel, ranges
from dialogs.kinds.base import Circumstance, Note, Read, Reading, Unclear, Unread
from dialogs.kinds.normalize import plain, unspaced

#: No amount that a person types as an answer is longer.
_LONGEST = 60
#: A thousand billion; nothing in these dialogs is larger.
LARGEST = Decimal(10) ** 12
_SPACED_DIGITS = re.compile(r"[0-9] [0-9]")
_GROUPED = re.compile(r"(?<![0-9])(?<![0-9] )[0-9]{1,3}(?: [0-9]{3})+(?! ?[0-9])")
_ODD_GROUPING = re.compile(r"[0-9]+(?:,[0-9]*)+")
_NEGATIVE = re.compile(r"(?:-|负|minus ?|¥-|-¥)[0-9零一二两三四五六七八九十百千万亿.,]+.{0,8}")
#: What is wrong where the text has no number at all.
_NOTHING_FOUND = frozenset({"not-a-number", "vague-amount"})
_NO_NUMBER = frozenset({"nan", "inf", "infinity", "-inf", "+inf", "-infinity", "null", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """One value as read, before limits."""

    value: Decimal
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What was said around a number: `core` is the number (or both ends of a range) without it.

    `per` is the period that was said, `bound` the word of a limit (at least), `trouble` what refuses the whole.
    """

    core: str
    circumstance: Circumstance
    per: str | None = None
    bound: str = ""
    trouble: Note | None = None


class Quantity(ABC):
    """A kind whose values are Decimals of at most `places` decimals."""

    name: str
    #: Decimals kept; more are rounded half up.
    places: int
    #: The remark where no number is found, for a kind whose examples are not sums of money.
    no_number = ""
    #: Limits where the question has none.
    lowest: Decimal = Decimal(0)
    highest: Decimal = LARGEST

    @abstractmethod
    def single(self, text: str, frame: Frame) -> Single | Note:
        """One value from a normalised text without spaces, or what is wrong with it."""

    @abstractmethod
    def say(self, value: Any, question: Question, circumstance: Circumstance) -> str:
        """The value in the reader's words."""

    def frame(self, text: str, circumstance: Circumstance) -> Frame:
        """Takes off what surrounds the number and belongs to both ends of a range: about, at least, a month."""
        peeled = peel.quantity(text)
        return Frame(core=peeled.core, circumstance=circumstance, bound=peeled.bound)

    def read(self, text: str, question: Question, circumstance: Circumstance) -> Reading:
        """Understand what a person typed. Never raises, on any text."""
        core = tidy(text)
        if isinstance(core, Note):
            return self._unread(core)
        try:
            reading = self._read(core, question, circumstance)
        except (InvalidOperation, OverflowError):
            return Unread(note=Note(key="too-large"))
        return self._unread(reading.note) if isinstance(reading, Unread) else reading

    def _unread(self, note: Note) -> Unread:
        own = self.no_number and note.key in _NOTHING_FOUND
        return Unread(note=Note(key=self.no_number) if own else note)

    def _read(self, core: str, question: Question, circumstance: Circumstance) -> Reading:
        frame = self.frame(core, circumstance)
        if frame.trouble:
            return Unread(note=frame.trouble)
        found = self.single(frame.core, frame)
        if isinstance(found, Single):
            read = self._checked(found, question, circumstance)
            return _as_a_limit(read, frame) if frame.bound and isinstance(read, Read) else read
        asked_back = self._range(frame, question)
        if asked_back is not None:
            return asked_back
        vague = found.key == "not-a-number" and ranges.is_vague(frame.bound + frame.core)
        return Unread(note=Note(key="vague-amount") if vague else found)

    def _range(self, frame: Frame, question: Question) -> Reading | None:
        """Both ends to choose from, or None where the text is no range."""
        both = ranges.ends(frame.core)
        high = self._end(both[1], frame) if both else None
        low = self._end(both[0], frame, high) if both and high else None
        if low is None or high is None:
            return None
        checked = [self._checked(end, question, frame.circumstance) for end in (low, high)]
        values = [end.value for end in checked if isinstance(end, Read)]
        if len(values) < 2 or values[0] == values[1]:
            return checked[-1]
        low_said, high_said = (self.say(end, question, frame.circumstance) for end in values)
        return Unclear(candidates=tuple(values), note=Note(key="range", values={"low": low_said, "high": high_said}))

    def _end(self, ways: tuple[str, ...], frame: Frame, under: Single | None = None) -> Single | None:
        """The first way of reading one end that gives a value and, for a low end, keeps it below the high one."""
        found = [single for way in ways if isinstance(single := self.single(way, frame), Single)]
        return next((single for single in found if under is None or single.value <= under.value), None)

    def _checked(self, found: Single, question: Question, circumstance: Circumstance | None) -> Read | Unread:
        if abs(found.value) > LARGEST:
            return Unread(note=Note(key="too-large"))
        value = rounded(found.value, self.places)
        wrong = self._beyond(value, question, circumstance)
        return Unread(note=wrong) if wrong else Read(value=value, notes=found.notes)

    def _beyond(self, value: Decimal, question: Question, circumstance: Circumstance | None) -> Note | None:
        low = self.lowest if question.minimum is None else question.minimum
        high = self.highest if question.maximum is None else question.maximum
        if low <= value <= high:
            return None
        if value < 0 <= low:
            return Note(key="negative")
        said = {name: self._limit(limit, question, circumstance) for name, limit in (("low", low), ("high", high))}
        if high == LARGEST:
            return Note(key="too-small", values={"low": said["low"]})
        return Note(key="beyond", values=said)

    def _limit(self, limit: Decimal, question: Question, circumstance: Circumstance | None) -> str:
        return f"{limit.normalize():f}" if circumstance is None else self.say(limit, question, circumstance)

    def take(self, raw: object, question: Question) -> Reading:
        """A JSON number as it is: yuan, a fraction, months. A truth value is no number."""
        if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
            return Unread(note=Note(key="not-a-number"))
        if isinstance(raw, int) and abs(raw) > LARGEST:
            return Unread(note=Note(key="too-large"))
        number = Decimal(str(raw))
        if not number.is_finite():
            return Unread(note=Note(key="not-a-number"))
        return self._checked(Single(value=number), question, None)

    def encode(self, value: Any) -> str:
        """The plain decimal as text."""
        return f"{Decimal(value):f}"

    def decode(self, kept: Any, question: Question) -> Decimal:
        """The value from JSON; ValueError where it is no number within the question's limits."""
        if not isinstance(kept, str) or len(kept) > _LONGEST:
            raise ValueError(f"{question.id}: no amount is kept")
        try:
            value = Decimal(kept)
        except InvalidOperation as error:
            raise ValueError(f"{question.id}: no amount is kept") from error
        if not value.is_finite() or self._beyond(value, question, None):
            raise ValueError(f"{question.id}: outside the limits")
        return value


def _as_a_limit(read: Read, frame: Frame) -> Unclear:
    """At least, at most and their like give no value; the one that was said is offered."""
    return Unclear(candidates=(read.value,), note=Note(key="only-a-limit", values={"said": frame.bound}))


def rounded(value: Decimal, places: int) -> Decimal:
    """Rounded half up to `places` decimals, without closing zeros."""
    exact = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole = exact.to_integral_value()
    return whole if whole == exact else exact.normalize()


def tidy(text: str) -> str | Note:
    """The text ready for `single`: normalised, without spaces, and free of what no number is written with."""
    read = plain(text)
    if not read:
        return Note(key="empty")
    if len(read) > _LONGEST:
        return Note(key="too-large" if read.isascii() and read.isdigit() else "not-a-number")
    if read in _NO_NUMBER - {"none"} or "^" in read:
        return Note(key="not-a-number")
    if _SPACED_DIGITS.search(read):
        read = _GROUPED.sub(lambda found: found[0].replace(" ", ""), read)
        if _SPACED_DIGITS.search(read):
            return Note(key="several-numbers")
    return unspaced(read)


def number_trouble(text: str) -> Note:
    """Why a text that is no number is none, as precisely as can be said."""
    if _NEGATIVE.fullmatch(text):
        return Note(key="negative")
    if _ODD_GROUPING.fullmatch(text):
        return Note(key="odd-grouping", values={"found": text[:20]})
    return Note(key="not-a-number")
