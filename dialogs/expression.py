"""The expression language of guards, rules and figures: parsed, type-checked and compiled at load.

The grammar is a whitelist over Python's own: names, numbers, "options", comparison, in, is unknown, and/or/not,
+ - * /, if-else, and the functions of FUNCTIONS. No attributes, no other calls, no loops. Three-valued: see `kleene`.
"""

from __future__ import annotations

import ast
import difflib
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from fractions import Fraction
from typing import Any

from dialogs import kleene
from dialogs.kleene import Term, Values
from dialogs.quiet_hours import QUIET

#: Longer or deeper expressions are refused: a maintainer could not read them, and hostile ones cost time.
MAX_LENGTH = 1000
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Sort:
    """What values a name can have: number, truth, date, time, choice or many; the last two with their options."""

    name: str
    options: frozenset[str] = frozenset()


NUMBER, TRUTH, TEXT, UNKNOWN = Sort("number"), Sort("truth"), Sort("text"), Sort("unknown")
DATE, TIME = Sort("date"), Sort("time")
Scope = Mapping[str, Sort]


class ExpressionError(Exception):
    """The expression cannot be used. `code` names the finding, `values` fill its sentence, `column` counts from 0."""

    def __init__(self, code: str, column: int = 0, **values: str) -> None:
        super().__init__(code)
        self.code, self.column, self.values = code, column, values


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: `evaluate` gives a Fraction, bool, str, frozenset or None (unknown)."""

    text: str
    names: frozenset[str]
    sort: Sort
    evaluate: Callable[[Values], Any]


def parse(text: str, scope: Scope, wanted: Sort | None = None) -> Expression:
    """Compile `text`, whose names must be in `scope`; raises ExpressionError."""
    builder = _Builder(scope)
    term, sort = builder.build(_syntax(text), 0)
    if wanted is not None and UNKNOWN not in (sort, wanted) and sort.name != wanted.name:
        raise ExpressionError("wrong-sort", 0, found=sort.name, wanted=wanted.name)
    return Expression(text, frozenset(builder.names), sort, term)


def _syntax(text: str) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise ExpressionError("expression-too-long", 0, limit=str(MAX_LENGTH))
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ExpressionError("expression-syntax", max((error.offset or 1) - 1, 0), text=text) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("expression-syntax", 0, text=text) from None


Built = tuple[Term, Sort]


class _Builder:
    """Turns one syntax tree into a term, noting the names that it reads."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.names: set[str] = set()

    def build(self, node: ast.expr, depth: int) -> Built:
        if depth > MAX_DEPTH:
            raise ExpressionError("expression-too-deep", node.col_offset, limit=str(MAX_DEPTH))
        method: Callable[[Any, int], Built] | None = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise ExpressionError("expression-forbidden", node.col_offset, part=_shown(node))
        return method(node, depth + 1)

    def _name(self, node: ast.Name, depth: int) -> Built:
        name = node.id
        if name == "unknown":
            return (lambda values: None), UNKNOWN
        if name not in self._scope:
            raise ExpressionError("unknown-name", node.col_offset, name=name, near=_near(name, self._scope))
        self.names.add(name)
        return (lambda values: values[name]), self._scope[name]

    def _constant(self, node: ast.Constant, depth: int) -> Built:
        value = node.value
        if isinstance(value, str):
            return (lambda values: value), Sort("choice", frozenset({value}))
        if isinstance(value, bool) or not isinstance(value, int | float) or value == math.inf:
            raise ExpressionError("expression-forbidden", node.col_offset, part=_shown(node))
        # repr gives back the digits that were written: 0.05 becomes 1/20, not its binary neighbour.
        exact = Fraction(repr(value))
        return (lambda values: exact), NUMBER

    def _boolop(self, node: ast.BoolOp, depth: int) -> Built:
        terms = tuple(self._of(TRUTH, part, depth) for part in node.values)
        return (kleene.all_of(terms) if isinstance(node.op, ast.And) else kleene.any_of(terms)), TRUTH

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> Built:
        if isinstance(node.op, ast.Not):
            return kleene.negated(self._of(TRUTH, node.operand, depth)), TRUTH
        if isinstance(node.op, ast.USub):
            return kleene.known(operator.neg, self._of(NUMBER, node.operand, depth)), NUMBER
        raise ExpressionError("expression-forbidden", node.col_offset, part=_shown(node))

    def _binop(self, node: ast.BinOp, depth: int) -> Built:
        left, right = self._of(NUMBER, node.left, depth), self._of(NUMBER, node.right, depth)
        if isinstance(node.op, ast.Add):
            return kleene.known(operator.add, left, right), NUMBER
        if isinstance(node.op, ast.Sub):
            return kleene.known(operator.sub, left, right), NUMBER
        if isinstance(node.op, ast.Mult):
            return kleene.product(left, right), NUMBER
        if isinstance(node.op, ast.Div):
            return kleene.quotient(left, right), NUMBER
        raise ExpressionError("expression-forbidden", node.col_offset, part=_shown(node))

    def _ifexp(self, node: ast.IfExp, depth: int) -> Built:
        condition = self._of(TRUTH, node.test, depth)
        (then, first), (otherwise, second) = self.build(node.body, depth), self.build(node.orelse, depth)
        if UNKNOWN not in (first, second) and first.name != second.name:
            raise ExpressionError("branches-differ", node.col_offset, first=first.name, second=second.name)
        return kleene.chosen(condition, then, otherwise), second if first == UNKNOWN else first

    def _compare(self, node: ast.Compare, depth: int) -> Built:
        lefts = [node.left, *node.comparators[:-1]]
        links = tuple(
            self._link(left, operation, right, depth)
            for left, operation, right in zip(lefts, node.ops, node.comparators, strict=True)
        )
        return (links[0] if len(links) == 1 else kleene.all_of(links)), TRUTH

    def _link(self, left: ast.expr, operation: ast.cmpop, right: ast.expr, depth: int) -> Term:
        if isinstance(operation, ast.Is | ast.IsNot):
            return self._about_knowledge(left, operation, right, depth)
        if isinstance(operation, ast.In | ast.NotIn):
            return self._membership(left, operation, right, depth)
        (first, a), (second, b) = self.build(left, depth), self.build(right, depth)
        _comparable(a, b, operation, left, right)
        return kleene.known(kleene.COMPARISONS[type(operation).__name__], first, second)

    def _about_knowledge(self, left: ast.expr, operation: ast.cmpop, right: ast.expr, depth: int) -> Term:
        if not (isinstance(right, ast.Name) and right.id == "unknown"):
            raise ExpressionError("is-only-unknown", right.col_offset, part=_shown(right))
        asked = kleene.is_unknown(self.build(left, depth)[0])
        return asked if isinstance(operation, ast.Is) else kleene.negated(asked)

    def _membership(self, left: ast.expr, operation: ast.cmpop, right: ast.expr, depth: int) -> Term:
        item, item_sort = self.build(left, depth)
        if _is_text(left) and _is_text(right):
            raise ExpressionError("not-a-list", right.col_offset, part=_shown(right))
        items, items_sort = self._items(right, depth)
        if _is_text(left):
            _only_options(item_sort, items_sort, left)
        else:
            _only_options(items_sort, item_sort, right)
        return kleene.known(kleene.COMPARISONS[type(operation).__name__], item, items)

    def _items(self, node: ast.expr, depth: int) -> Built:
        if isinstance(node, ast.Tuple | ast.List) and all(_is_text(part) for part in node.elts):
            options = frozenset(ast.literal_eval(part) for part in node.elts)
            return (lambda values: options), Sort("many", options)
        if _is_text(node):
            # ("a") is no tuple for Python; whoever writes one option in brackets means a list of one.
            options = frozenset({ast.literal_eval(node)})
            return (lambda values: options), Sort("many", options)
        term, sort = self.build(node, depth)
        if sort.name != "many":
            raise ExpressionError("not-a-list", node.col_offset, part=_shown(node))
        return term, sort

    def _call(self, node: ast.Call, depth: int) -> Built:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS or node.keywords or not node.args:
            raise ExpressionError("unknown-function", node.col_offset, part=_shown(node.func))
        function, sort, fewest, most = FUNCTIONS[name]
        if not fewest <= len(node.args) <= most:
            raise ExpressionError("wrong-arguments", node.col_offset, part=name)
        return kleene.known(function, *(self._of(sort, part, depth) for part in node.args)), NUMBER

    def _of(self, wanted: Sort, node: ast.expr, depth: int) -> Term:
        term, sort = self.build(node, depth)
        if sort not in (UNKNOWN, wanted) and sort.name != wanted.name:
            raise ExpressionError("wrong-sort", node.col_offset, found=sort.name, wanted=wanted.name, part=_shown(node))
        return term


