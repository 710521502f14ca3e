"""The quarters of one contract as a series: each case of a dialog with a trend reads the case before it.

A quarter that was never reviewed stands in between as one of which nothing is known: it breaks every run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.decide import Deduction
from dialogs.flow import Flow
from dialogs.fold import Position
from dialogs.loop import abouts
from dialogs.offers.vetted import refolded
from dialogs.owner import Kept, Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A quarter and what follows from its figures, by today's rules."""

    period: str
    deduction: Deduction
    #: The decoded answers.
    answers: Mapping[str, Any]


def before(flow: Flow, owner: Owner, about: str) -> tuple[Case, ...]:
    """The cases before the one that is `about`, oldest first; none for a dialog without a series."""
    here = abouts.read(about)
    if not flow.trend or here is None or not here.period:
        return ()
    earlier = {
        period: kept for period, kept in _kept(flow, owner, here.contract).items() if _before(period, here.period)
    }
    return tuple(_cases(flow, earlier, here.period))


def case(flow: Flow, period: str, position: Position, previous: Deduction | None) -> Case:
    """The quarter of answers at hand."""
    return Case(period=period, deduction=Deduction(flow, position.answers, previous), answers=position.answers)


def numbered(flow: Flow, positions: Iterable[Position]) -> tuple[Case, ...]:
    """Cases that follow one another, oldest first: Q1, Q2 and so on."""
    cases: list[Case] = []
    for number, position in enumerate(positions, 1):
        cases.append(case(flow, f"Q{number}", position, last(tuple(cases))))
        cases[-1].deduction.settle()
    return tuple(cases)


def last(cases: tuple[Case, ...]) -> Deduction | None:
    """What the next case reads as the one before."""
    return cases[-1].deduction if cases else None


def ordinal(period: str) -> tuple[bool, int]:
    """Q1, Q2 and so on in order; calendar quarters, such as 2026Q4, after them."""
    year, _, number = period.rpartition("Q")
    place = int(number) if number.isdigit() else 0
    return bool(year), (int(year) * 4 if year.isdigit() else 0) + place


def _before(period: str, other: str) -> bool:
    return ordinal(period) < ordinal(other)


def _kept(flow: Flow, owner: Owner, contract: int) -> Mapping[str, Kept]:
    found = [(one, abouts.of_record(one)) for one in owner.records if one.kind == flow.id]
    return {
        about.period: one for one, about in found if about is not None and about.contract == contract and about.period
    }


def _cases(flow: Flow, kept: Mapping[str, Kept], until: str) -> Iterable[Case]:
    previous: Deduction | None = None
    at: tuple[bool, int] | None = None
    for period in sorted(kept, key=ordinal):
        if at is not None and not _follows(at, ordinal(period)):
            previous = Deduction(flow, {}, previous)
        answers = refolded(flow, kept[period]).answers
        previous = Deduction(flow, answers, previous)
        previous.settle()
        at = ordinal(period)
        yield Case(period=period, deduction=previous, answers=answers)
    if previous is not None and at is not None and not _follows(at, ordinal(until)):
        yield Case(period="", deduction=Deduction(flow, {}, previous), answers={})


def _follows(one: tuple[bool, int], other: tuple[bool, int]) -> bool:
    return one[0] == other[0] and one[1] + 1 == other[1]
