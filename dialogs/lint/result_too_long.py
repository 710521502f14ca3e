"""A result that is longer than a person reads on a phone.

Not proved: tried with answers that are spread evenly and always the same, so that a finding can be repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from dialogs.decide import Deduction
from dialogs.flow import Flow, Question
from dialogs.lint.base import Around, rule
from dialogs.wording import Wording
from knowledge.finding import Document, Finding

#: Characters of a whole result, which is said in several messages: what a reader still takes in on a phone.
LIMIT = 8000
#: So many sets of answers are tried.
TRIES = 200
_AMOUNTS = tuple(Decimal(text) for text in ("0", "0.05", "0.3", "1", "6", "24", "5000", "80000", "1000000"))
#: Written languages; the derived one is as long as its source.
_LANGUAGES = ("zh-Hans", "en")


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Once a verdict, for the longest message that was found."""
    longest: dict[str, tuple[int, str]] = {}
    for answers in _tried(flow):
        deduction = Deduction(flow, answers)
        verdict = deduction.rule.verdict
        longest[verdict] = max(longest.get(verdict, (0, "")), *_lengths(deduction))
    for verdict, (length, language) in longest.items():
        if length > LIMIT:
            values = {"name": verdict, "length": str(length), "limit": str(LIMIT), "language": language}
            yield document.at_key(("verdicts", verdict), "result-too-long", **values)


def _tried(flow: Flow) -> Iterator[Mapping[str, Any]]:
    for number in range(TRIES):
        answers: dict[str, Any] = {}
        for at, question in enumerate(flow.questions):
            values = _values(question)
            # A stride of its own for each question, so that all go together in many ways.
            answers[question.id] = values[(number * (2 * at + 1) + number // len(values)) % len(values)]
        yield answers


def _values(question: Question) -> tuple[Any, ...]:
    ids = tuple(option.id for option in question.options)
    if question.kind == "choice":
        return (*ids, None)
    if question.kind == "many":
        return ((), ids, ids[::2], None)
    if question.kind in ("text", "date", "time", "zone"):
        return ("?",)
    least, most = question.minimum or Decimal(0), question.maximum
    return (*(amount for amount in _AMOUNTS if least <= amount and (most is None or amount <= most)), None)


def _lengths(deduction: Deduction) -> Iterator[tuple[int, str]]:
    """The verdict with its reasons, the sums with the plan, what to ask and demand: a message each."""
    for language in _LANGUAGES:
        for part in (_judged(deduction), _reckoned(deduction), _meeting(deduction)):
            yield sum(len(text.in_language(language)) for text in part), language


def _judged(deduction: Deduction) -> Iterator[Wording]:
    verdict = deduction.flow.verdicts[deduction.rule.verdict]
    yield from (verdict.title, verdict.says, *(reason.says for reason in deduction.reasons))


def _reckoned(deduction: Deduction) -> Iterator[Wording]:
    flow = deduction.flow
    yield from (passage.says for passage in flow.passages if deduction.surely(passage.when))
    yield from (text for figure in flow.figures if figure.in_result for text in (figure.label, figure.formula))
    yield from (told.says for told in flow.assumptions)
    yield from (way.says for way in deduction.plan.values() if way.says is not None)


def _meeting(deduction: Deduction) -> Iterator[Wording]:
    flow = deduction.flow
    yield from (
        question.to_agency for question in flow.questions if question.to_agency and deduction[question.id] is None
    )
    yield from (flag.to_agency for flag in deduction.flags if flag.to_agency is not None)
    yield from (demand.says for demand in deduction.demands)
