"""Answers from which the flow makes something else than the contract (`dialogs/advice.yaml`) says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from dialogs.expression import Expression
from dialogs.flow import Rule
from dialogs.lint.deep.base import Bench, rule
from dialogs.lint.deep.cases import Case, plainer, typed
from dialogs.lint.deep.completing import completed
from dialogs.lint.deep.laws import Held, Judged
from dialogs.lint.deep.proving import all_cases
from dialogs.lint.deep.saying import said, told_apart
from dialogs.lint.deep.targets import plan_rules
from knowledge.finding import Finding, Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What a law wants and what is there instead, and where in the file that comes from."""

    trail: Trail
    name: str
    wanted: str
    got: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One thing to hold; `hangs_on` are the conditions by which it could be proved."""

    name: str
    hangs_on: tuple[Expression | None, ...] | None
    breach: Callable[[Case], Broken | None]
    ours: bool = False

    def is_broken(self, case: Case) -> bool:
        """Whether the case shows it."""
        return self.breach(case) is not None


@rule
def check(bench: Bench) -> Iterable[Finding]:
    """Each law is proved where its answers are few enough, else tried on the cases; one counter-example a law."""
    for law in _laws(bench):
        cases = None if law.hangs_on is None else all_cases(bench.flow, law.hangs_on, bench.law_reader)
        proved = cases is not None
        found = next((one for one in (cases if cases is not None else bench.cases()) if law.breach(one)), None)
        if found is None:
            bench.claim(proved=proved)
            continue
        smallest = plainer(found, (), law.is_broken)
        broken = law.breach(smallest)
        if broken is not None:
            yield _told(bench, law, broken, smallest)


def _told(bench: Bench, law: Law, broken: Broken, shown: Case) -> Finding:
    values = {"law": law.name, "name": broken.name, "expected": broken.wanted, "got": broken.got}
    if law.ours:
        return bench.document.finding(broken.trail, "choice-changed", level="warning", answers=typed(shown), **values)
    return bench.document.finding(broken.trail, "law-broken", answers=typed(shown), **values)


def _laws(bench: Bench) -> Iterator[Law]:
    return chain(_figures(bench), _flags(bench), _demands(bench), _held(bench))


def _figures(bench: Bench) -> Iterator[Law]:
    for name, law in bench.laws.figures.items():
        if name in bench.flow.formulas:
            yield Law(name=name, hangs_on=None, breach=lambda case, name=name, law=law: _figure(bench, case, name, law))


def _figure(bench: Bench, case: Case, name: str, law: Expression) -> Broken | None:
    """A flow may know a figure where the law cannot, as long as nothing that is not sure can change it."""
    wanted, got = law.evaluate(bench.judged(case)), case.deduction[name]
    open_yet = wanted is None and any(case.answers.get(question.id) is None for question in case.asked)
    if wanted == got or (open_yet and (got is None or not _undone(bench, case, law, got))):
        return None
    first, second = told_apart(wanted, got)
    return Broken(trail=("compute", name), name=name, wanted=first, got=second)


def _undone(bench: Bench, case: Case, law: Expression, got: Any) -> bool:
    """Whether some answers to what is not sure would have the law say otherwise: then it could not be said yet."""
    slots = bench.law_reader.under(law.names)
    known = (law.evaluate(Judged(bench.laws, one.deduction)) for one in completed(case, slots))
    return any(value != got for value in known)


def _flags(bench: Bench) -> Iterator[Law]:
    for index, flag in enumerate(bench.flow.flags):
        law = bench.laws.flags.get(flag.id)
        if law is not None:
            yield Law(
                name=flag.id, hangs_on=(flag.when, law),
                breach=lambda case, at=index, law=law: _flag(bench, case, at, law),
            )  # fmt: skip


def _flag(bench: Bench, case: Case, index: int, law: Expression) -> Broken | None:
    flag = bench.flow.flags[index]
    wanted, raised = law.evaluate(bench.judged(case)), case.deduction.surely(flag.when)
    if wanted is None and raised and _undone(bench, case, law, True):
        wanted = False
    if wanted is None or wanted is raised:
        return None
    return Broken(trail=("flags", index, "when"), name=flag.id, wanted=said(wanted), got=said(raised))


def _demands(bench: Bench) -> Iterator[Law]:
    required = bench.flow.demands.required if bench.flow.demands else ()
    for index, demand in enumerate(required):
        if demand.clause in bench.laws.demands:
            law = bench.laws.demands[demand.clause]
            yield Law(
                name=demand.clause, hangs_on=(demand.when, law),
                breach=lambda case, at=index, law=law: _demand(bench, case, at, law),
            )  # fmt: skip


def _demand(bench: Bench, case: Case, index: int, law: Expression | None) -> Broken | None:
    demand = bench.flow.demands.required[index] if bench.flow.demands else None
    wanted = True if law is None else law.evaluate(bench.judged(case))
    demanded = demand is not None and case.deduction.surely(demand.when)
    if law is not None and wanted is None and demanded and _undone(bench, case, law, True):
        wanted = False
    if demand is None or wanted is None or wanted is demanded:
        return None
    trail: Trail = ("demands", "required", index, "clause" if demand.when is None else "when")
    return Broken(trail=trail, name=demand.clause, wanted=said(wanted), got=said(not wanted))


def _held(bench: Bench) -> Iterator[Law]:
    for held in bench.laws.held:
        hangs_on = (held.when, *_prefix(bench, held)) if not held.ways and not held.taught and not held.needs else None
        yield Law(
            name=held.law, ours=held.ours, hangs_on=hangs_on, breach=lambda case, one=held: _breach(bench, case, one)
        )  # fmt: skip


def _prefix(bench: Bench, held: Held) -> Iterator[Expression | None]:
    """The rules up to the last that gives one of the verdicts in question: what comes after decides nothing."""
    asked = held.verdicts | held.never
    last = max((at for at, one in enumerate(bench.flow.rules) if one.verdict in asked), default=-1)
    return (one.when for one in bench.flow.rules[: last + 1])


def _breach(bench: Bench, case: Case, held: Held) -> Broken | None:
    judged = bench.judged(case)
    if held.when is not None and held.when.evaluate(judged) is not True:
        return None
    return _wrong_verdict(case, held, judged) or _wrong_plan(bench, case, held)


def _wrong_verdict(case: Case, held: Held, judged: Judged) -> Broken | None:
    rules, given = case.deduction.flow.rules, case.deduction.rule
    at = rules.index(given)
    if held.verdicts and given.verdict not in held.verdicts:
        # Either the rule that applies should not, or the last before it that gives what is wanted should.
        at = next((before for before in range(at, -1, -1) if rules[before].verdict in held.verdicts), at)
        return Broken(trail=_condition(rules, at), name="verdict", wanted=" / ".join(sorted(held.verdicts)),
                      got=given.verdict)  # fmt: skip
    missed = held.needed_by == given.verdict and held.needs is not None and held.needs.evaluate(judged) is not True
    if given.verdict in held.never or missed:
        return Broken(trail=_condition(rules, at), name="verdict", wanted=f"≠ {given.verdict}", got=given.verdict)
    return None


def _condition(rules: Sequence[Rule], at: int) -> Trail:
    """Where the condition of a rule stands, or its verdict if it has none."""
    return ("decide", at, "verdict" if rules[at].when is None else "when")


def _wrong_plan(bench: Bench, case: Case, held: Held) -> Broken | None:
    if not held.ways and not held.taught:
        return None
    plan = case.deduction.plan
    for function, planned in plan.items():
        allowed = held.ways.get(function) or held.ways.get("all")
        if allowed and planned.how not in allowed:
            trail = next(at for at, rule in plan_rules(bench.flow, bench.document) if rule is planned)
            return Broken(trail=(*trail[:3], "how"), name=function, wanted=" / ".join(sorted(allowed)),
                          got=planned.how)  # fmt: skip
    if held.taught and not any(planned.how in held.taught for planned in plan.values()):
        always = ("plan", "always", 0, "how") if bench.flow.plan and bench.flow.plan.always else ("plan", "rules")
        return Broken(trail=always, name="plan", wanted=" / ".join(sorted(held.taught)), got="-")
    return None
