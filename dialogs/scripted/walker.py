"""A seeded random walker: finds answers, as a person can type them, that reach a given thing of a flow.

Not its job: what counts as reached (`coverage`), proofs that nothing reaches it (`lint`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from dialogs.flow import Flow, Question
from dialogs.fold import Position, enter
from dialogs.kinds import KINDS
from dialogs.scripted.coverage import Key, answered, followed
from dialogs.speaking import Speaker

#: So many random conversations are tried for what no talk reaches.
TRIES = 5000
SEED = 20260302

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Answers that reach something, each as it can be typed; all else is answered with "not sure"."""

    answers: tuple[tuple[str, str], ...]


def ways(flow: Flow, wanted: Iterable[Key], speaker: Speaker, seed: int = SEED, tries: int = TRIES) -> dict[Key, Way]:
    """A way to each of `wanted` that the walker comes by; the same seed finds the same."""
    random, missing, found = Random(seed), set(wanted), dict[Key, Way]()
    for _ in range(tries):
        if not missing:
            break
        answers = _walk(flow, random)
        for key in sorted(missing & _reaches(flow, answers)):
            found[key] = _typed(flow, _plainer(flow, answers, key), speaker)
        missing -= found.keys()
    return found


def _walk(flow: Flow, random: Random) -> dict[str, Any]:
    """One conversation's answers; how many are not sure differs from one to the next."""
    unsure, likely = random.choice((0, 0, 0.1, 0.4)), random.choice((0.2, 0.5, 0.8, 1))
    answers: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for question in flow.questions:
        value = None
        if question.when is None or question.when.evaluate(values) is not False:
            known = not question.not_sure or random.random() >= unsure
            value = answers[question.id] = _draw(question, random, likely) if known else None
        enter(values, question, value)
    return answers


def _draw(question: Question, random: Random, likely: float) -> Any:
    if question.kind == "choice":
        return random.choice(question.options).id
    if question.kind == "many":
        return tuple(option.id for option in question.options if random.random() < likely)
    if question.kind in ("money", "percent", "number", "months"):
        return _amount(question, random)
    if question.kind == "date":
        return date(2026, random.randint(1, 12), random.randint(1, 28))
    if question.kind == "time":
        return time(random.randint(0, 23))
    return question.examples[0] if question.examples else "A"


def _amount(question: Question, random: Random) -> Decimal:
    if question.kind == "percent":
        amount = Decimal(random.choice((0, 1, 3, 5, 8, 10, 15, 20, 25, 30, 35, 40, 50, 60, 80))) / 100
    elif question.kind == "months":
        amount = Decimal(random.choice((0, 1, 3, 6, 12, 13, 18, 24, 36)))
    else:
        digits = Decimal(random.choice(("0", "1", "1.5", "2", "2.5", "3", "4", "5", "8")))
        amount = digits.scaleb(random.randint(0, 1) if question.kind == "number" else random.randint(2, 6))
    least = question.minimum if question.minimum is not None else Decimal(0)
    return min(max(amount, least), question.maximum if question.maximum is not None else amount)


def _reaches(flow: Flow, answers: Answers) -> set[Key]:
    asked = tuple(question for question in flow.questions if question.id in answers)
    questions = {Key(flow=flow.id, sort="question", name=question.id) for question in asked}
    return questions | answered(flow, answers) | followed(flow, Position(answers=answers, asked=asked, pending=None))


def _plainer(flow: Flow, answers: Answers, key: Key) -> Answers:
    """The same with "not sure" and with fewer options wherever it still reaches `key`."""
    kept = dict(answers)
    for question in flow.questions:
        for value in _simpler(question, kept.get(question.id)):
            tried = _asked_only(flow, {**kept, question.id: value(kept.get(question.id))})
            kept = tried if key in _reaches(flow, tried) else kept
    return kept


def _simpler(question: Question, value: Any) -> Iterable[Callable[[Any], Any]]:
    """Ways to say less in an answer: nothing at all, or one option fewer."""
    if question.not_sure and value is not None:
        yield lambda _: None
    for option in question.options if question.kind == "many" else ():
        yield partial(_without, option.id)


def _without(option: str, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return value if value is None else tuple(one for one in value if one != option)


def _asked_only(flow: Flow, answers: Answers) -> dict[str, Any]:
    """What is asked given the other answers; what is asked now and was not before is not sure."""
    values: dict[str, Any] = {}
    asked: dict[str, Any] = {}
    for question in flow.questions:
        if question.when is None or question.when.evaluate(values) is not False:
            asked[question.id] = answers.get(question.id)
        enter(values, question, asked.get(question.id))
    return asked


def _typed(flow: Flow, answers: Answers, speaker: Speaker) -> Way:
    """What we say of a value can be typed."""
    said: list[tuple[str, str]] = []
    for question in flow.questions:
        value = answers.get(question.id)
        if value is not None:
            circumstance = speaker.circumstance(question, answers)
            said.append((question.id, KINDS[question.kind].say(value, question, circumstance)))
    return Way(answers=tuple(said))
