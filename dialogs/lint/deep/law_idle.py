"""A law of `dialogs/advice.yaml` whose condition no answers make true: it holds of nothing, whatever the flow does."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.expression import Expression
from dialogs.lint.deep.base import Bench, rule
from dialogs.lint.deep.cases import Case
from dialogs.lint.deep.proving import all_cases
from knowledge.finding import Finding


@rule
def check(bench: Bench) -> Iterable[Finding]:
    """Each condition is looked for on the cases, then on all answers where these are few enough."""
    for law in bench.laws.held:
        if law.when is None or _applies(bench, law.when, bench.cases()):
            continue
        cases = all_cases(bench.flow, [law.when], bench.law_reader)
        if cases is None or not _applies(bench, law.when, cases):
            yield bench.finding(("flow",), "law-idle", proved=cases is not None, level="warning", law=law.law)


def _applies(bench: Bench, condition: Expression, cases: Iterable[Case]) -> bool:
    return any(condition.evaluate(bench.judged(case)) is True for case in cases)
