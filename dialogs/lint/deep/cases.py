"""Answers to try on a flow: drawn by chance from a fixed seed, and then near to what was found by them.

The cases of a bench are the same in each run. Not its job: what they are tried for (the rules of this folder).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from dialogs.decide import Deduction
from dialogs.expression import Expression
from dialogs.flow import Flow, Question
from dialogs.lint.deep import domain, naming
from dialogs.lint.deep.reading import AMOUNTS, Edge, Reader, edges
from dialogs.outcome import raw

SEED = 20260302
Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """Answers to all questions, also to those that a guard then skips; `before` are the cases of a series before it."""

    answers: Answers
    before: tuple[Answers, ...]
    deduction: Deduction

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that are asked of this case."""
        return tuple(one for one in self.deduction.flow.questions if asks(self.deduction, one))


def asks(deduction: Deduction, question: Question) -> bool:
    """Whether the question is asked, given the answers before it."""
    return question.when is None or question.when.evaluate(deduction) is not False


def case(flow: Flow, answers: Answers, before: tuple[Answers, ...] = ()) -> Case:
    """What follows from these answers."""
    previous: Deduction | None = None
    for earlier in before:
        previous = Deduction(flow, earlier, previous)
        # Decided oldest first, as a series is.
        previous.settle()
    return Case(answers, before, Deduction(flow, answers, previous))


class Draw:
    """Draws cases of one flow; `others` are conditions that it is judged by besides its own."""

    def __init__(self, flow: Flow, others: Iterable[Expression] = (), seed: int = SEED) -> None:
        self._flow = flow
        self._random = Random(f"{seed} {flow.id}")
        conditions = [*naming.conditions(flow), *others]
        cuts = Reader(flow).inputs(conditions).cuts
        self._cuts = {question.id: cuts.get(question.id, frozenset[Decimal]()) for question in flow.questions}
        self._amounts = {
            question.id: domain.amounts(question, self._cuts[question.id])
            for question in flow.questions
            if question.kind in AMOUNTS
        }
        sorts = naming.scope(flow)
        self._edges: tuple[Edge, ...] = edges(flow, conditions, lambda text: naming.maybe(text, sorts))

    def anew(self) -> Case:
        """One that has nothing to do with those before."""
        answers = self._answers()
        return case(self._flow, answers, self._before(answers))

    def near(self, other: Case, among: tuple[Question, ...] = ()) -> Case:
        """The other case with one to four answers changed, of all or of those to the questions `among`."""
        answers = dict(other.answers)
        for question in self._random.choices(among or self._flow.questions, k=self._random.choice((1, 1, 2, 3, 4))):
            answers[question.id] = self.answer(question, 0.15, self._random.choice((0.5, 0.9, 1)))
        if self._edges and self._random.random() < 0.3:
            answers |= self._at_an_edge(case(self._flow, answers, other.before))
        before = self._before_of(other, answers)
        return case(self._flow, answers, before)

    def answer(self, question: Question, unsure: float, likely: float) -> Any:
        """One answer; `unsure` is the part of those not sure, `likely` that of the options chosen of a list."""
        random = self._random
        if question.not_sure and random.random() < unsure:
            return None
        if question.kind == "choice":
            return random.choice(question.options).id
        if question.kind == "many":
            return tuple(option.id for option in question.options if random.random() < likely)
        if question.kind in AMOUNTS:
            return random.choice(self._amounts[question.id])
        return random.choice(domain.values(question, (), ())[1 if question.not_sure else 0 :])

    def _answers(self) -> dict[str, Any]:
        unsure, likely = self._random.choice((0, 0, 0.1, 0.4, 0.8)), self._random.choice((0, 0.2, 0.5, 0.8, 1))
        return {question.id: self.answer(question, unsure, likely) for question in self._flow.questions}

    def _before(self, answers: Answers) -> tuple[Answers, ...]:
        """The cases before in a series are mostly like the last but for a few answers."""
        if not self._flow.trend:
            return ()
        changing = self._random.choice((0.1, 0.2, 0.5))
        alike = tuple(
            {**answers, **{slot: value for slot, value in self._answers().items() if self._random.random() < changing}}
            for _ in range(self._random.choice((0, 1, 1, 2, 3)))
        )
        return (self._answers(), *alike) if self._random.random() < 0.3 else alike

    def _before_of(self, other: Case, answers: Answers) -> tuple[Answers, ...]:
        """Mostly as they are; else the case itself becomes the last of them, or they are drawn anew."""
        chance = self._random.random()
        if not self._flow.trend or chance < 0.55:
            return other.before
        return (*other.before, dict(other.answers))[-4:] if chance < 0.75 else self._before(answers)

    def _at_an_edge(self, drawn: Case) -> Answers:
        """The answer at which the two sides of a comparison are equal, if it moves them in a line."""
        edge = self._random.choice(self._edges)
        question = self._flow.by_slot[self._random.choice(edge.slots)]
        present = drawn.answers.get(question.id)
        present = self._random.choice(self._amounts[question.id]) if present is None else present
        gaps = [self._gap(edge, drawn, {question.id: amount}) for amount in (present, present + 1)]
        if gaps[0] is None or gaps[1] is None or gaps[0] == gaps[1]:
            return {}
        at = Fraction(present) - gaps[0] / (gaps[1] - gaps[0])
        found = tuple(domain.beside(question, at))
        return {question.id: self._random.choice(found)} if found else {}

    def _gap(self, edge: Edge, drawn: Case, changed: Answers) -> Fraction | None:
        moved = case(self._flow, {**drawn.answers, **changed}, drawn.before).deduction
        gap: Fraction | None = edge.gap.evaluate(moved)
        return gap


def plainer(found: Case, still: Iterable[str], holds: Callable[[Case], bool]) -> Case:
    """The case with "not sure" wherever `holds` stays true of it; the slots of `still` are left as they are."""
    flow, kept = found.deduction.flow, found
    for before in (found.before[at:] for at in range(len(found.before), 0, -1)):
        tried = case(flow, kept.answers, before)
        if holds(tried):
            kept = tried
            break
    for question in flow.questions:
        value = kept.answers.get(question.id)
        if value is None or question.id in still:
            continue
        for less in _less(question, value):
            tried = case(flow, {**kept.answers, question.id: less}, kept.before)
            if holds(tried):
                kept = tried
                break
    return kept


def _less(question: Question, value: Any) -> Iterator[Any]:
    """What says less than this answer."""
    if question.not_sure:
        yield None
    if question.kind == "many":
        yield ()


def typed(found: Case) -> str:
    """The answers as a person can type them, by slot; what is not named is answered with "not sure"."""
    earlier = [_line(found.deduction.flow, answers) for answers in found.before]
    last = {one.id: found.answers.get(one.id) for one in found.asked}
    return " | ".join((*earlier, _line(found.deduction.flow, last)))


def _line(flow: Flow, answers: Answers) -> str:
    known = {slot: value for slot, value in answers.items() if value is not None}
    return "; ".join(f"{slot} = {typed_value(flow.by_slot[slot], value)}" for slot, value in known.items()) or "-"


def typed_value(question: Question, value: Any) -> str:
    """One answer as it can be typed; an option by its id."""
    if value is None:
        return "?"
    if question.kind == "time":
        return f"{value:%H:%M}"
    return raw(value, percent=question.kind == "percent") or "none"
