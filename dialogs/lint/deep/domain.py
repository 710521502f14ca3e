"""The answers that are worth trying for one question: all options, and amounts on both sides of every line.

Not its job: which lines there are (`reading`), putting answers to several questions together (`proving`, `cases`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, time
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

from dialogs.flow import Question

#: The finest step that a person would answer in.
STEP: Mapping[str, Decimal] = {
    "money": Decimal(1), "percent": Decimal("0.001"), "months": Decimal(1), "number": Decimal("0.1")
}  # fmt: skip
#: Amounts of everyday, where nothing is known of the lines.
_USUAL: Mapping[str, tuple[str, ...]] = {
    "money": ("0", "1000", "10000", "30000", "100000", "400000", "4000000"),
    "percent": ("0", "0.05", "0.1", "0.2", "0.25", "0.3", "0.5"),
    "months": ("0", "1", "3", "6", "12", "24"),
    "number": ("0", "1", "2", "5", "10", "30"),
}
#: Nobody answers more, in whatever unit.
_LARGEST = 10**9
_DATES = (date(2026, 1, 31), date(2026, 6, 1))
_TIMES = (time(9), time(22, 30))


def values(question: Question, cuts: Collection[Decimal], named: Collection[str]) -> tuple[Any, ...]:
    """One answer of every sort that conditions with these lines and options can tell apart, not sure included."""
    return (*([None] if question.not_sure else []), *_known(question, cuts, named))


def _known(question: Question, cuts: Collection[Decimal], named: Collection[str]) -> Iterable[Any]:
    if question.kind == "choice":
        return [option.id for option in question.options]
    if question.kind == "many":
        order = [option.id for option in question.options if option.id in named]
        return (chosen for size in range(len(order) + 1) for chosen in combinations(order, size))
    if question.kind == "date":
        return _DATES
    if question.kind == "time":
        return _TIMES
    return _between(question, cuts) if question.kind in STEP else (question.examples[0] if question.examples else "A",)


def _between(question: Question, cuts: Collection[Decimal]) -> Iterator[Decimal]:
    """Each line, an amount between each two of them, and one beyond either end."""
    step = STEP[question.kind]
    least = question.minimum if question.minimum is not None else Decimal(0)
    inside = sorted({cut for cut in cuts if fits(question, cut)} | {least})
    for low, high in pairwise(inside):
        yield low
        yield (low + high) / 2
    yield inside[-1]
    if fits(question, inside[-1] + step):
        yield inside[-1] + step


def fits(question: Question, amount: Decimal) -> bool:
    """Whether the amount lies within the question's limits."""
    least = question.minimum if question.minimum is not None else Decimal(0)
    return least <= amount and (question.maximum is None or amount <= question.maximum)


def amounts(question: Question, cuts: Collection[Decimal]) -> tuple[Decimal, ...]:
    """What to draw from: at, just under and just over each line, and amounts of everyday."""
    step = STEP[question.kind]
    lines = [cut + way for cut in sorted(cuts) for way in (-step, Decimal(0), step)]
    found = [*map(Decimal, _USUAL[question.kind]), *lines]
    return tuple(dict.fromkeys(one for one in found if fits(question, one))) or (question.minimum or Decimal(0),)


def beside(question: Question, edge: Fraction) -> Iterator[Decimal]:
    """What a person can answer at an edge, just under it and just over it."""
    if abs(edge) > _LARGEST:
        return
    step = STEP[question.kind]
    exact = Decimal(edge.numerator) / Decimal(edge.denominator)
    under, over = exact.quantize(step, ROUND_FLOOR), exact.quantize(step, ROUND_CEILING) + step
    for amount in (exact.quantize(step / 100), under, over):
        if fits(question, amount):
            yield amount.quantize(step) if amount == amount.to_integral() else amount