def _quiet_left(hour: time) -> Fraction:
    return Fraction(QUIET.left(hour))


#: Functions of the language: what they do, the sort of their arguments, how few and how many. All give a number.
FUNCTIONS: Mapping[str, tuple[Callable[..., Any], Sort, int, int]] = {
    "min": (min, NUMBER, 2, 9),
    "max": (max, NUMBER, 2, 9),
    "ceil": (kleene.ceiling, NUMBER, 1, 1),
    "count": (kleene.count, Sort("many"), 1, 1),
    #: Days from the first date to the second; minutes until reminders may go out again, 0 where they may.
    "days": (kleene.days, DATE, 2, 2),
    "quiet_left": (_quiet_left, TIME, 1, 1),
}


def _comparable(a: Sort, b: Sort, operation: ast.cmpop, left: ast.expr, right: ast.expr) -> None:
    if UNKNOWN in (a, b):
        return
    if a.name == "choice" == b.name:
        if not isinstance(operation, ast.Eq | ast.NotEq):
            raise ExpressionError("no-order", left.col_offset, part=_shown(left))
        if _is_text(left):
            _only_options(a, b, left)
        else:
            _only_options(b, a, right)
    elif a.name != b.name or a.name != "number":
        raise ExpressionError("wrong-sort", right.col_offset, found=b.name, wanted=a.name, part=_shown(right))


def _only_options(written: Sort, offered: Sort, node: ast.expr) -> None:
    """A written option that the question does not offer is a slip of the pen."""
    strays = sorted(written.options - offered.options)
    if strays and offered.options:
        known = ", ".join(sorted(offered.options))
        raise ExpressionError("unknown-option", node.col_offset, option=strays[0], options=known)


def _shown(node: ast.expr) -> str:
    """The part of the expression, as short as a finding can tell it."""
    try:
        return ast.unparse(node)[:80]
    except RecursionError:
        return "…"


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _near(name: str, scope: Scope) -> str:
    if any(name in sort.options for sort in scope.values()):
        # The id of an option without its quotes.
        return f'"{name}"'
    return next(iter(difflib.get_close_matches(name, scope, n=1)), "")
