"""A guard that skips a question whose answer would change the result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dialogs.decide import Deduction
from dialogs.derived_names import months_name
from dialogs.flow import Question
from dialogs.fold import enter
from dialogs.lint.asked import questions
from dialogs.lint.deep.base import Bench, rule
from dialogs.lint.deep.cases import Case, asks, plainer, typed, typed_value
from knowledge.finding import Finding, Trail

#: So many cases in which a question is skipped are looked at.
_MOST = 80


@rule
def check(bench: Bench) -> Iterable[Finding]:
    """One counter-example for each guard."""
    for question, trail in questions(bench.flow, bench.document):
        if question.when is None:
            continue
        skipped = (one for one in bench.cases() if not asks(one.deduction, question))
        found = next((one for _, one in zip(range(_MOST), skipped, strict=False) if _hides(one, question)), None)
        if found is None:
            bench.claim(proved=False)
        else:
            yield _told(bench, question, trail, found)


def _told(bench: Bench, question: Question, trail: Trail, found: Case) -> Finding:
    def still(one: Case) -> bool:
        return not asks(one.deduction, question) and _hides(one, question)

    smallest = plainer(found, (question.id,), still)
    value = typed_value(question, found.answers[question.id])
    place = (*trail, "when")
    return bench.document.finding(place, "guard-hides", name=question.id, value=value, answers=typed(smallest))


def _hides(one: Case, question: Question) -> bool:
    value = one.answers.get(question.id)
    return value is not None and _matters(one, question, value)


def _matters(one: Case, question: Question, value: Any) -> bool:
    """Whether the answer would change the verdict, the score or the flags if it counted in spite of the guard."""
    base = one.deduction
    known = {name: base[name] for asked in base.flow.questions for name in _names(asked)}
    known |= {told.id: base[told.id] for told in base.flow.assumptions}
    counted = Deduction.knowing(base.flow, known, base.previous)
    enter(counted, question, value)
    return _result(counted) != _result(base)


def _names(question: Question) -> Iterable[str]:
    months = any(option.months for option in question.options)
    return (question.id, months_name(question.id)) if months else (question.id,)


def _result(deduction: Deduction) -> tuple[Any, ...]:
    return deduction.rule.verdict, deduction.score, [flag.id for flag in deduction.flags], list(deduction.plan)
