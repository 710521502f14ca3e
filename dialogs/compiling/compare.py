"""Compiles how several results of one flow are put in order."""

from __future__ import annotations

from dialogs.compiling.scope import Scope
from dialogs.flow import Compare
from dialogs.schema import FlowShape


def compare(scope: Scope, shaped: FlowShape, slots: frozenset[str]) -> Compare | None:
    """None where the flow says nothing of it; every verdict must have its place, and only one."""
    told = shaped.compare
    if told is None:
        return None
    _verdicts(scope, told.verdicts, frozenset(shaped.verdicts))
    shown = frozenset(figure.id for figure in shaped.figures if figure.in_result)
    for index, figure in enumerate(told.figures):
        scope.one_of(("compare", "figures", index), "figure-not-shown", figure, shown)
    for index, slot in enumerate(told.terms):
        scope.one_of(("compare", "terms", index), "unknown-slot", slot, slots)
    return Compare(verdicts=tuple(told.verdicts), figures=tuple(told.figures), terms=tuple(told.terms))


def _verdicts(scope: Scope, order: list[str], known: frozenset[str]) -> None:
    seen: set[str] = set()
    for index, verdict in enumerate(order):
        scope.one_of(("compare", "verdicts", index), "unknown-verdict", verdict, known)
        scope.once(("compare", "verdicts", index), "verdict-twice", verdict, seen)
    for missing in sorted(known - seen):
        scope.fail(("compare", "verdicts"), "verdict-not-placed", name=missing)
