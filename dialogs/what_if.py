"""The smallest changes of one answer that would give another verdict.

A change of a choice is small where no option between gives the same verdict; a change of an amount where no amount
between does. An amount is found by bisection and then given the fewest digits that keep it close.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from dialogs.decide import Deduction
from dialogs.flow import Flow, Question

#: Amounts are looked for between these, where the question has no limits of its own.
_LARGEST: Mapping[str, Decimal] = {
    "money": Decimal(100_000_000), "percent": Decimal(1), "months": Decimal(120), "number": Decimal(1_000_000),
}
#: The finest step that a person would answer in.
_STEP: Mapping[str, Decimal] = {
    "money": Decimal(1), "percent": Decimal("0.001"), "months": Decimal(1), "number": Decimal(1),
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
    now = Deduction(flow, answers).rule.verdict
    asked = Asked(flow, answers)
    found: list[Change] = []
    for question in flow.questions:
        if question.kind == "choice":
            found += _choices(asked, question, now)
        elif question.kind in _STEP and answers.get(question.id) is not None:
            found += _amounts(asked, question, now)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Asked:
    """The flow with all answers but one."""

    flow: Flow
    answers: Mapping[str, Any]

    def verdict(self, slot: str, value: Any) -> str:
        """What the flow would decide with `value` for `slot`."""
        return Deduction(self.flow, {**self.answers, slot: value}).rule.verdict


def _choices(asked: Asked, question: Question, now: str) -> Iterator[Change]:
    """Outward from the present option on both sides; an answer that is not known yet has all options after it."""
    options = [option.id for option in question.options]
    present = asked.answers.get(question.id)
    at = options.index(present) if present in options else -1
    for way in (options[at + 1 :], options[:at][::-1] if at > 0 else []):
        seen = {now}
        for option in way:
            verdict = asked.verdict(question.id, option)
            if verdict not in seen:
                yield Change(slot=question.id, value=option, verdict=verdict)
            seen.add(verdict)


def _amounts(asked: Asked, question: Question, now: str) -> Iterator[Change]:
    present = Decimal(asked.answers[question.id])
    lowest = question.minimum if question.minimum is not None else Decimal(0)
    highest = question.maximum if question.maximum is not None else _LARGEST[question.kind]
    for end in (highest, lowest):
        seen = {now}
        near = present
        for far in _strides(present, end, _STEP[question.kind]):
            verdict = asked.verdict(question.id, far)
            if verdict not in seen:
                edge = _edge(asked, question, near, far, verdict)
                yield Change(slot=question.id, value=_rounded(asked, question, present, edge, verdict), verdict=verdict)
            seen.add(verdict)
            near = far


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


def _edge(asked: Asked, question: Question, near: Decimal, far: Decimal, verdict: str) -> Decimal:
    """The amount closest to `near` on the way to `far` that gives `verdict`, to the finest step."""
    step = _STEP[question.kind]
    while abs(far - near) > step:
        middle = near + ((far - near) / 2).quantize(step)
        if middle in (near, far):
            break
        if asked.verdict(question.id, middle) == verdict:
            far = middle
        else:
            near = middle
    return far


def _rounded(asked: Asked, question: Question, present: Decimal, edge: Decimal, verdict: str) -> Decimal:
    """`edge` with as few digits as keep it on its side, close to the edge, and of the same verdict."""
    away = ROUND_CEILING if edge > present else ROUND_FLOOR
    allowed = abs(edge - present) * _OVERSHOOT
    for exponent in range(edge.adjusted(), -4, -1):
        amount = edge.quantize(Decimal(1).scaleb(exponent), rounding=away)
        within = question.maximum is None or amount <= question.maximum
        if within and abs(amount - edge) <= allowed and asked.verdict(question.id, amount) == verdict:
            return amount.quantize(_STEP[question.kind]) if amount == amount.to_integral() else amount
    return edge
