"""A case with what is not sure made known, in a few ways: what then differs could not be said before."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from dialogs.flow import Question
from dialogs.lint.deep.cases import Case, case
from dialogs.lint.deep.domain import amounts
from dialogs.lint.deep.reading import AMOUNTS

#: So many ways are tried.
_WAYS = 8


def completed(found: Case, slots: Collection[str]) -> Iterator[Case]:
    """The case with an answer to each of the slots that is not sure; the same ones each time."""
    open_slots = [
        one for one in found.deduction.flow.questions if one.id in slots and found.answers.get(one.id) is None
    ]
    for way in range(_WAYS if open_slots else 0):
        answers = {one.id: _answer(one, way + place * way) for place, one in enumerate(open_slots)}
        yield case(found.deduction.flow, {**found.answers, **answers}, found.before)


def _answer(question: Question, number: int) -> Any:
    if question.kind == "many":
        return tuple(option.id for option in question.options) if number % 2 else ()
    if question.kind == "choice":
        return question.options[number % len(question.options)].id
    if question.kind in AMOUNTS:
        usual = amounts(question, ())
        return usual[number % len(usual)]
    return None
