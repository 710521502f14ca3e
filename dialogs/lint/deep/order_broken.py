"""A worse answer that betters the score or the verdict, and a better one that brings a verdict which it never may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from dialogs.lint.deep.base import Bench, rule
from dialogs.lint.deep.cases import Case, case, plainer, typed, typed_value
from dialogs.lint.deep.laws import Judged, Never, Order
from dialogs.lint.deep.proving import all_cases
from dialogs.lint.deep.reading import AMOUNTS
from knowledge.finding import Finding, Trail

#: Of the cases so many are tried with each order.
_CASES = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two answers to one question, the good and the bad one; one counter-example is told of each order."""

    slot: str
    good: Any
    bad: Any


@rule
def check(bench: Bench) -> Iterable[Finding]:
    """Each order with its pairs, and each verdict that a better answer never brings."""
    for number, order in enumerate(bench.laws.orders):
        yield from _order(bench, order, number)
    for never in bench.laws.never:
        yield from _never(bench, never)


def _order(bench: Bench, order: Order, number: int) -> Iterator[Finding]:
    cases = _provable(bench, order)
    proved = cases is not None
    for one in cases if cases is not None else _spread(bench, number):
        for pair in _pairs(bench, order, one, every=proved):
            if _betters(bench, order, one, pair):
                yield _told(bench, order, one, pair)
                return
    bench.claim(proved=proved)


