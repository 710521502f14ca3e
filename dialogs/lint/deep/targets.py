"""Everything in a flow that answers should be able to reach, with where it stands and when it is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from dialogs.expression import Expression
from dialogs.flow import Flow, PlanRule
from dialogs.lint.asked import questions
from dialogs.lint.deep.cases import Case, asks
from knowledge.finding import Document, Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing to reach. `hangs_on` are the conditions that decide it, `holds` whether a case reaches it."""

    sort: str
    name: str
    trail: Trail
    hangs_on: tuple[Expression | None, ...]
    holds: Callable[[Case], bool]


def targets(flow: Flow, document: Document) -> tuple[Target, ...]:
    """All of them, in the order of the file's parts."""
    return (*_questions(flow, document), *_flags(flow), *_verdicts(flow), *_rules(flow), *_reasons(flow),
            *_plan(flow, document), *_demands(flow), *_passages(flow))  # fmt: skip


def _questions(flow: Flow, document: Document) -> Iterator[Target]:
    for question, trail in questions(flow, document):
        if question.when is not None:
            yield Target(sort="question", name=question.id, trail=(*trail, "when"), hangs_on=(question.when,),
                         holds=lambda case, one=question: asks(case.deduction, one))  # fmt: skip


def _flags(flow: Flow) -> Iterator[Target]:
    for index, flag in enumerate(flow.flags):
        yield Target(sort="flag", name=flag.id, trail=("flags", index, "when"), hangs_on=(flag.when,),
                     holds=lambda case, one=flag: case.deduction.surely(one.when))  # fmt: skip


def _verdicts(flow: Flow) -> Iterator[Target]:
    whens = tuple(rule.when for rule in flow.rules)
    for id in flow.verdicts:
        yield Target(sort="verdict", name=id, trail=("verdicts", id), hangs_on=whens,
                     holds=lambda case, one=id: case.deduction.rule.verdict == one)  # fmt: skip


def _rules(flow: Flow) -> Iterator[Target]:
    whens = tuple(rule.when for rule in flow.rules)
    for index, rule in enumerate(flow.rules):
        yield Target(sort="rule", name=rule.verdict, trail=("decide", index, "when"), hangs_on=whens[: index + 1],
                     holds=lambda case, one=rule: case.deduction.rule is one)  # fmt: skip


def _reasons(flow: Flow) -> Iterator[Target]:
    whens = tuple(rule.when for rule in flow.rules)
    for index, rule in enumerate(flow.rules):
        for at, reason in enumerate(rule.because):
            if reason.when is not None:
                yield Target(
                    sort="reason", name=reason.topic, trail=("decide", index, "because", at, "when"),
                    hangs_on=(*whens[: index + 1], reason.when),
                    holds=lambda case, first=rule, one=reason: (
                        case.deduction.rule is first and case.deduction.surely(one.when)
                    ),
                )  # fmt: skip


def _plan(flow: Flow, document: Document) -> Iterator[Target]:
    for trail, rule in plan_rules(flow, document):
        yield Target(sort="plan", name=f"{rule.function} {rule.how}", trail=trail, hangs_on=_before(flow, rule),
                     holds=lambda case, one=rule: _planned(case, one))  # fmt: skip


def plan_rules(flow: Flow, document: Document) -> Iterator[tuple[Trail, PlanRule]]:
    """The rules of the plan, one for each function, with where the function stands in the file."""
    if flow.plan is None:
        return
    for key, rules in (("always", flow.plan.always), ("rules", flow.plan.rules)):
        placed = iter(rules)
        for index, told in enumerate(document.content["plan"].get(key) or ()):
            for at, _ in enumerate(_listed(told["functions"])):
                yield ("plan", key, index, "functions", at), next(placed)


def _listed(functions: Any) -> Sequence[str]:
    """One id, or a list of ids, as a file may have it."""
    return (functions,) if isinstance(functions, str) else functions


def _before(flow: Flow, rule: PlanRule) -> tuple[Expression | None, ...]:
    """What the rule hangs on: its own condition and those of the rules that come before it for the same function."""
    rules = (*flow.plan.always, *flow.plan.rules) if flow.plan else ()
    before = takewhile(lambda one: one is not rule, rules)
    return (*(one.when for one in before if one.function == rule.function), rule.when)


def _planned(case: Case, rule: PlanRule) -> bool:
    """As if everything were chosen: whether it is chosen is for the owner to say."""
    plan = case.deduction.flow.plan
    rules = (*plan.always, *plan.rules) if plan else ()
    return (
        next((one for one in rules if one.function == rule.function and case.deduction.surely(one.when)), None) is rule
    )


def _demands(flow: Flow) -> Iterator[Target]:
    if flow.demands is not None:
        for index, demand in enumerate(flow.demands.required):
            if demand.when is not None:
                trail: Trail = ("demands", "required", index, "when")
                yield Target(sort="demand", name=demand.clause, trail=trail, hangs_on=(demand.when,),
                             holds=lambda case, one=demand: case.deduction.surely(one.when))  # fmt: skip


def _passages(flow: Flow) -> Iterator[Target]:
    for index, passage in enumerate(flow.passages):
        if passage.when is not None:
            trail: Trail = ("passages", index, "when")
            yield Target(sort="passage", name=str(index + 1), trail=trail, hangs_on=(passage.when,),
                         holds=lambda case, one=passage: case.deduction.surely(one.when))  # fmt: skip
