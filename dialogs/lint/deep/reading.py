"""What the conditions of a flow read: which answers in the end, and where on an amount they change.

A condition is `exact` where each amount that it reads is only held against fixed numbers: then one value between two
neighbouring numbers stands for all that lie there, and to try them all is a proof. Not its job: trying (`proving`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from dialogs.derived_names import CLAUSE_COUNTS, FLAG_COUNTS, PREVIOUS, months_name
from dialogs.expression import Expression
from dialogs.flow import Flow

AMOUNTS = ("money", "percent", "number", "months")
_LEVELS = {"blockers": "blocker", "possible_blockers": "blocker", "warnings": "warning",
           "possible_warnings": "warning", "goods": "good"}  # fmt: skip
#: Of a list of options that is counted, no more than these are tried in all combinations.
_COUNTED = 6


@dataclass(frozen=True, slots=True)
class Inputs:
    """What conditions hang on. `cuts` are the numbers that an amount is held against, `named` the options of a list."""

    slots: frozenset[str]
    exact: bool
    cuts: Mapping[str, frozenset[Decimal]]
    named: Mapping[str, frozenset[str]]


@dataclass
class _Found:
    slots: set[str] = field(default_factory=set[str])
    exact: bool = True
    cuts: dict[str, set[Decimal]] = field(default_factory=dict[str, set[Decimal]])
    named: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    seen: set[str] = field(default_factory=set[str])


class Reader:
    """Reads the conditions of `flow`; `others` are names that a law works out for itself."""

    def __init__(self, flow: Flow, others: Mapping[str, Expression] | None = None) -> None:
        self._flow = flow
        self._formulas = {**flow.formulas, **(others or {})}
        self._constants = {told.id: told.value for told in flow.assumptions}
        self._months = {months_name(asked.id): asked.id for asked in flow.questions}
        #: Every comparison asks for what is under its names, and many ask for the same.
        self._under: dict[frozenset[str], frozenset[str]] = {}

    def inputs(self, conditions: Iterable[Expression | None]) -> Inputs:
        """What these conditions read together, and whether all of it can be tried."""
        found = _Found()
        for condition in conditions:
            if condition is not None:
                self._condition(tree(condition.text), found)
        self._guards(found)
        return Inputs(
            slots=frozenset(found.slots),
            exact=found.exact,
            cuts={slot: frozenset(cuts) for slot, cuts in found.cuts.items()},
            named={slot: frozenset(named) for slot, named in found.named.items()},
        )

    def under(self, names: Iterable[str]) -> frozenset[str]:
        """The slots that the names stand for or are worked out from."""
        asked = frozenset(names)
        if asked not in self._under:
            found = _Found()
            for name in asked:
                self._name(name, found)
            self._under[asked] = frozenset(found.slots)
        return self._under[asked]

    def _guards(self, found: _Found) -> None:
        """A question may be skipped by a guard, which reads earlier answers only."""
        for question in reversed(self._flow.questions):
            if question.id in found.slots and question.when is not None:
                self._condition(tree(question.when.text), found)

    def _condition(self, node: ast.expr, found: _Found) -> None:
        """A part of a condition: comparisons are looked into, all else is what stands between them."""
        if isinstance(node, ast.Compare):
            for left, operation, right in links(node):
                self._link(left, operation, right, found)
        elif isinstance(node, ast.Name):
            self._name(node.id, found)
            if node.id in self._flow.by_slot and self._is_amount(node.id):
                found.exact = False
        else:
            for part in ast.iter_child_nodes(node):
                if isinstance(part, ast.expr):
                    self._condition(part, found)

    def _link(self, left: ast.expr, operation: ast.cmpop, right: ast.expr, found: _Found) -> None:
        for side, other in ((left, right), (right, left)):
            if isinstance(side, ast.Name) and self._is_amount(side.id):
                fixed = isinstance(operation, ast.Is | ast.IsNot) or self._fixed(other) is not None
                if fixed:
                    self._cut(side.id, self._fixed(other), found)
                    return
        if isinstance(operation, ast.In | ast.NotIn) and isinstance(left, ast.Constant) and isinstance(right, ast.Name):
            found.named.setdefault(right.id, set()).add(str(left.value))
        read = names_in(left) | names_in(right)
        for name in read:
            self._name(name, found)
        under = self.under(read)
        if any(self._is_amount(slot) for slot in under):
            found.exact = False
            self._cut_all(under, left, right, found)

    def _cut(self, slot: str, at: Decimal | None, found: _Found) -> None:
        self._name(slot, found)
        if at is not None:
            found.cuts.setdefault(slot, set()).add(at)

    def _cut_all(self, slots: Iterable[str], left: ast.expr, right: ast.expr, found: _Found) -> None:
        """The numbers of a comparison between sums are at least good guesses for what goes into it."""
        numbers = {
            Decimal(repr(part.value))
            for side in (left, right)
            for part in ast.walk(side)
            if isinstance(part, ast.Constant) and isinstance(part.value, int | float)
        }
        read = names_in(left) | names_in(right)
        numbers |= {self._constants[name] for name in read if name in self._constants}
        for slot in slots:
            if self._is_amount(slot):
                found.cuts.setdefault(slot, set()).update(numbers)

    def _fixed(self, node: ast.expr) -> Decimal | None:
        """The number that the part always stands for, if it does."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return Decimal(repr(node.value))
        return self._constants.get(node.id) if isinstance(node, ast.Name) else None

    def _name(self, name: str, found: _Found) -> None:
        if name in found.seen:
            return
        found.seen.add(name)
        slot = self._months.get(name, name)
        if slot in self._flow.by_slot:
            found.slots.add(slot)
            self._counted(slot, found)
        elif name in self._formulas:
            self._condition(tree(self._formulas[name].text), found)
        elif name in _LEVELS or name in CLAUSE_COUNTS or name == "verdict":
            self._counts(name, found)
        elif name.startswith(PREVIOUS):
            found.exact = False

    def _counted(self, slot: str, found: _Found) -> None:
        options = {option.id for option in self._flow.by_slot[slot].options}
        if self._flow.by_slot[slot].kind == "many" and len(options) <= _COUNTED:
            found.named.setdefault(slot, set()).update(options)

    def _counts(self, name: str, found: _Found) -> None:
        """The conditions behind what the engine counts."""
        flow = self._flow
        conditions: list[Expression | None] = []
        if name in FLAG_COUNTS:
            conditions += (flag.when for flag in flow.flags if flag.level == _LEVELS[name])
        elif name == "verdict":
            conditions += (rule.when for rule in flow.rules)
        elif flow.demands is not None:
            self._name(flow.demands.slot, found)
            found.named.setdefault(flow.demands.slot, set()).update(one.clause for one in flow.demands.required)
            conditions += (demand.when for demand in flow.demands.required)
        for condition in conditions:
            if condition is not None:
                self._condition(tree(condition.text), found)

    def _is_amount(self, name: str) -> bool:
        question = self._flow.by_slot.get(name)
        return question is not None and question.kind in AMOUNTS


