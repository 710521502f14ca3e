"""A default that is to come from a flow or question that does not exist, or that is of another kind."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.flow import Flow
from dialogs.lint.asked import questions
from dialogs.lint.base import Around, rule
from knowledge.finding import Document, Finding


def _kinds(flow: Flow, name: str) -> Iterable[str]:
    """What the name could answer: a question's kind, a figure's unit."""
    if name in flow.by_slot:
        yield flow.by_slot[name].kind
    yield from (figure.unit for figure in flow.figures if figure.id == name and figure.in_result)


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Each `offered_from`; a flow that is not among those checked cannot be judged."""
    for question, trail in questions(flow, document):
        source, _, slot = (question.offered_from or "").partition(".")
        other = around.flows.get(source)
        if other is not None and question.kind not in _kinds(other, slot):
            yield document.finding(
                (*trail, "offered_from"), "offer-unknown", name=question.offered_from or "", kind=question.kind
            )
