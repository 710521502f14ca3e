"""What follows from answers: verdict, flags, score, figures, plan, demands. Three-valued, exact, lazily computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from dialogs.derived_names import PREVIOUS
from dialogs.expression import Expression
from dialogs.flow import Demand, Flag, Flow, PlanRule, Reason, Rule
from dialogs.fold import enter


class Deduction(dict[str, Any]):
    """The values that expressions read: answers at hand, all else computed when first asked for.

    `answers` holds decoded answers by slot, None where not sure; a slot that is missing counts as not sure, and one
    whose guard is surely false is ignored. `previous` is the case before in a series.
    """

    def __init__(self, flow: Flow, answers: Mapping[str, Any], previous: Deduction | None = None) -> None:
        super().__init__()
        self.flow = flow
        self.previous = previous
        for question in flow.questions:
            skipped = question.when is not None and question.when.evaluate(self) is False
            enter(self, question, None if skipped else answers.get(question.id))
        for assumption in flow.assumptions:
            self[assumption.id] = Fraction(assumption.value)

    @classmethod
    def knowing(cls, flow: Flow, values: Mapping[str, Any], previous: Deduction | None = None) -> Deduction:
        """One that starts from `values`: answers and assumptions as expressions read them, and what was computed."""
        deduction = cls.__new__(cls)
        deduction.update(values)
        deduction.flow = flow
        deduction.previous = previous
        return deduction

    def __missing__(self, name: str) -> Any:
        formula = self.flow.formulas.get(name)
        self[name] = value = formula.evaluate(self) if formula else self._derived(name)
        return value

    def known(self, name: str) -> Any:
        """The value of a name that a feature reads; None where a maintainer's own dialog has no such name."""
        there = name in self or name in self.flow.formulas or name in _DERIVED
        return self[name] if there else None

    def _derived(self, name: str) -> Any:
        before = name.removeprefix(PREVIOUS)
        if before == name:
            return _DERIVED[name](self)
        return None if self.previous is None else self.previous[before]

    def settle(self) -> None:
        """Work out now what the next case of a series reads: a long series worked out from its end is too deep."""
        for name in ("verdict", *self.flow.carried):
            self[name]

    def surely(self, condition: Expression | None) -> bool:
        """No condition, or one that is surely true."""
        return condition is None or condition.evaluate(self) is True

    @cached_property
    def flags(self) -> tuple[Flag, ...]:
        """The flags that are raised."""
        return tuple(flag for flag in self.flow.flags if flag.when.evaluate(self) is True)

    @cached_property
    def possible_flags(self) -> tuple[Flag, ...]:
        """The flags that are raised or cannot be ruled out."""
        return tuple(flag for flag in self.flow.flags if flag.when.evaluate(self) is not False)

    @cached_property
    def rule(self) -> Rule:
        """The first rule that surely applies; the last one always does."""
        return next(rule for rule in self.flow.rules if self.surely(rule.when))

    @cached_property
    def demands(self) -> tuple[Demand, ...]:
        """The required clauses that are surely missing."""
        return tuple(self._missing(lambda absent: absent is True))

    @cached_property
    def possible_demands(self) -> tuple[Demand, ...]:
        """The clauses that are missing or cannot be said not to be."""
        return tuple(self._missing(lambda absent: absent is not False))

    def _missing(self, counts: Callable[[bool | None], bool]) -> Iterable[Demand]:
        demands = self.flow.demands
        if demands is None:
            return
        present = self[demands.slot]
        for demand in demands.required:
            wanted = True if demand.when is None else demand.when.evaluate(self)
            absent = None if present is None else demand.clause not in present
            missing = False if False in (wanted, absent) else True if wanted and absent else None
            if counts(missing):
                yield demand

    @property
    def score(self) -> int | None:
        """0 to 100: the flow's starting points and those of each flag that counts and missing clause."""
        if self.flow.score_from is None:
            return None
        points = sum(flag.points for flag in self._counted()) + sum(demand.points for demand in self.demands)
        return max(0, min(100, self.flow.score_from + points))

    def _counted(self) -> Iterable[Flag]:
        """The flags whose points count: those raised, where they do not say otherwise."""
        yield from (flag for flag in self.flags if flag.counts is None)
        yield from (flag for flag in self.flow.flags if flag.counts is not None and self.surely(flag.counts))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the verdict is what it is, strongest first: the rule's own reasons, then the flags by weight."""
        own = [reason for reason in self.rule.because if self.surely(reason.when)]
        flagged = sorted(self.flags, key=lambda flag: (LEVELS.index(flag.level), flag.points))
        return (*own, *(Reason(topic=flag.topic, says=flag.says) for flag in flagged))

    @property
    def plan(self) -> Mapping[str, PlanRule]:
        """How each chosen function is to be done."""
        plan = self.flow.plan
        if plan is None:
            return {}
        ways = {rule.function: rule for rule in reversed(plan.always) if self.surely(rule.when)}
        chosen: frozenset[str] = self[plan.slot] or frozenset()
        for rule in plan.rules:
            if rule.function in chosen and rule.function not in ways and self.surely(rule.when):
                ways[rule.function] = rule
        return ways


#: From the gravest to the best.
LEVELS = ("blocker", "warning", "good")


def _level(level: str) -> Callable[[Deduction], Fraction]:
    return lambda deduction: Fraction(sum(flag.level == level for flag in deduction.flags))


def _possible(level: str) -> Callable[[Deduction], Fraction]:
    return lambda deduction: Fraction(sum(flag.level == level for flag in deduction.possible_flags))


_DERIVED: Mapping[str, Callable[[Deduction], Any]] = {
    "verdict": lambda deduction: deduction.rule.verdict,
    "blockers": _level("blocker"),
    "possible_blockers": _possible("blocker"),
    "warnings": _level("warning"),
    "possible_warnings": _possible("warning"),
    "goods": _level("good"),
    "missing_clauses": lambda deduction: Fraction(len(deduction.demands)),
    "possibly_missing_clauses": lambda deduction: Fraction(len(deduction.possible_demands)),
}


def ask_next(flow: Flow, unknown: Iterable[str]) -> tuple[str, ...]:
    """The unknown slots, most decisive first, then in the order of the questions; a text decides nothing."""
    open_slots = set(unknown)
    order = (*flow.decisive, *(question.id for question in flow.questions if question.id not in flow.decisive))
    asked = (flow.by_slot[slot] for slot in order if slot in open_slots)
    return tuple(question.id for question in asked if question.not_sure and question.kind != "text")
