"""A `{name}` that one language tells and another keeps back."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.flow import Flow
from dialogs.lint.asked import texts
from dialogs.lint.base import Around, rule
from dialogs.wording import names_in
from knowledge.finding import Document, Finding


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Each text of the flow."""
    return differing(document)


def differing(document: Document) -> Iterable[Finding]:
    """The same for any file with texts."""
    for trail, told in texts(document):
        names = {language: names_in(text) for language, text in told.items()}
        most = max(names.values(), key=len)
        for language, here in names.items():
            # As many places of other names are a matter of how the language puts it: {month} or {month_name}.
            if len(here) < len(most):
                missing = ", ".join(sorted(most - here))
                yield document.finding((*trail, language), "places-differ", level="warning", names=missing)
