"""The smallest changes of one answer that would give another verdict.

A change of a choice is small where no option between gives the same verdict; a change of an amount where no amount
between does. An amount is found by bisection and then given the fewest digits that keep it close.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from dialogs.decide import Deduction
from dialogs.flow import Flow, Question
from dialogs.lever import Lever

#: Amounts are looked for between these, where the question has no limits of its own.
_LARGEST: Mapping[str, Decimal] = {
    "money": Decimal(100_000_000),
    "percent": Decimal(1),
    "months": Decimal(120),
    "number": Decimal(1_000_000),
}
#: The finest step that a person would answer in.
_STEP: Mapping[str, Decimal] = {
    "money": Decimal(1),
    "percent": Decimal("0.001"),
    "months": Decimal(1),
    "number": Decimal(1),
}
#: A rounded amount may overshoot the smallest change by this share of it.
_OVERSHOOT = Decimal("0.05")
#: How finely the way to the end of the range is looked through for verdicts that come and go.
_STRIDES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Answering `slot` with `value`, all else as it is, gives `verdict`."""

    slot: str
    value: Any
    verdict: str


def changes(flow: Flow, answers: Mapping[str, Any]) -> tuple[Change, ...]:
    """All smallest changes, in the order of the questions. `answers` as Deduction takes them."""
    base = Deduction(flow, answers)
    found: list[Change] = []
    for question in flow.questions:
        if question.kind == "choice" or (question.kind in _STEP and answers.get(question.id) is not None):
            lever = Lever(base, answers, question)
            if not lever.idle:
                tried = Tried(question, answers.get(question.id), base.rule.verdict, lever.verdict)
                found += _choices(tried) if question.kind == "choice" else _amounts(tried)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Tried:
    """One question, the present answer to it and its verdict, and the verdict of any other answer."""

    question: Question
    present: Any
    now: str
    verdict: Callable[[Any], str]

    def change(self, value: Any, verdict: str) -> Change:
        """This answer instead."""
        return Change(slot=self.question.id, value=value, verdict=verdict)


def _choices(tried: Tried) -> Iterator[Change]:
    """Outward from the present option on both sides; an answer that is not known yet has all options after it."""
    options = [option.id for option in tried.question.options]
    at = options.index(tried.present) if tried.present in options else -1
    for way in (options[at + 1 :], options[:at][::-1] if at > 0 else []):
        seen = {tried.now}
        for option in way:
            verdict = tried.verdict(option)
            if verdict not in seen:
                yield tried.change(option, verdict)
            seen.add(verdict)


def _amounts(tried: Tried) -> Iterator[Change]:
    question, present = tried.question, Decimal(tried.present)
    lowest = question.minimum if question.minimum is not None else Decimal(0)
    highest = question.maximum if question.maximum is not None else _LARGEST[question.kind]
    for end in (highest, lowest):
        seen = {tried.now}
        for edge, verdict in _turns(tried, present, end):
            if verdict not in seen:
                yield tried.change(_rounded(tried, present, edge, verdict), verdict)
            seen.add(verdict)


def _turns(tried: Tried, present: Decimal, end: Decimal) -> Iterator[tuple[Decimal, str]]:
    """The amounts from `present` to `end` at which the verdict turns, each with the verdict from there on."""
    step = _STEP[tried.question.kind]
    near, before = present, tried.now
    for far in _strides(present, end, step):
        beyond = tried.verdict(far)
        while before != beyond:
            near, before = _turn(tried, near, before, far, beyond)
            yield near, before
        near = far


def _turn(tried: Tried, near: Decimal, before: str, far: Decimal, beyond: str) -> tuple[Decimal, str]:
    """Where, on the way from `near` to `far`, the verdict is first another than `before`, to the finest step."""
    step = _STEP[tried.question.kind]
    while abs(far - near) > step:
        middle = near + ((far - near) / 2).quantize(step)
        if middle in (near, far):
            break
        verdict = tried.verdict(middle)
        if verdict == before:
            near = middle
        else:
            far, beyond = middle, verdict
    return far, beyond


def _strides(present: Decimal, end: Decimal, step: Decimal) -> Iterable[Decimal]:
    """Amounts from `present` (left out) to `end`, each stride larger than the one before."""
    distance = end - present
    if abs(distance) < step:
        return
    ratio = (abs(distance) / step) ** (Decimal(1) / _STRIDES)
    last = present
    for count in range(1, _STRIDES):
        reach = (step * ratio**count).quantize(step)
        amount = present + reach.copy_sign(distance)
        if amount != last:
            yield amount
        last = amount
    if last != end:
        yield end


def _rounded(tried: Tried, present: Decimal, edge: Decimal, verdict: str) -> Decimal:
    """`edge` with as few digits as keep it on its side, close to the edge, and of the same verdict."""
    question = tried.question
    away = ROUND_CEILING if edge > present else ROUND_FLOOR
    allowed = abs(edge - present) * _OVERSHOOT
    for exponent in range(edge.adjusted(), -4, -1):
        amount = edge.quantize(Decimal(1).scaleb(exponent), rounding=away)
        within = question.maximum is None or amount <= question.maximum
        if within and abs(amount - edge) <= allowed and tried.verdict(amount) == verdict:
            return amount.quantize(_STEP[question.kind]) if amount == amount.to_integral() else amount
    return edge
