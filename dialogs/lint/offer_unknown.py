"""A default that is to come from a flow or question that does not exist, or that is of another kind."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.flow import Flow
from dialogs.lint.asked import questions
from dialogs.lint.base import Around, rule
from knowledge.finding import Document, Finding


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Each `offered_from`; a flow that is not among those checked cannot be judged."""
    for question, trail in questions(flow, document):
        source, _, slot = (question.offered_from or "").partition(".")
        other = around.flows.get(source)
        if other is not None and (slot not in other.by_slot or other.by_slot[slot].kind != question.kind):
            yield document.finding(
                (*trail, "offered_from"), "offer-unknown", name=question.offered_from or "", kind=question.kind
            )
