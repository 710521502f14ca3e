"""The names that a condition about a whole flow may read, and the making of such conditions.

Not its job: the names of the flow's own conditions, which see only what stands before them (`compiling.scope`).
"""

from __future__ import annotations

from collections.abc import Iterable

from dialogs import expression
from dialogs.derived_names import CLAUSE_COUNTS, FLAG_COUNTS, months_name, previous_name
from dialogs.expression import NUMBER, TEXT, Expression, ExpressionError, Sort
from dialogs.flow import Flow, Question


def scope(flow: Flow) -> dict[str, Sort]:
    """All names of a flow with what they stand for."""
    found = {question.id: _sort(question) for question in flow.questions}
    found |= {months_name(asked.id): NUMBER for asked in flow.questions if any(one.months for one in asked.options)}
    found |= {told.id: NUMBER for told in flow.assumptions}
    found |= {name: formula.sort for name, formula in flow.formulas.items()}
    found |= dict.fromkeys((*(CLAUSE_COUNTS if flow.demands else ()), *(FLAG_COUNTS if flow.flags else ())), NUMBER)
    found["verdict"] = Sort("choice", frozenset(flow.verdicts))
    if flow.trend:
        found |= {previous_name(name): sort for name, sort in found.items()}
    return found


def _sort(question: Question) -> Sort:
    if question.kind in ("choice", "many"):
        return Sort(question.kind, frozenset(option.id for option in question.options))
    return TEXT if question.kind in ("text", "date", "time", "zone") else NUMBER


def compiled(text: str, sorts: dict[str, Sort], wanted: Sort | None = None) -> Expression:
    """The expression; raises ExpressionError where it reads what the flow does not have."""
    return expression.parse(" ".join(text.split("\n")), sorts, wanted)


def maybe(text: str, sorts: dict[str, Sort]) -> Expression | None:
    """The same; None where it cannot be made."""
    try:
        return compiled(text, sorts)
    except ExpressionError:
        return None


def conditions(flow: Flow) -> Iterable[Expression | None]:
    """Every condition of a flow and every formula, in no particular order."""
    plan, demands = flow.plan, flow.demands
    yield from (question.when for question in flow.questions)
    yield from flow.formulas.values()
    yield from (one for flag in flow.flags for one in (flag.when, flag.counts))
    yield from (rule.when for rule in flow.rules)
    yield from (reason.when for rule in flow.rules for reason in rule.because)
    yield from (rule.when for rule in ((*plan.rules, *plan.always) if plan else ()))
    yield from (demand.when for demand in (demands.required if demands else ()))
    yield from (passage.when for passage in flow.passages)
