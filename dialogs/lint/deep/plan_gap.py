"""Something chosen that the plan says nothing about: no rule of the plan applies to it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from dialogs.lint.deep.base import Bench, rule
from dialogs.lint.deep.cases import Case, plainer, typed
from knowledge.finding import Finding


@rule
def check(bench: Bench) -> Iterable[Finding]:
    """One counter-example for each function."""
    plan = bench.flow.plan
    for option in bench.flow.by_slot[plan.slot].options if plan else ():
        found = next((one for one in bench.cases() if _left_out(option.id, one)), None)
        if found is None:
            bench.claim(proved=False)
        else:
            smallest = plainer(found, (), partial(_left_out, option.id))
            yield bench.document.finding(("plan", "rules"), "plan-gap", name=option.id, answers=typed(smallest))


def _left_out(function: str, one: Case) -> bool:
    plan = one.deduction.flow.plan
    chosen = (one.answers.get(plan.slot) if plan else None) or ()
    return function in chosen and function not in one.deduction.plan
