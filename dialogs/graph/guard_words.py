"""Says an expression in words: 广告费谁出 不是 代运营出, for guards, rules and figures that people are shown.

Not its job: what the expression means to the program (`expression`), which has been checked when it gets here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from decimal import Decimal

from dialogs.derived_names import CLAUSE_COUNTS, FLAG_COUNTS, PREVIOUS, without_months
from dialogs.expression import Expression
from dialogs.flow import Flow, Question
from dialogs.kinds.amounts_said import number, percent
from dialogs.short_asks import short
from dialogs.speaking import Speaker

#: So many numbers have a ring.
_RINGS = 20
_TOUCHING = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9①-⑳])|(?<=[0-9①-⑳])(?=[\u4e00-\u9fff])")
_COUNTS = frozenset((*FLAG_COUNTS, *CLAUSE_COUNTS, "verdict"))


class GuardWords:
    """Words the expressions of one flow for one reader; `used` gathers the computed names that were said.

    A name without words of its own is said as the number of a note, in the order of `used`.
    """

    def __init__(self, speaker: Speaker, flow: Flow) -> None:
        self._speaker = speaker
        self._flow = flow
        self._figures = {figure.id: figure for figure in flow.figures}
        self.used: dict[str, None] = {}

    def say(self, expression: Expression) -> str:
        """The whole expression."""
        return _spaced(self._of(ast.parse(expression.text.strip(), mode="eval").body))

    def conjuncts(self, expression: Expression) -> Sequence[str]:
        """The same in parts that all must hold."""
        node = ast.parse(expression.text.strip(), mode="eval").body
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            return [_spaced(self._part(part)) for part in node.values]
        return [_spaced(self._of(node))]

    def name(self, name: str) -> str:
        """What a name stands for: a question, a figure, a count, or a computed word that is explained elsewhere."""
        question = self._flow.by_slot.get(name)
        if question is not None:
            return self._phrase("graph-quoted", name=short(question, self._speaker.language))
        if name in _COUNTS:
            return self._phrase(f"graph-{name.replace('_', '-')}")
        if name in self._figures:
            return self._phrase("graph-quoted", name=self._speaker.text(self._figures[name].label))
        in_months = self._flow.by_slot.get(without_months(name))
        if in_months is not None:
            return self._phrase("graph-months-of", name=short(in_months, self._speaker.language))
        if name.startswith(PREVIOUS):
            return self._phrase("graph-previous", name=self.name(name.removeprefix(PREVIOUS)))
        if name == "unknown":
            return self._phrase("graph-not-sure")
        self.used[name] = None
        called = self._flow.words.get(name)
        if called is not None:
            return self._phrase("graph-quoted", name=self._speaker.text(called))
        return noted(list(self.used).index(name))

    def _of(self, node: ast.expr) -> str:
        match node:
            case ast.BoolOp():
                key = "graph-and" if isinstance(node.op, ast.And) else "graph-or"
                return self._speaker.joined(key, [self._part(part) for part in node.values])
            case ast.UnaryOp(op=ast.Not()):
                return self._phrase("graph-not", inside=self._of(node.operand))
            case ast.UnaryOp():
                return f"−{self._part(node.operand)}"
            case ast.BinOp():
                key = f"graph-{type(node.op).__name__.lower()}"
                return self._phrase(key, first=self._part(node.left), second=self._part(node.right))
            case ast.Compare():
                return self._compared(node)
            case ast.IfExp():
                return self._phrase(
                    "graph-if",
                    condition=self._of(node.test),
                    then=self._part(node.body),
                    otherwise=self._part(node.orelse),
                )
            case ast.Call(func=ast.Name(id=function)):
                listed = self._speaker.joined("graph-list", map(self._of, node.args))
                return self._phrase(f"graph-{function}", inside=listed)
            case _:
                return self._leaf(node)

    def _leaf(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return self.name(node.id)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return number(Decimal(repr(node.value)))
        return ast.unparse(node)

    def _part(self, node: ast.expr) -> str:
        """Inside another: a joined part gets brackets."""
        said = self._of(node)
        joined = isinstance(node, ast.BoolOp | ast.IfExp | ast.BinOp)
        return self._phrase("graph-grouped", inside=said) if joined else said

    def _compared(self, node: ast.Compare) -> str:
        lefts = [node.left, *node.comparators[:-1]]
        links = [
            self._link(left, operation, right)
            for left, operation, right in zip(lefts, node.ops, node.comparators, strict=True)
        ]
        return self._speaker.joined("graph-and", links)

    def _link(self, left: ast.expr, operation: ast.cmpop, right: ast.expr) -> str:
        key = type(operation).__name__.lower()
        if isinstance(operation, ast.Is | ast.IsNot):
            return self._phrase(f"graph-{key}", first=self._part(left))
        if isinstance(operation, ast.In | ast.NotIn) and _is_option(left):
            has = "graph-has" if isinstance(operation, ast.In) else "graph-hasnot"
            return self._phrase(has, first=self._part(right), second=self._beside(left, right))
        return self._phrase(f"graph-{key}", first=self._beside(left, right), second=self._beside(right, left))

    def _beside(self, node: ast.expr, other: ast.expr) -> str:
        """A written value takes its words from the question or figure that it is compared with."""
        question = self._flow.by_slot.get(other.id) if isinstance(other, ast.Name) else None
        if isinstance(node, ast.Tuple | ast.List):
            return self._speaker.joined("graph-either", [self._beside(part, other) for part in node.elts])
        if _is_option(node):
            return self._option(str(ast.literal_eval(node)), other, question)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and self._is_share(other):
            return percent(Decimal(repr(node.value)))
        return self._part(node)

    def _option(self, id: str, other: ast.expr, question: Question | None) -> str:
        if isinstance(other, ast.Name) and other.id == "verdict" and id in self._flow.verdicts:
            return self._phrase("graph-quoted", name=self._speaker.text(self._flow.verdicts[id].title))
        labels = {option.id: option.label for option in question.options} if question is not None else {}
        return self._phrase("graph-quoted", name=self._speaker.text(labels[id]) if id in labels else id)

    def _is_share(self, node: ast.expr) -> bool:
        if not isinstance(node, ast.Name):
            return False
        question, figure = self._flow.by_slot.get(node.id), self._figures.get(node.id)
        return (question is not None and question.kind == "percent") or (
            figure is not None and figure.unit == "percent"
        )

    def _phrase(self, key: str, **values: str) -> str:
        return self._speaker.phrase(key, **values)


def noted(place: int) -> str:
    """The sign of the note that explains a computed word: a number in a ring."""
    return chr(ord("①") + place) if place < _RINGS else f"({place + 1})"


def _spaced(text: str) -> str:
    """A Chinese sign and a digit do not touch."""
    return _TOUCHING.sub(" ", text)


def _is_option(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