def _spread(bench: Bench, number: int) -> Iterator[Case]:
    """Some of the cases: of each order others."""
    step = max(1, len(bench.laws.orders) // 2)
    taken = (one for at, one in enumerate(bench.cases()) if at % step == number % step)
    return (one for at, one in enumerate(taken) if at < _CASES)


def _provable(bench: Bench, order: Order) -> list[Case] | None:
    """All cases that matter where no rule of the verdict hangs on the slot: only the points of a few flags do."""
    flow, reader = bench.flow, bench.reader
    if flow.trend or order.slot in reader.inputs(rule.when for rule in flow.rules).slots:
        return None
    moved = [one for flag in flow.flags for one in (flag.when, flag.counts) if _reads(bench, one, order.slot)]
    demands = flow.demands
    if demands and (demands.slot == order.slot or any(_reads(bench, one.when, order.slot) for one in demands.required)):
        return None
    return all_cases(flow, [*moved, order.when], reader)


def _reads(bench: Bench, condition: Any, slot: str) -> bool:
    return condition is not None and slot in bench.reader.inputs([condition]).slots


def _pairs(bench: Bench, order: Order, one: Case, *, every: bool) -> Iterator[Pair]:
    """The pairs of answers to try with a case: the one that it has and others, good and bad."""
    question = bench.flow.by_slot[order.slot]
    if order.good_to_bad:
        known = order.good_to_bad
        for good, bad in pairwise(known):
            if every or one.answers.get(order.slot) in (good, bad):
                yield Pair(slot=order.slot, good=good, bad=bad)
    elif question.kind in AMOUNTS:
        drawn = [bench.draw.answer(question, 0, 0) for _ in range(8 if every else 2)]
        for amount in sorted(set(drawn), reverse=order.better == "more"):
            yield from _amounts(order, one.answers.get(order.slot), amount)
    elif question.kind == "many" and one.answers.get(order.slot):
        chosen: tuple[str, ...] = one.answers[order.slot]
        option = chosen[len(one.answers) % len(chosen)]
        for left_out in dict.fromkeys((option, chosen[-1])):
            less = tuple(other for other in chosen if other != left_out)
            yield Pair(slot=order.slot, good=chosen, bad=less)


def _amounts(order: Order, has: Decimal | None, other: Decimal) -> Iterator[Pair]:
    if has is None or has == other:
        return
    low, high = sorted((has, other))
    if order.above is not None and low < order.above:
        return
    good, bad = (low, high) if order.better == "less" else (high, low)
    yield Pair(slot=order.slot, good=good, bad=bad)


def _with(one: Case, slot: str, value: Any) -> Case:
    if one.answers.get(slot) == value:
        return one
    return case(one.deduction.flow, {**one.answers, slot: value}, one.before)


def _betters(bench: Bench, order: Order, one: Case, pair: Pair) -> Trail | None:
    """Where in the file the worse answer turns out better, if it does."""
    before, after = (_with(one, pair.slot, value) for value in (pair.good, pair.bad))
    if order.when is not None and not all(_applies(bench, order, side) for side in (before, after)):
        return None
    if (after.deduction.score or 0) > (before.deduction.score or 0):
        return _gain(before, after)
    ranks = {verdict: rank for rank, verdict in enumerate(bench.laws.verdicts)}
    first, second = (ranks.get(side.deduction.rule.verdict, -1) for side in (before, after))
    if min(first, second) < 0 or second <= first:
        return None
    return ("decide", bench.flow.rules.index(after.deduction.rule), "verdict")


def _applies(bench: Bench, order: Order, one: Case) -> bool:
    return order.when is None or order.when.evaluate(Judged(bench.laws, one.deduction)) is True


def _gain(before: Case, after: Case) -> Trail:
    """The flag or clause whose points the worse answer wins most by."""
    flow = before.deduction.flow
    gains: list[tuple[int, Trail]] = [
        (flag.points * ((flag in after.deduction.flags) - (flag in before.deduction.flags)), ("flags", at, "points"))
        for at, flag in enumerate(flow.flags)
    ]
    required = flow.demands.required if flow.demands else ()
    gains += [
        (one.points * ((one in after.deduction.demands) - (one in before.deduction.demands)),
         ("demands", "required", at, "points"))
        for at, one in enumerate(required)
    ]  # fmt: skip
    return max(gains, default=(0, ("score_from",)))[1]


def _told(bench: Bench, order: Order, found: Case, pair: Pair) -> Finding:
    smallest = plainer(found, (pair.slot,), lambda one: _betters(bench, order, one, pair) is not None)
    before, after = _with(smallest, pair.slot, pair.good), _with(smallest, pair.slot, pair.bad)
    trail = _betters(bench, order, smallest, pair) or ("decide",)
    return bench.document.finding(
        trail, "order-broken", law=bench.laws.order_law, name=pair.slot, good=_said(bench, pair.slot, pair.good),
        bad=_said(bench, pair.slot, pair.bad), before=_outcome(before), after=_outcome(after), answers=typed(before),
    )  # fmt: skip


def _said(bench: Bench, slot: str, value: Any) -> str:
    return typed_value(bench.flow.by_slot[slot], value)


def _outcome(one: Case) -> str:
    score = one.deduction.score
    return one.deduction.rule.verdict + ("" if score is None else f" {score}")


def _never(bench: Bench, never: Never) -> Iterator[Finding]:
    last = max((at for at, one in enumerate(bench.flow.rules) if one.verdict == never.verdict), default=-1)
    cases = all_cases(bench.flow, [one.when for one in bench.flow.rules[: last + 1]], bench.reader)
    proved = cases is not None
    for one in cases if cases is not None else bench.cases():
        for bad, good in pairwise(never.bad_to_good):
            pair = Pair(slot=never.slot, good=good, bad=bad)
            if _brings(never, one, pair):
                yield _told_never(bench, never, one, pair)
                return
    bench.claim(proved=proved)


def _brings(never: Never, one: Case, pair: Pair) -> bool:
    found = [_with(one, pair.slot, value).deduction.rule.verdict for value in (pair.bad, pair.good)]
    return found[0] != never.verdict == found[1]


def _told_never(bench: Bench, never: Never, found: Case, pair: Pair) -> Finding:
    smallest = plainer(found, (pair.slot,), lambda one: _brings(never, one, pair))
    before, after = _with(smallest, pair.slot, pair.bad), _with(smallest, pair.slot, pair.good)
    trail: Trail = ("decide", bench.flow.rules.index(after.deduction.rule), "verdict")
    return bench.document.finding(
        trail, "order-broken", law=never.law, name=pair.slot, good=_said(bench, pair.slot, pair.bad),
        bad=_said(bench, pair.slot, pair.good), before=_outcome(before), after=_outcome(after), answers=typed(before),
    )  # fmt: skip
