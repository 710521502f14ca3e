"""Holds `documents/handover.yaml` to what the hand-over letter says: its things, who owes them, and by when.

What there may be is what `letters.yaml` has words for. Not its job: the letter (`documents.letters`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dialogs.held.texts import held
from knowledge.finding import Document, Finding
from knowledge.fitting import Keys, Named, Text, misfits, nearest

_FORM = Named(Keys({"who": Text(), "when": Text()}, {}))
_LETTERS = "texts/letters.yaml"


def _named(kind: str) -> Sequence[str]:
    """What the letters have words for: who, when, item."""
    before = f"letter-{kind}-"
    return [id.removeprefix(before) for id in held()[_LETTERS] if id.startswith(before)]


def check(document: Document) -> Iterator[Finding]:
    """All that is wrong in the file."""
    yield from document.findings
    if document.content is None:
        return
    wrong = list(misfits(document, (), document.content, _FORM))
    yield from wrong
    if not wrong:
        yield from _items(document)
        for item, owed in document.top.items():
            for key, value in owed.items():
                known = _named(key)
                if value not in known:
                    near, listed = nearest(value, known), ", ".join(known)
                    yield document.finding((item, key), "not-one-of", found=value, known=listed, near=near)


def _items(document: Document) -> Iterator[Finding]:
    """A thing that is left out of the list is left out of the letter."""
    known = _named("item")
    missing = [item for item in known if item not in document.top]
    for item in document.top:
        if item not in known:
            near = nearest(item, missing) or nearest(item, known)
            missing = [one for one in missing if one != near]
            yield document.at_key((item,), "not-one-of", found=item, known=", ".join(known), near=near)
    for item in missing:
        yield document.at_key((), "handover-missing", name=item)
