"""A label that a phone cuts off on its button."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.flow import Flow
from dialogs.lint.asked import texts
from dialogs.lint.base import Around, rule
from knowledge.finding import Document, Finding

#: Characters that a button shows, by language; a Chinese character is twice as wide.
LIMITS = {"zh-Hans": 20, "zh-Hant": 20, "en": 40}


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Each option's label, as written, in each language."""
    for trail, told in texts(document):
        if trail[-1] == "label" and "options" in trail:
            for language, label in told.items():
                if len(label.strip()) > LIMITS[language]:
                    yield document.finding(
                        (*trail, language),
                        "label-too-long",
                        level="warning",
                        length=str(len(label.strip())),
                        limit=str(LIMITS[language]),
                    )
