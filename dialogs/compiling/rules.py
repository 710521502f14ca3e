"""Compiles what follows from the answers: figures, flags, verdicts, plan, demands, passages."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs import schema
from dialogs.compiling.scope import Scope
from dialogs.expression import NUMBER, UNKNOWN, Expression
from dialogs.flow import (
    Assumption,
    Demand,
    Demands,
    Figure,
    Flag,
    Passage,
    Plan,
    PlanRule,
    Reason,
    Rule,
)
from dialogs.shaping import maybe, wording
from knowledge.finding import Trail


class RuleCompiler:
    """Compiles the rules of `shaped` against `scope`, which knows the `slots` of all questions."""

    def __init__(self, scope: Scope, shaped: schema.FlowShape, slots: frozenset[str]) -> None:
        self._scope = scope
        self._shaped = shaped
        self._slots = slots

    def assumptions(self) -> Iterable[Assumption]:
        """The numbers that we put in."""
        for index, told in enumerate(self._shaped.assume):
            self._scope.enter(told.id, NUMBER, ("assume", index, "id"))
            yield Assumption(
                id=told.id,
                value=told.value,
                unit=told.unit,
                says=wording(told.says),
                source=told.source,
                year=told.year,
            )

    def formulas(self) -> Iterable[tuple[str, Expression]]:
        """The computed names; each may read those before it."""
        for name, text in self._shaped.compute.items():
            compiled = self._scope.expression(text, ("compute", name), None)
            # What does not compile may be anything: whoever reads it has done nothing wrong.
            self._scope.enter(name, compiled.sort if compiled else UNKNOWN, ("compute", name))
            if compiled:
                yield name, compiled

    def figures(self) -> Iterable[Figure]:
        """What is shown of the computed."""
        computed = frozenset(self._shaped.compute) | {told.id for told in self._shaped.assume}
        seen: set[str] = set()
        for index, told in enumerate(self._shaped.figures):
            trail: Trail = ("figures", index, "id")
            self._scope.one_of(trail, "figure-not-computed", told.id, computed)
            self._scope.once(trail, "figure-twice", told.id, seen)
            yield Figure(
                id=told.id,
                unit=told.unit,
                label=wording(told.label),
                formula=wording(told.formula),
                in_result=told.in_result,
            )

    def flags(self) -> Iterable[Flag]:
        """What is remarkable, good or bad."""
        seen: set[str] = set()
        for index, told in enumerate(self._shaped.flags):
            when = self._scope.expression(told.when, ("flags", index, "when"))
            counts = self._scope.expression(told.counts, ("flags", index, "counts"))
            self._scope.once(("flags", index, "id"), "flag-twice", told.id, seen)
            if told.about is not None:
                self._scope.one_of(("flags", index, "about"), "unknown-slot", told.about, self._slots)
            elif told.to_agency is not None:
                self._scope.fail(("flags", index, "id"), "about-missing", name=told.id)
            if when:
                yield Flag(
                    id=told.id,
                    level=told.level,
                    when=when,
                    topic=told.topic,
                    says=wording(told.says),
                    points=told.points,
                    counts=counts,
                    to_agency=maybe(told.to_agency),
                    about=told.about,
                )

    def rules(self) -> Iterable[Rule]:
        """The verdicts' rules; exactly the last has no condition."""
        last = len(self._shaped.decide) - 1
        for index, told in enumerate(self._shaped.decide):
            trail: Trail = ("decide", index)
            self._scope.one_of((*trail, "verdict"), "unknown-verdict", told.verdict, frozenset(self._shaped.verdicts))
            if (told.when is None) != (index == last):
                self._scope.fail(trail, "no-last-rule" if index == last else "rule-never-reached")
            reasons = tuple(self._reasons(told.because, (*trail, "because")))
            when = self._scope.expression(told.when, (*trail, "when"))
            yield Rule(verdict=told.verdict, when=when, because=reasons)

    def _reasons(self, because: list[schema.ReasonShape], trail: Trail) -> Iterable[Reason]:
        for index, told in enumerate(because):
            when = self._scope.expression(told.when, (*trail, index, "when"))
            yield Reason(topic=told.topic, says=wording(told.says), when=when)

    def plan(self) -> Plan | None:
        """How each chosen function is to be done."""
        told = self._shaped.plan
        if told is None:
            return None
        functions = self._options_of(told.slot, ("plan", "slot"))
        return Plan(
            slot=told.slot,
            ways={id: wording(text) for id, text in told.ways.items()},
            rules=tuple(self._plan_rules(told, "rules", told.rules, functions)),
            always=tuple(self._plan_rules(told, "always", told.always, functions)),
        )

    def _plan_rules(
        self, plan: schema.PlanShape, key: str, rules: list[schema.PlanRuleShape], functions: frozenset[str]
    ) -> Iterable[PlanRule]:
        for index, told in enumerate(rules):
            trail: Trail = ("plan", key, index)
            self._scope.one_of((*trail, "how"), "unknown-way", told.how, frozenset(plan.ways))
            when = self._scope.expression(told.when, (*trail, "when"))
            for at, function in enumerate(told.functions):
                self._offered((*trail, "functions", at), function, functions)
                yield PlanRule(function=function, how=told.how, when=when, topic=told.topic, says=maybe(told.says))

    def demands(self) -> Demands | None:
        """The clauses that the contract must have."""
        told = self._shaped.demands
        if told is None:
            return None
        clauses = self._options_of(told.slot, ("demands", "slot"))
        return Demands(slot=told.slot, required=tuple(self._required(told, clauses)))

    def _required(self, told: schema.DemandsShape, clauses: frozenset[str]) -> Iterable[Demand]:
        seen: set[str] = set()
        for index, demand in enumerate(told.required):
            trail: Trail = ("demands", "required", index)
            self._offered((*trail, "clause"), demand.clause, clauses)
            self._scope.once((*trail, "clause"), "clause-twice", demand.clause, seen)
            when = self._scope.expression(demand.when, (*trail, "when"))
            yield Demand(
                clause=demand.clause, when=when, topic=demand.topic, says=wording(demand.says), points=demand.points
            )

    def _options_of(self, slot: str, trail: Trail) -> frozenset[str]:
        sort = self._scope.sorts.get(slot)
        if sort is None or sort.name != "many":
            self._scope.fail(trail, "many-wanted", name=slot)
            return frozenset()
        return sort.options

    def _offered(self, trail: Trail, option: str, options: frozenset[str]) -> None:
        if options and option not in options:
            self._scope.fail(trail, "unknown-option", option=option, options=", ".join(sorted(options)))

    def passages(self) -> Iterable[Passage]:
        """The paragraphs of the result."""
        for index, told in enumerate(self._shaped.passages):
            yield Passage(says=wording(told.says), when=self._scope.expression(told.when, ("passages", index, "when")))
