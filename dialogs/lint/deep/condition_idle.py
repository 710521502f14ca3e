"""A guard, a flag or a clause's condition that is true whatever is answered: it does nothing, or says too little."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dialogs.expression import Expression
from dialogs.lint.asked import questions
from dialogs.lint.deep.base import Bench, rule
from dialogs.lint.deep.cases import Case
from dialogs.lint.deep.proving import all_cases
from knowledge.finding import Finding, Trail


@rule
def check(bench: Bench) -> Iterable[Finding]:
    """A guard idles where it is never surely false, any other condition where it is always surely true."""
    for trail, name, condition, guard in _conditions(bench):
        if any(_bites(one, condition, guard=guard) for one in bench.cases()):
            bench.claim(proved=True)
            continue
        cases = all_cases(bench.flow, [condition], bench.reader)
        if cases is None or not any(_bites(one, condition, guard=guard) for one in cases):
            yield bench.finding(trail, "condition-idle", proved=cases is not None, level="warning", name=name)


def _bites(one: Case, condition: Expression, *, guard: bool) -> bool:
    value = condition.evaluate(one.deduction)
    return value is False if guard else value is not True


def _conditions(bench: Bench) -> Iterator[tuple[Trail, str, Expression, bool]]:
    for question, trail in questions(bench.flow, bench.document):
        if question.when is not None:
            yield (*trail, "when"), question.id, question.when, True
    for index, flag in enumerate(bench.flow.flags):
        yield ("flags", index, "when"), flag.id, flag.when, False
    for index, demand in enumerate(bench.flow.demands.required if bench.flow.demands else ()):
        if demand.when is not None:
            yield ("demands", "required", index, "when"), demand.clause, demand.when, False
