"""A `{name}` that one language tells and another keeps back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches

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
    named = [(trail, {language: names_in(text) for language, text in told.items()}) for trail, told in texts(document)]
    often = Counter(name for _, names in named for here in names.values() for name in here)
    for trail, names in named:
        most = max(names.values(), key=len)
        for language, here in names.items():
            # As many places of other names are a matter of how the language puts it: {month} or {month_name}.
            missing = most - here if len(here) < len(most) else _meant(here, names.values(), often)
            if missing:
                told = ", ".join(sorted(missing))
                yield document.finding((*trail, language), "places-differ", level="warning", names=told)


def _meant(here: frozenset[str], all_names: Iterable[frozenset[str]], often: Counter[str]) -> set[str]:
    """Of the names of another language those for which a rarer one here looks like a slip."""
    others = {name for names in all_names for name in names} - here
    return {
        other for name in here for other in get_close_matches(name, others, n=1, cutoff=0.8)
        if often[name] < often[other]
    }  # fmt: skip
