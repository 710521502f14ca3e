"""Random answers to a flow, as a person would type them, and the smallest that still breaks a law.

Not its job: knowing what follows from answers (`reference_vet`, `reference_assess`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cache, lru_cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from dialogs.compile import Book, compile_folder
from dialogs.decide import Deduction
from dialogs.flow import Flow, Question
from dialogs.headless import Headless
from dialogs.kinds.base import Circumstance
from dialogs.outcome import exact

#: A slot's answer as figures reckon with it: Fraction, an option's id, a set of ids; None: not sure.
Answers = Mapping[str, Any]
Result = Mapping[str, Any]

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CIRCUMSTANCE = Circumstance(language="en", today=TODAY)

#: Amounts on both sides of every line that advice.md or a flow draws, as typed.
AMOUNTS: Mapping[str, tuple[str, ...]] = {
    "money": ("0", "1", "999.99", "8000", "12000", "27000", "30000", "100000", "250000", "4000000", "99000000"),
    "percent": ("0%", "0.5%", "4.9%", "5%", "8%", "11%", "30%", "30.1%", "49.9%", "50%", "95%", "100%"),
    "months": ("0", "0.5", "1", "3", "4", "6", "11", "12", "13", "24", "36", "120"),
    "number": ("0", "1", "1.99", "2", "3", "10", "25", "60", "500", "2000"),
}

#: A whole number that a case is made from: quick to draw, and hypothesis seeks small ones.
SEEDS = st.integers(0, 2**40)


@cache
def book() -> Book:
    """The shipped dialogs."""
    compiled = compile_folder()
    assert compiled.book is not None, compiled.findings
    return compiled.book


def flow(name: str) -> Flow:
    """One of them."""
    return book().flows[name]


@cache
def _headless(name: str) -> Headless:
    return Headless(book(), flow(name), "en", TODAY)


def run(name: str, answers: Answers) -> Result:
    """What `lampwise run` says to these answers; nothing may be in its `errors`."""
    result = run_typed(name, typed(name, answers))
    assert result["errors"] == []
    return result


def run_typed(name: str, raw: Mapping[str, Any]) -> Result:
    """The same of answers as they are typed."""
    return _told(name, json.dumps({"id": "case", "answers": raw}))


def run_series(name: str, cases: Sequence[Answers]) -> Result:
    """What `lampwise run` says to the last of the cases, the others being its history."""
    *history, last = (typed(name, answers) for answers in cases)
    result = _told(name, json.dumps({"id": "case", "answers": last, "history": history}))
    assert result["errors"] == []
    return result


@lru_cache(maxsize=64)
def _told(name: str, line: str) -> Result:
    return _headless(name).answer(line)


@cache
def _without_what_if(name: str) -> Headless:
    return Headless(book(), replace(flow(name), what_if=False), "en", TODAY)


def quickly(name: str, raw: Mapping[str, Any]) -> Result:
    """What `lampwise run` says to typed answers but for `what_if`, which takes most of the time."""
    return _without_what_if(name).answer(json.dumps({"id": "case", "answers": raw}))


def deduced(name: str, answers: Answers) -> Deduction:
    """What follows from the answers without the way through text, where many are to be compared."""
    return Deduction(flow(name), answers)


def typed(name: str, answers: Answers) -> dict[str, Any]:
    """The answers as a person can type them."""
    by_slot = flow(name).by_slot
    return {slot: typed_value(by_slot[slot], value) for slot, value in answers.items()}


def typed_value(question: Question, value: Any) -> Any:
    """One answer as a person can type it; a list for many."""
    if isinstance(value, frozenset):
        return [option.id for option in question.options if option.id in value]
    if isinstance(value, Fraction):
        return f"{exact(value * 100, 1)}%" if question.kind == "percent" else f"{exact(value, 2)}"
    return value


def amount(text: str) -> Fraction:
    """What a typed amount stands for."""
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def random_case(name: str, random: Random) -> dict[str, Any]:
    """Answers to all questions; how many are not sure differs from case to case."""
    unsure = random.choice((0.0, 0.0, 0.05, 0.2, 0.6))
    return {
        question.id: None if question.not_sure and random.random() < unsure else random_value(question, random)
        for question in flow(name).questions
    }


def random_value(question: Question, random: Random) -> Any:
    """An answer that is known."""
    ids = [option.id for option in question.options]
    if question.kind == "choice":
        return random.choice(ids)
    if question.kind == "many":
        likely = random.choice((0.0, 0.3, 0.7, 0.95, 1.0))
        return frozenset(id for id in ids if random.random() < likely)
    if question.kind == "text":
        return "A"
    return random.choice(amounts(question)) if random.random() < 0.7 else _between(question, random)


def amounts(question: Question) -> tuple[Fraction, ...]:
    """The listed amounts that the question takes, least first."""
    return tuple(value for text in AMOUNTS[question.kind] if _within(question, value := amount(text)))


def _within(question: Question, value: Fraction) -> bool:
    least, most = question.minimum, question.maximum
    return (least is None or value >= least) and (most is None or value <= most)


def _between(question: Question, random: Random) -> Fraction:
    low, high = sorted(random.choices(amounts(question), k=2))
    value = rounded(question, low + (high - low) * Fraction(random.random()))
    return value if _within(question, value) else high


def rounded(question: Question, value: Fraction) -> Fraction:
    """To what a person would say: whole, or tenths of a percent."""
    return Fraction(exact(value, 3 if question.kind == "percent" else 0))


def values(question: Question) -> tuple[Any, ...]:
    """Every option of a choice, every listed amount, all and none of a list."""
    if question.kind == "choice":
        return tuple(option.id for option in question.options)
    if question.kind == "many":
        every = frozenset(option.id for option in question.options)
        return (frozenset(), every, *(every - {one} for one in sorted(every)))
    return ("A",) if question.kind == "text" else amounts(question)


def many_cases(name: str, seed: int, count: int = 8) -> Iterator[dict[str, Any]]:
    """Some cases of one seed."""
    random = Random(seed)
    return (random_case(name, random) for _ in range(count))


def completed(name: str, answers: Answers, count: int = 12) -> Iterator[dict[str, Any]]:
    """The answers with all that is not sure made known, in some of the ways there are; the same ones each time."""
    random = Random(0)
    for _ in range(count):
        yield {
            slot: random_value(flow(name).by_slot[slot], random) if value is None else value
            for slot, value in answers.items()
        }


def shrunk(name: str, answers: Answers, broken: Callable[[Answers], str | None]) -> str:
    """What is broken, with the fewest and plainest answers that still break it, as they would be typed."""
    smallest = dict(answers)
    for question in flow(name).questions:
        for plainer in (*((None,) if question.not_sure else ()), *values(question)):
            if smallest[question.id] == plainer:
                break
            tried = {**smallest, question.id: plainer}
            if broken(tried):
                smallest = tried
                break
    said = {slot: raw for slot, raw in typed(name, smallest).items() if raw is not None}
    return f"{broken(smallest)}\n{json.dumps(said, ensure_ascii=False)}"


def hold(name: str, cases: Iterator[dict[str, Any]], broken: Callable[[Answers], str | None]) -> None:
    """`broken` finds nothing wrong with any of the cases; the first that is wrong is told in its smallest form."""
    for answers in cases:
        if broken(answers):
            raise AssertionError(shrunk(name, answers, broken))
