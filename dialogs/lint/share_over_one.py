"""A share written as a number of percent: 95 where 0.95 is meant, so that nothing ever reaches it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from dialogs.flow import Flow
from dialogs.lint.asked import leaves, questions
from dialogs.lint.base import Around, rule
from knowledge.finding import Document, Finding, Trail


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Limits, assumptions, and the numbers that expressions hold a share against."""
    for trail, name, value in _written(flow, document):
        if value > 1:
            yield document.finding(trail, "share-over-one", name=name, value=f"{value:f}", meant=f"{value / 100:f}")
    shares = {one.id for one in (*flow.questions, *flow.assumptions) if _is_share(one)}
    for trail, text in leaves(document.content):
        if trail[-1] in ("when", "counts") or trail[0] == "compute":
            for name, number in _compared(text, shares):
                value = Decimal(repr(number.value))
                told = {"name": name, "value": f"{value:f}", "meant": f"{value / 100:f}"}
                yield document.within(trail, _index(text, number), "share-over-one", **told)


def _is_share(named: object) -> bool:
    return "percent" in (getattr(named, "kind", ""), getattr(named, "unit", ""))


def _written(flow: Flow, document: Document) -> Iterator[tuple[Trail, str, Decimal]]:
    for question, trail in questions(flow, document):
        limits = (("min", question.minimum), ("max", question.maximum)) if question.kind == "percent" else ()
        yield from (((*trail, key), question.id, limit) for key, limit in limits if limit is not None)
    for index, told in enumerate(flow.assumptions):
        if told.unit == "percent":
            yield ("assume", index, "value"), told.id, told.value


def _compared(text: str, shares: Iterable[str]) -> Iterator[tuple[str, ast.Constant]]:
    """The shares of an expression that stand beside a number over 1."""
    for node in ast.walk(ast.parse(" ".join(text.split("\n")).strip(), mode="eval")):
        sides = (node.left, *node.comparators) if isinstance(node, ast.Compare) else ()
        for one, other in pairwise(sides):
            for name, number in ((one, other), (other, one)):
                if isinstance(name, ast.Name) and isinstance(number, ast.Constant) and _over_one(number.value):
                    yield from ((share, number) for share in shares if share == name.id)


def _over_one(value: object) -> bool:
    return isinstance(value, int | float) and value > 1


def _index(text: str, number: ast.Constant) -> int:
    """Python counts bytes."""
    lead = len(text) - len(text.lstrip())
    return lead + len(text.strip().replace("\n", " ").encode()[: number.col_offset].decode(errors="ignore"))
