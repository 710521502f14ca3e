"""All answers that some conditions can tell apart, where they are few enough to try each: that is a proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from math import prod
from typing import Any

from dialogs.expression import Expression
from dialogs.flow import Flow
from dialogs.lint.deep import domain
from dialogs.lint.deep.cases import Case, case
from dialogs.lint.deep.reading import Reader

#: More are not tried one by one.
MOST = 2500


def all_cases(flow: Flow, conditions: Iterable[Expression | None], reader: Reader | None = None) -> list[Case] | None:
    """A case for each that the conditions can tell apart; None where that is not known or they are too many."""
    read = (reader or Reader(flow)).inputs(conditions)
    if not read.exact or flow.trend:
        return None
    asked = [question for question in flow.questions if question.id in read.slots]
    if any(len(read.named.get(question.id, ())) > 10 for question in asked):
        return None
    choices = [domain.values(one, read.cuts.get(one.id, ()), read.named.get(one.id, ())) for one in asked]
    if prod(map(len, choices)) > MOST:
        return None
    return list(_cases(flow, [question.id for question in asked], choices))


def _cases(flow: Flow, slots: list[str], choices: list[tuple[Any, ...]]) -> Iterator[Case]:
    rest = {one.id: "A" for one in flow.questions if not one.not_sure and one.kind == "text"}
    for chosen in product(*choices):
        yield case(flow, {**rest, **dict(zip(slots, chosen, strict=True))})
