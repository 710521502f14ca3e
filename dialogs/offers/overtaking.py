"""What an offer would have to change to be the first: one term where that is enough, else two, else a few together.

An amount is bargained to a quarter or to four times itself at most: beyond, it is another offer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import islice
from typing import Any

from dialogs.flow import Flow, Question
from dialogs.offers.vetted import Offer, Rank, changed, rank

#: So many ways are told; more would only confuse.
MOST_WAYS = 3
#: How many first steps are followed by a second, and how many steps there are when two are not enough.
_FIRST_STEPS = 4
_MOST_STEPS = 6
_FURTHEST = Decimal(4)
_HALVINGS = 12
#: Percentages are bargained in tenths of a percent, all else in whole units.
_STEP: Mapping[str, Decimal] = {
    "money": Decimal(1), "percent": Decimal("0.001"), "months": Decimal(1), "number": Decimal(1)
}  # fmt: skip

#: Slots and the values that they would need, in the order of the terms.
Way = Mapping[str, Any]


def ways(flow: Flow, one: Offer, target: Rank) -> tuple[Way, ...]:
    """The ways in which `one` would rank better than `target`: by one term each; else by two; else one by several."""
    search = _Search(flow, one, target)
    single = tuple(islice(search.winning({}), MOST_WAYS))
    return single or tuple(islice(_distinct(search.by_two()), MOST_WAYS)) or tuple(search.by_several())


def _distinct(found: Iterable[Way]) -> Iterator[Way]:
    seen: set[frozenset[str]] = set()
    for way in found:
        if frozenset(way) not in seen:
            yield way
        seen.add(frozenset(way))


@dataclass(frozen=True, slots=True)
class _Search:
    """Changes to `one` that rank it better than `target`."""

    flow: Flow
    one: Offer
    target: Rank
    _seen: dict[tuple[tuple[str, Any], ...], Rank] = field(default_factory=dict[tuple[tuple[str, Any], ...], Rank])

    def winning(self, settled: Way) -> Iterator[Way]:
        """The smallest change of one more term, of each term that has one."""
        for question in self._open(settled):
            for value in self._values(question, settled):
                if self._wins({**settled, question.id: value}):
                    yield {**settled, question.id: value}
                    break

    def by_two(self) -> Iterator[Way]:
        """From the most promising first steps, one step more."""
        steps = [{question.id: value} for question in self._open({}) for value in self._values(question, {})]
        now = self._rank({})
        better = sorted((step for step in steps if self._rank(step) < now), key=self._rank)
        for step in better[:_FIRST_STEPS]:
            yield from self.winning(step)

    def by_several(self) -> Iterator[Way]:
        """The best step first, then the best after it, until it wins; then without what it can do without."""
        way: Way = {}
        for _ in range(_MOST_STEPS):
            steps = [
                {**way, question.id: value} for question in self._open(way) for value in self._values(question, way)
            ]
            best = min(steps, key=self._rank, default=way)
            if self._rank(best) >= self._rank(way):
                return
            way = best
            if self._wins(way):
                yield self._spared(way)
                return

    def _spared(self, way: Way) -> Way:
        for slot in list(way):
            less = {kept: value for kept, value in way.items() if kept != slot}
            way = less if self._wins(less) else way
        for slot, value in way.items():
            if isinstance(value, Decimal):
                present = Decimal(self.one.answers[slot])
                way = {**way, slot: self._nearest(self.flow.by_slot[slot], present, value, way)}
        return way

    def _open(self, settled: Way) -> Iterable[Question]:
        terms = self.flow.compare.terms if self.flow.compare is not None else ()
        return (self.flow.by_slot[slot] for slot in terms if slot not in settled)

    def _values(self, question: Question, settled: Way) -> Iterable[Any]:
        """What the term could become: every other option, the clauses that are demanded, a nearer amount."""
        present = self.one.answers.get(question.id)
        if question.kind == "choice":
            return (option.id for option in question.options if option.id != present)
        if question.kind == "many":
            return self._completed(question, present)
        return self._amounts(question, Decimal(present), settled) if present is not None and present > 0 else ()

    def _completed(self, question: Question, present: tuple[str, ...] | None) -> Iterable[tuple[str, ...]]:
        demands = self.flow.demands
        if demands is None or demands.slot != question.id:
            return
        wanted = {*(present or ()), *(demand.clause for demand in self.one.deduction.possible_demands)}
        if wanted != set(present or ()):
            yield tuple(option.id for option in question.options if option.id in wanted)

    def _amounts(self, question: Question, present: Decimal, settled: Way) -> Iterable[Decimal]:
        for far in _reach(question, present):
            if self._wins({**settled, question.id: far}):
                yield self._nearest(question, present, far, settled)
            else:
                yield far

    def _nearest(self, question: Question, present: Decimal, far: Decimal, settled: Way) -> Decimal:
        """The least change on the way to `far` that wins, in round figures."""
        near, step = present, _STEP[question.kind]
        for _ in range(_HALVINGS):
            middle = ((near + far) / 2).quantize(step)
            if middle in (near, far):
                break
            near, far = (near, middle) if self._wins({**settled, question.id: middle}) else (middle, far)
        rounded = _rounded(far, present, step)
        return rounded if self._wins({**settled, question.id: rounded}) else far

    def _wins(self, way: Way) -> bool:
        return self._rank(way) < self.target

    def _rank(self, way: Way) -> Rank:
        key = tuple(sorted(way.items()))
        if key not in self._seen:
            self._seen[key] = rank(self.flow, changed(self.flow, self.one, way))
        return self._seen[key]


def _reach(question: Question, present: Decimal) -> Iterator[Decimal]:
    """The furthest amounts that are bargained for: less first, since that is what is asked."""
    step = _STEP[question.kind]
    least = (present / _FURTHEST).quantize(step)
    most = (present * _FURTHEST).quantize(step)
    least = least if question.minimum is None else max(least, question.minimum)
    most = most if question.maximum is None else min(most, question.maximum)
    yield from (amount for amount in (least, most) if amount != present)


def _rounded(amount: Decimal, present: Decimal, step: Decimal) -> Decimal:
    """Two leading digits, away from the present amount."""
    exponent = max(amount.adjusted() - 1, step.adjusted())
    rounding = ROUND_FLOOR if amount < present else ROUND_CEILING
    return amount.quantize(Decimal(1).scaleb(exponent), rounding=rounding).quantize(step)
