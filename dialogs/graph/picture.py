"""The picture of a flow as boxes in words, in their order; how they are drawn is `svg`'s and `mermaid`'s.

A flow is an ordered list, so the picture is one, too: sections with their questions, what turns a question off, then
the rules of the verdict. A conversation can be laid over it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dialogs.decide import Deduction
from dialogs.expression import Expression
from dialogs.flow import Flow, Question, Rule
from dialogs.fold import Position
from dialogs.graph.guard_words import GuardWords
from dialogs.speaking import Speaker
from dialogs.wording import Wording

#: Without a conversation, every box is plain. taken: it went here; passed: it did not; waiting: it is not there yet.
Mark = Literal["plain", "taken", "passed", "waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One question, or one rule of the verdict. `guard` says when it counts; empty: always."""

    id: str
    title: str
    note: str = ""
    guard: str = ""
    answer: str = ""
    mark: Mark = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A section; `stop` says that one may stop after it."""

    id: str
    title: str
    boxes: tuple[Box, ...]
    stop: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The whole flow. `terms` are the notes on what conditions use and what stands for more."""

    id: str
    title: str
    start: str
    groups: tuple[Group, ...]
    rules: Group
    terms: tuple[tuple[str, str], ...]
    terms_title: str
    legend: str = ""


def picture(
    speaker: Speaker, flow: Flow, position: Position | None = None, previous: Deduction | None = None
) -> Picture:
    """The flow in the speaker's language, with the way of `position` marked; `previous` is the case before it."""
    words = GuardWords(speaker, flow)
    groups = tuple(_groups(speaker, flow, words, position))
    fired = None if position is None else Deduction(flow, position.answers, previous).rule
    rules = _rules(speaker, flow, words, fired)
    return Picture(
        id=flow.id,
        title=speaker.text(flow.title),
        start=speaker.phrase("graph-start"),
        groups=groups,
        rules=rules,
        terms=tuple(_terms(flow, words)),
        terms_title=speaker.phrase("graph-terms"),
        legend="" if position is None else speaker.phrase("graph-path"),
    )


def _groups(speaker: Speaker, flow: Flow, words: GuardWords, position: Position | None) -> Iterable[Group]:
    for section in flow.sections:
        asked = [question for question in flow.questions if question.section == section.id]
        boxes = tuple(_question(speaker, words, question, position) for question in asked)
        stop = speaker.phrase("graph-verdict-so-far") if section.verdict_so_far else ""
        yield Group(id=section.id, title=speaker.text(section.title), boxes=boxes, stop=stop)


def _question(speaker: Speaker, words: GuardWords, question: Question, position: Position | None) -> Box:
    guard = "" if question.when is None else speaker.phrase("graph-only-if", condition=words.say(question.when))
    mark: Mark = "plain"
    answer = ""
    if position is not None:
        mark = _mark(question, position)
        if question.id in position.answers:
            answer = speaker.phrase("graph-answer", value=speaker.value(question, position.answers))
    return Box(
        id=question.id, title=speaker.text(question.ask), note=_note(speaker, question), guard=guard, answer=answer,
        mark=mark,
    )  # fmt: skip


def _mark(question: Question, position: Position) -> Mark:
    if question.id not in {one.id for one in position.asked}:
        return "passed"
    return "taken" if question.id in position.answers else "waiting"


def _note(speaker: Speaker, question: Question) -> str:
    if not question.options:
        return speaker.phrase(f"kind-{question.kind}")
    key = "graph-options-many" if question.kind == "many" else "graph-options"
    return speaker.phrase(key, count=str(len(question.options)))


def _rules(speaker: Speaker, flow: Flow, words: GuardWords, fired: Rule | None) -> Group:
    boxes = tuple(
        Box(
            id=f"rule-{number}",
            title=_open(speaker, flow.verdicts[rule.verdict].title),
            guard=_when(speaker, words, rule.when),
            mark="plain" if fired is None else "taken" if rule is fired else "passed",
        )
        for number, rule in enumerate(flow.rules, 1)
    )
    return Group(id="verdict", title=speaker.phrase("graph-rules"), boxes=boxes)


def _open(speaker: Speaker, title: Wording) -> str:
    """A text whose places only a conversation fills."""
    return title.fill(speaker.language, dict.fromkeys(title.names, "…"))


def _when(speaker: Speaker, words: GuardWords, when: Expression | None) -> str:
    if when is None:
        return speaker.phrase("graph-otherwise")
    first, *others = words.conjuncts(when)
    also = (speaker.phrase("graph-and-also", condition=part) for part in others)
    return "\n".join((speaker.phrase("graph-when", condition=first), *also))


def _terms(flow: Flow, words: GuardWords) -> Iterable[tuple[str, str]]:
    """The computed words that were used, and those that their meanings use in turn, in that order."""
    told: dict[str, str] = {}
    while missing := [name for name in words.used if name not in told]:
        for name in missing:
            formula = flow.formulas.get(name)
            told[name] = name if formula is None else words.say(formula)
    return [(words.name(name), told[name]) for name in list(words.used)]
