"""A `{name}` in a text that nothing fills, or that is written so that it is no place at all."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from dialogs.braces import PLACE, is_place, lone
from dialogs.doubting import PLACES
from dialogs.flow import Flow
from dialogs.lint.asked import texts
from dialogs.lint.base import Around, rule
from knowledge.finding import Document, Finding, Trail

#: Parts of a result whose places are filled, by the keys on the way to them; all other texts are said as they stand.
_FILLED = (
    {"verdicts", "title"},
    {"verdicts", "says"},
    {"decide", "because", "says"},
    {"flags", "says"},
    {"passages", "says"},
    {"figures", "formula"},
    {"plan", "says"},
    {"doubts", "says"},
)


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Each place of each text, in each language."""
    known = {*flow.by_slot, *(told.id for told in flow.figures), *(told.id for told in flow.assumptions)}
    for trail, told in texts(document):
        for language, text in told.items():
            for place in PLACE.finditer(text):
                here = known | PLACES if "doubts" in trail else known
                yield from _judged(document, (*trail, language), place, here)
            for at in lone(text):
                yield not_closed(document, (*trail, language), text, at)


def not_closed(document: Document, trail: Trail, text: str, at: int) -> Finding:
    """A bracket without its other half: readers would see it, and the name behind it."""
    return document.within(trail, at, "place-not-closed", sign=text[at], text=text[at : at + 20])


def _judged(document: Document, trail: Trail, place: re.Match[str], known: set[str]) -> Iterator[Finding]:
    code = _wrong(place, trail, known)
    if code:
        near = next(iter(difflib.get_close_matches(place[1].strip(), known, n=1)), "")
        hint = near if code != "place-not-filled" else ""
        yield document.within(trail, place.start(), code, name=place[1], near=hint, known=", ".join(sorted(known)))


def _wrong(place: re.Match[str], trail: Trail, known: set[str]) -> str:
    if not is_place(place):
        return "place-malformed"
    if not any(keys <= set(trail) for keys in _FILLED):
        return "place-not-filled"
    return "" if place[1] in known else "place-unknown"
