"""Looks for a case that reaches one thing, step by step: each step makes one more part of its condition true."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dialogs.derived_names import PREVIOUS, previous_name
from dialogs.expression import TRUTH, Expression
from dialogs.flow import Flow
from dialogs.lint.deep import naming
from dialogs.lint.deep.cases import Case, Draw
from dialogs.lint.deep.reading import Reader, tree
from dialogs.lint.deep.targets import Target

#: So often a hunt begins anew, and so many steps it takes.
_STARTS, _STEPS = 25, 150


def hunted(flow: Flow, draw: Draw, target: Target) -> Iterator[Case]:
    """Cases ever nearer to the target; the hunt ends when the caller has what he wants."""
    wanted, unwanted = _parts(flow, target)
    slots = Reader(flow).inputs(wanted).slots
    among = tuple(question for question in flow.questions if question.id in slots)
    for _ in range(_STARTS):
        best = draw.anew()
        reached = _count(best, wanted, unwanted)
        for _ in range(_STEPS):
            tried = draw.near(best, among)
            count = _count(tried, wanted, unwanted)
            if count >= reached:
                best, reached = tried, count
                yield best


def _parts(flow: Flow, target: Target) -> tuple[list[Expression], list[Expression]]:
    """What must be true, cut at each "and", and which rules before must not be."""
    sorts = naming.scope(flow)
    *before, own = target.hangs_on
    unwanted = [one for one in before if one is not None] if target.sort in ("rule", "reason") else []
    condition = before.pop() if target.sort == "reason" and before else own
    both = [one for one in (condition, own) if one is not None]
    texts = dict.fromkeys(part for one in both for part in _cut(flow, tree(one.text)))
    wanted = [naming.compiled(text, sorts, TRUTH) for text in texts]
    return wanted, [one for one in unwanted if one is not condition]


def _cut(flow: Flow, node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name) and node.id in flow.formulas:
        yield from _cut(flow, tree(flow.formulas[node.id].text))
    elif isinstance(node, ast.Name) and node.id.removeprefix(PREVIOUS) in flow.formulas:
        yield node.id
        # What the case before needs for it, so that each step of a series counts.
        inner = tree(flow.formulas[node.id.removeprefix(PREVIOUS)].text)
        parts = inner.values if isinstance(inner, ast.BoolOp) and isinstance(inner.op, ast.And) else []
        yield from (previous_name(part.id) for part in parts if isinstance(part, ast.Name) and part.id in flow.formulas)
    elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for part in node.values:
            yield from _cut(flow, part)
    else:
        yield ast.unparse(node)


def _count(case: Case, wanted: list[Expression], unwanted: list[Expression]) -> int:
    yes = sum(one.evaluate(case.deduction) is True for one in wanted)
    return yes - sum(one.evaluate(case.deduction) is True for one in unwanted)
