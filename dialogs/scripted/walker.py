"""A seeded random walker: finds answers, as a person can type them, that reach a given thing of a flow.

Not its job: what counts as reached (`coverage`), proofs that nothing reaches it (`lint`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from dialogs.decide import Deduction
from dialogs.flow import Flow, Question
from dialogs.fold import Position, enter
from dialogs.kinds import KINDS
from dialogs.scripted.coverage import Key, answered, followed
from dialogs.speaking import Speaker

#: So many random conversations are tried for what no talk reaches.
TRIES = 5000
SEED = 20260302
#: A rule that looks back further than this is not found.
_MOST_CASES = 4

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Answers that reach something, each as it can be typed; all else is answered with "not sure".

    `before` are those of the cases before it, oldest first, where what is reached depends on a series.
    """

    answers: tuple[tuple[str, str], ...]
    before: tuple[tuple[tuple[str, str], ...], ...] = ()


def ways(flow: Flow, wanted: Iterable[Key], speaker: Speaker, seed: int = SEED, tries: int = TRIES) -> dict[Key, Way]:
    """A way to each of `wanted` that the walker comes by; the same seed finds the same."""
    random, missing, found = Random(seed), set(wanted), dict[Key, Way]()
    for _ in range(tries):
        if not missing:
            break
        cases = _series(flow, random)
        for key in sorted(missing & _reaches(flow, cases)):
            *before, last = (_typed(flow, answers, speaker) for answers in _plainest(flow, cases, key))
            found[key] = Way(answers=last, before=tuple(before))
        missing -= found.keys()
    return found


def _series(flow: Flow, random: Random) -> list[dict[str, Any]]:
    """One case, or in a series up to _MOST_CASES, in which some answers stay what they were."""
    cases = [_walk(flow, random)]
    stays = random.choice((0, 0.5, 0.9))
    for _ in range(random.randrange(_MOST_CASES) if flow.trend else 0):
        kept = {slot: value for slot, value in cases[-1].items() if random.random() < stays}
        cases.append(_asked_only(flow, {**_walk(flow, random), **kept}))
    return cases


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


def _reaches(flow: Flow, cases: Sequence[Answers]) -> set[Key]:
    """What the last of the cases reaches."""
    previous: Deduction | None = None
    for earlier in cases[:-1]:
        previous = Deduction(flow, earlier, previous)
    answers = cases[-1]
    asked = tuple(question for question in flow.questions if question.id in answers)
    questions = {Key(flow=flow.id, sort="question", name=question.id) for question in asked}
    return (
        questions
        | answered(flow, answers)
        | followed(flow, Position(answers=answers, asked=asked, pending=None), previous)
    )


def _plainest(flow: Flow, cases: list[dict[str, Any]], key: Key) -> list[dict[str, Any]]:
    """The fewest of the last cases that still reach `key`, each as plain as it may be."""
    kept = next(cases[-count:] for count in range(1, len(cases) + 1) if key in _reaches(flow, cases[-count:]))
    for place in range(len(kept)):
        kept = _plainer(flow, kept, place, key)
    return kept


def _plainer(flow: Flow, cases: list[dict[str, Any]], place: int, key: Key) -> list[dict[str, Any]]:
    """The same with "not sure" and with fewer options in one case wherever the last one still reaches `key`."""
    kept = cases
    for question in flow.questions:
        for value in _simpler(question, kept[place].get(question.id)):
            case = {**kept[place], question.id: value(kept[place].get(question.id))}
            tried = [*kept[:place], _asked_only(flow, case), *kept[place + 1 :]]
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


def _typed(flow: Flow, answers: Answers, speaker: Speaker) -> tuple[tuple[str, str], ...]:
    """What we say of a value can be typed."""
    said: list[tuple[str, str]] = []
    for question in flow.questions:
        value = answers.get(question.id)
        if value is not None:
            circumstance = speaker.circumstance(question, answers)
            said.append((question.id, KINDS[question.kind].say(value, question, circumstance)))
    return tuple(said)