@cache
def tree(text: str) -> ast.expr:
    """The syntax of an expression that compiles."""
    return ast.parse(" ".join(text.split("\n")).strip(), mode="eval").body


def links(node: ast.Compare) -> Iterator[tuple[ast.expr, ast.cmpop, ast.expr]]:
    """The single comparisons of a chain."""
    lefts = [node.left, *node.comparators[:-1]]
    return zip(lefts, node.ops, node.comparators, strict=True)


def names_in(node: ast.expr) -> frozenset[str]:
    """The names that a part reads."""
    return frozenset(part.id for part in ast.walk(node) if isinstance(part, ast.Name) and part.id != "unknown")


@dataclass(frozen=True, slots=True)
class Edge:
    """Two amounts that are held against each other: the outcome turns where `gap` is zero. `slots` move it."""

    gap: Expression
    slots: tuple[str, ...]


def edges(
    flow: Flow, conditions: Iterable[Expression | None], compiled: Callable[[str], Expression | None]
) -> tuple[Edge, ...]:
    """The edges of all comparisons in the conditions; `compiled` makes an expression of a text, if it is one."""
    reader, found = Reader(flow), dict[str, Edge]()
    for condition in conditions:
        for node in ast.walk(tree(condition.text)) if condition is not None else ():
            for left, operation, right in links(node) if isinstance(node, ast.Compare) else ():
                text = f"({ast.unparse(left)}) - ({ast.unparse(right)})"
                if isinstance(operation, ast.Lt | ast.LtE | ast.Gt | ast.GtE) and text not in found:
                    slots = _movers(flow, reader, left, right)
                    gap = compiled(text) if slots else None
                    if gap is not None:
                        found[text] = Edge(gap, slots)
    return tuple(found.values())


def _movers(flow: Flow, reader: Reader, left: ast.expr, right: ast.expr) -> tuple[str, ...]:
    """The amounts behind a comparison; none where a single one is held against a number, which the lines know."""
    fixed = isinstance(left, ast.Constant) or isinstance(right, ast.Constant)
    if fixed and any(isinstance(side, ast.Name) and side.id in flow.by_slot for side in (left, right)):
        return ()
    under = reader.under(names_in(left) | names_in(right))
    return tuple(one.id for one in flow.questions if one.id in under and one.kind in AMOUNTS)
