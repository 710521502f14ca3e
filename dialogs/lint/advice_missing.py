"""What the contract fixes for a flow (`dialogs/advice.yaml`): ids that rows, reports and tests know by their letters.

What is missing or of another kind is an error; what is there besides is a warning, since it may be a mistyped id.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePath

from dialogs.flow import Flow
from dialogs.lint.asked import questions
from dialogs.lint.base import Around, rule
from dialogs.schema import AdviceShape
from knowledge.finding import Document, Finding, Trail


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """All ids of a flow of which the contract speaks."""
    fixed = around.advice.get(flow.id)
    if fixed is not None:
        yield from _slots(flow, document, fixed)
        yield from _rest(flow, document, fixed)
    elif (named := PurePath(document.file).stem) in around.advice:
        yield document.finding(("flow",), "advice-renamed", what="flow", name=named, found=flow.id)


def _slots(flow: Flow, document: Document, fixed: AdviceShape) -> Iterator[Finding]:
    trails = {question.id: (*trail, "id") for question, trail in questions(flow, document)}
    yield from _compared(document, "slot", fixed.slots, trails, ("sections",))
    for question, trail in questions(flow, document):
        slot = fixed.slots.get(question.id)
        if slot is not None and slot.kind != question.kind:
            place = (*trail, "kind")
            yield document.finding(place, "advice-kind", name=question.id, found=question.kind, wanted=slot.kind)
        elif slot is not None:
            here = {option.id: (*trail, "options", at, "id") for at, option in enumerate(question.options)}
            yield from _compared(document, "option", slot.options, here, (*trail, "options"))


def _rest(flow: Flow, document: Document, fixed: AdviceShape) -> Iterator[Finding]:
    yield from _compared(
        document, "verdict", fixed.verdicts, {id: ("verdicts", id) for id in flow.verdicts}, ("verdicts",)
    )
    figures: dict[str, Trail] = {
        told.id: ("figures", at, "id") for at, told in enumerate(flow.figures) if told.in_result
    }
    yield from _compared(document, "figure", fixed.figures, figures, ("figures",))
    flags: dict[str, Trail] = {told.id: ("flags", at, "id") for at, told in enumerate(flow.flags)}
    yield from _compared(document, "flag", fixed.flags, flags, ("flags",))
    for at, flag in enumerate(flow.flags):
        level = fixed.flags.get(flag.id, flag.level)
        if level != flag.level:
            yield document.finding(("flags", at, "level"), "advice-level", name=flag.id, found=flag.level, wanted=level)
    ways: dict[str, Trail] = {id: ("plan", "ways", id) for id in (flow.plan.ways if flow.plan else ())}
    yield from _compared(document, "way", fixed.ways, ways, ("plan", "ways"))
    required = flow.demands.required if flow.demands else ()
    clauses: dict[str, Trail] = {told.clause: ("demands", "required", at, "clause") for at, told in enumerate(required)}
    yield from _compared(document, "clause", fixed.clauses, clauses, ("demands", "required"))


def _compared(
    document: Document, what: str, wanted: Collection[str], here: Mapping[str, Trail], above: Trail
) -> Iterator[Finding]:
    extra = [id for id in here if id not in wanted]
    for id in wanted:
        if id not in here:
            near = next(iter(difflib.get_close_matches(id, extra, n=1)), "")
            extra = [other for other in extra if other != near]
            code = "advice-renamed" if near else "advice-missing"
            yield _at(document, here.get(near, above), near, code, "error", what=what, name=id, found=near)
    for id in extra:
        yield _at(document, here[id], id, "advice-extra", "warning", what=what, name=id)


def _at(document: Document, trail: Trail, id: str, code: str, level: str, **values: str) -> Finding:
    """At the id, which is a value in a list and a key in a mapping; or at the key above where it is missing."""
    place = document.finding if trail[-1] != id and id else document.at_key
    return place(trail, code, level=level, **values)
