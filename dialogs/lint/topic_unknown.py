"""A topic that the knowledge base does not have: the reason or the "why do you ask" would lead nowhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from dialogs.flow import Flow
from dialogs.lint.asked import leaves
from dialogs.lint.base import Around, rule
from knowledge.finding import Document, Finding


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Each `topic` and each `why` must be the name of a file of the knowledge base."""
    for trail, topic in leaves(document.content):
        if trail[-1] in ("topic", "why") and around.topics and topic not in around.topics:
            near = next(iter(difflib.get_close_matches(topic, around.topics, n=1)), "")
            yield document.finding(trail, "topic-unknown", name=topic, near=near)
