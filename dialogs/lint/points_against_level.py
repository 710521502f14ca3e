"""A warning that adds points to the score, or something good that takes them away."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.flow import Flow
from dialogs.lint.base import Around, rule
from knowledge.finding import Document, Finding


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """No points at all are a choice."""
    for index, flag in enumerate(flow.flags):
        if flag.points < 0 if flag.level == "good" else flag.points > 0:
            told = {"name": flag.id, "rated": flag.level, "points": str(flag.points), "meant": str(-flag.points)}
            yield document.finding(("flags", index, "points"), "points-against-level", **told)
