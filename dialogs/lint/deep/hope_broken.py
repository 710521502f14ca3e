"""An answer that is not sure and is given the benefit: known, some answer to the same question would not be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dialogs.flow import Question
from dialogs.lint.deep.base import Bench, rule
from dialogs.lint.deep.cases import Case, case, plainer, typed, typed_value
from dialogs.lint.deep.domain import amounts
from dialogs.lint.deep.reading import AMOUNTS
from knowledge.finding import Finding, Trail


@rule
def check(bench: Bench) -> Iterable[Finding]:
    """One counter-example for each verdict that the contract protects."""
    for verdict in bench.laws.hoped:
        found = next(_hoping(bench, verdict), None)
        if found is None:
            bench.claim(proved=False)
        else:
            yield _told(bench, verdict, *found)


def _hoping(bench: Bench, verdict: str) -> Iterator[tuple[Case, Question, Any]]:
    for one in bench.cases():
        if one.deduction.rule.verdict == verdict:
            for question in one.asked:
                if one.answers.get(question.id) is None:
                    worst = _worst(one, question, verdict)
                    yield from ((one, question, value) for value in worst)


def _worst(one: Case, question: Question, verdict: str) -> Iterator[Any]:
    flow = one.deduction.flow
    if question.kind == "many":
        known: Iterable[Any] = ((), *((option.id,) for option in question.options))
    elif question.kind in AMOUNTS:
        known = amounts(question, ())
    else:
        known = (option.id for option in question.options)
    for value in known:
        if case(flow, {**one.answers, question.id: value}, one.before).deduction.rule.verdict != verdict:
            yield value


def _told(bench: Bench, verdict: str, found: Case, question: Question, value: Any) -> Finding:
    def hopes(one: Case) -> bool:
        known = case(bench.flow, {**one.answers, question.id: value}, one.before)
        return one.deduction.rule.verdict == verdict != known.deduction.rule.verdict

    smallest = plainer(found, (), hopes)
    after = case(bench.flow, {**smallest.answers, question.id: value}, smallest.before)
    trail: Trail = ("decide", bench.flow.rules.index(smallest.deduction.rule), "when")
    return bench.document.finding(
        trail, "hope-broken", law=bench.laws.hope_law, name=question.id, verdict=verdict,
        value=typed_value(question, value), got=after.deduction.rule.verdict, answers=typed(smallest),
    )  # fmt: skip
