"""One slot as a lever: what a changed answer to it would decide, worked out again only as far as it moves anything.

Not its job: which answers to try (`what_if`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dialogs.decide import Deduction
from dialogs.derived_names import CLAUSE_COUNTS, FLAG_COUNTS, months_name
from dialogs.expression import Expression
from dialogs.flow import Flow, Question, Rule
from dialogs.fold import enter


class Lever:
    """The flow with all answers of `base` but one, that to `question`."""

    def __init__(self, base: Deduction, answers: Mapping[str, Any], question: Question) -> None:
        self._flow = base.flow
        self._previous = base.previous
        self._answers = answers
        self._question = question
        moved = moved_by(base.flow, question.id)
        self._rules = _open_rules(base, moved)
        #: None where the answer turns guards on or off, so that all has to be worked out again.
        self._still = None if _guarded(base.flow, question, moved) else _kept(base, moved)

    @property
    def idle(self) -> bool:
        """No answer to the slot can change the verdict."""
        return len(self._rules) == 1

    def verdict(self, value: Any) -> str:
        """What the flow would decide with `value` as the answer."""
        if self.idle:
            return self._rules[0].verdict
        deduction = self._deduction(value)
        return next(rule for rule in self._rules if rule.when is None or deduction.surely(rule.when)).verdict

    def _deduction(self, value: Any) -> Deduction:
        if self._still is None:
            return Deduction(self._flow, {**self._answers, self._question.id: value}, self._previous)
        deduction = Deduction.knowing(self._flow, self._still, self._previous)
        enter(deduction, self._question, value)
        return deduction


def moved_by(flow: Flow, slot: str) -> frozenset[str]:
    """The names whose value may change with the answer to `slot`."""
    moved = {slot, months_name(slot)}
    for question in flow.questions:
        if _reads(question.when, moved):
            moved |= {question.id, months_name(question.id)}
    if flow.demands is not None and (
        flow.demands.slot in moved or any(_reads(demand.when, moved) for demand in flow.demands.required)
    ):
        moved |= set(CLAUSE_COUNTS)
    moved |= _formulas_moved(flow, moved)
    if any(_reads(flag.when, moved) for flag in flow.flags):
        moved |= set(FLAG_COUNTS)
    return frozenset(moved)


def _formulas_moved(flow: Flow, moved: set[str]) -> set[str]:
    found: set[str] = set()
    for name, formula in flow.formulas.items():
        if _reads(formula, moved | found):
            found.add(name)
    return found


def _reads(expression: Expression | None, names: set[str]) -> bool:
    return expression is not None and not names.isdisjoint(expression.names)


def _guarded(flow: Flow, question: Question, moved: frozenset[str]) -> bool:
    return question.when is not None or any(_reads(other.when, set(moved)) for other in flow.questions)


def _kept(base: Deduction, moved: frozenset[str]) -> Mapping[str, Any]:
    """What has been worked out already and stays as it is."""
    return {name: value for name, value in base.items() if name not in moved and name != "verdict"}


def _open_rules(base: Deduction, moved: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that the answer may turn on or off, and after them the one that applies if none of them does."""
    found: list[Rule] = []
    for rule in base.flow.rules:
        if _reads(rule.when, set(moved)):
            found.append(rule)
        elif base.surely(rule.when):
            return (*found, rule)
    raise ValueError("the last rule has no condition")
