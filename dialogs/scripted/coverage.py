"""What of the flows talks have reached, and what none has: questions, options, rules, flags, plan, demands, passages.

Not its job: playing talks (`playing`), finding a way to what is not reached (`walker`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from dialogs.compile import Book, as_typed
from dialogs.decide import Deduction
from dialogs.effects import Record
from dialogs.flow import Flow, PlanRule
from dialogs.fold import Position, position
from dialogs.loop import series
from dialogs.talk import Turn
from knowledge.finding import Document, Trail
from knowledge.yaml_reader import read_document

#: The sorts of what can be reached, in the order of a report.
SORTS = ("question", "option", "rule", "flag", "plan", "demand", "passage")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Key:
    """One thing of a flow. `name` is its id, with what tells it from others of its sort; passages count from 1."""

    flow: str
    sort: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Item:
    """The same with its place in the flow's file; both count from 1."""

    file: str
    line: int
    column: int
    key: Key


def inventory(folder: Path, book: Book) -> tuple[Item, ...]:
    """All that there is to reach in the flows of a folder, from which `book` was made."""
    documents = (read_document(path, as_typed(path)) for path in sorted((folder / "flows").glob("*.yaml")))
    return tuple(item for document in documents for item in _items(book.flows[document.content["flow"]], document))


def _items(flow: Flow, document: Document) -> Iterator[Item]:
    content = document.content
    trails = chain(_of_questions(content), _of_rules(content), _of_plan(flow, content), _of_what_is_told(content))
    for sort, name, trail in trails:
        found = document.finding(trail, "")
        key = Key(flow=flow.id, sort=sort, name=name)
        yield Item(file=found.file, line=found.line, column=found.column, key=key)


_Trails = Iterator[tuple[str, str, Trail]]


def _each(content: Mapping[str, Any], key: str) -> Iterable[tuple[int, Any]]:
    listed: list[Any] = content.get(key, [])
    return enumerate(listed)


def _of_questions(content: Mapping[str, Any]) -> _Trails:
    for i, section in _each(content, "sections"):
        for j, question in _each(section, "questions"):
            trail: Trail = ("sections", i, "questions", j)
            yield "question", question["id"], (*trail, "id")
            for k, option in _each(question, "options"):
                yield "option", _option(question["id"], option["id"]), (*trail, "options", k, "id")


def _of_rules(content: Mapping[str, Any]) -> _Trails:
    for index, rule in _each(content, "decide"):
        yield "rule", _rule(index, rule["verdict"]), ("decide", index, "verdict")
    for index, flag in _each(content, "flags"):
        yield "flag", flag["id"], ("flags", index, "id")


def _of_plan(flow: Flow, content: Mapping[str, Any]) -> _Trails:
    """A rule of several functions is several, as in the compiled flow."""
    for key, rules in _plan_rules(flow):
        places = [
            ("plan", key, index, "functions", place)
            for index, rule in _each(content["plan"], key)
            for place in range(len(rule["functions"]) if isinstance(rule["functions"], list) else 1)
        ]
        for at, (rule, trail) in enumerate(zip(rules, places, strict=True)):
            yield "plan", _planned(key, at, rule), trail


def _of_what_is_told(content: Mapping[str, Any]) -> _Trails:
    for index, demand in _each(content.get("demands", {}), "required"):
        yield "demand", demand["clause"], ("demands", "required", index, "clause")
    for index, _ in _each(content, "passages"):
        yield "passage", str(index + 1), ("passages", index, "says")


def _plan_rules(flow: Flow) -> tuple[tuple[str, tuple[PlanRule, ...]], ...]:
    return () if flow.plan is None else (("always", flow.plan.always), ("rules", flow.plan.rules))


def _option(slot: str, option: str) -> str:
    return f"{slot}: {option}"


def _rule(index: int, verdict: str) -> str:
    return f"{index + 1}: {verdict}"


def _planned(key: str, at: int, rule: PlanRule) -> str:
    return f"{key} {at + 1}: {rule.function} {rule.how}"


def reached(flows: Mapping[str, Flow], turns: Iterable[tuple[Book, Turn]]) -> frozenset[Key]:
    """What the turns of talks have reached of `flows`; a flow that a talk has edited is another."""
    found: set[Key] = set()
    for book, turn in turns:
        conversation = turn.owner.conversations.get(turn.owner.focus)
        flow = None if conversation is None else flows.get(conversation.flow)
        if conversation is None or flow is None or book.flows.get(flow.id) is not flow:
            continue
        stand = position(flow, conversation.answers)
        found |= _keys(flow, "question", [conversation.shown]) | answered(flow, stand.answers)
        if any(isinstance(effect, Record) for effect in turn.effects):
            found |= followed(flow, stand, series.last(series.before(flow, turn.owner, conversation.about)))
    return frozenset(found)


def answered(flow: Flow, answers: Mapping[str, Any]) -> set[Key]:
    """The options among decoded answers."""
    chosen = ((slot, value) for slot, value in answers.items() if flow.by_slot[slot].options)
    names = (
        _option(slot, option.id)
        for slot, value in chosen
        for option in flow.by_slot[slot].options
        if option.id == value or (isinstance(value, tuple) and option.id in value)
    )
    return _keys(flow, "option", names)


def followed(flow: Flow, stand: Position, previous: Deduction | None = None) -> set[Key]:
    """What a result consists of; `previous` is the case before in a series."""
    deduction = Deduction(flow, stand.answers, previous)
    rule = next(index for index, rule in enumerate(flow.rules) if rule is deduction.rule)
    passages = (index for index, passage in enumerate(flow.passages) if deduction.surely(passage.when))
    return (
        _keys(flow, "rule", [_rule(rule, deduction.rule.verdict)])
        | _keys(flow, "flag", (flag.id for flag in deduction.flags))
        | _keys(flow, "plan", _plan_followed(deduction))
        | _keys(flow, "demand", (demand.clause for demand in deduction.demands))
        | _keys(flow, "passage", (str(index + 1) for index in passages))
    )


def _plan_followed(deduction: Deduction) -> Iterator[str]:
    used = {id(rule) for rule in deduction.plan.values()}
    for key, rules in _plan_rules(deduction.flow):
        yield from (_planned(key, at, rule) for at, rule in enumerate(rules) if id(rule) in used)


def _keys(flow: Flow, sort: str, names: Iterable[str]) -> set[Key]:
    return {Key(flow=flow.id, sort=sort, name=name) for name in names}
