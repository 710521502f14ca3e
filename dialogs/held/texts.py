"""Holds a file of texts to what the program looks up: which texts there must be, and which places it fills in each.

`text_ids.json` is made from the code and the shipped texts (`make reference`). Not its job: the shape of the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePath

from dialogs.braces import PLACE, is_place, lone
from dialogs.compile import SHIPPED
from dialogs.lint.asked import texts
from dialogs.lint.place_unknown import not_closed
from knowledge.finding import Document, Finding, Trail
from knowledge.fitting import nearest

MANIFEST = Path(__file__).with_name("text_ids.json")
#: The ends of ids that say a text otherwise on one channel; there the program takes them where they are.
CHANNELS = ("-telegram", "-terminal")
#: Beginnings of ids that go on with a name out of another file: sources, blackouts, hand-over, time zones.
OPEN = ("source-", "weeks-", "letter-item-", "zone-")

#: By file, by id, the places that the program fills.
Held = Mapping[str, Mapping[str, Sequence[str]]]


@cache
def held() -> Held:
    """The texts that the program looks up."""
    return json.loads(MANIFEST.read_text("utf-8"))


def name_of(path: PurePath) -> str:
    """How the manifest calls a file: folder and name, since a folder of dialogs may lie anywhere."""
    return "/".join(path.parts[-2:])


def check(documents: Iterable[Document], beside: Callable[[Document], Collection[str]]) -> Iterator[Finding]:
    """What is missing, unknown or never filled in files of texts that fit their shape.

    `beside` gives the ids that the other files of a document's folder have; it is asked where one is missing.
    """
    read = [document for document in documents if _is_held(document)]
    here = {id for document in read for id in document.top["texts"]}
    for document in read:
        yield from _ids(document, here, beside)
        yield from _places(document)


def _is_held(document: Document) -> bool:
    """Whether the program reads it: all files of a folder `texts`, and its own."""
    path = PurePath(document.file)
    return path.parent.name == "texts" or name_of(path) in held()


def _is_shipped(document: Document) -> bool:
    """Whether no other file fills its gaps: to a folder of one's own the shipped texts are added."""
    path = Path(document.file).resolve()
    return path.parent == SHIPPED / "texts" or (name_of(path) in held() and path.parent.name != "texts")


def _family(document: Document) -> Mapping[str, Sequence[str]]:
    """All ids that a text of this file may have: a file of dialogs may hold what another one held."""
    name = name_of(PurePath(document.file))
    if name in held() and not name.startswith("texts/"):
        return held()[name]
    return {id: places for file, ids in held().items() if file.startswith("texts/") for id, places in ids.items()}


def _ids(document: Document, here: Collection[str], beside: Callable[[Document], Collection[str]]) -> Iterator[Finding]:
    """A slip is one finding: what the text is called here, and what that should have been."""
    family = _family(document)
    missing = [id for id in held().get(name_of(PurePath(document.file)), {}) if id not in here]
    others = beside(document) if missing else ()
    missing = [id for id in missing if id not in others]
    for id in document.top["texts"]:
        near = "" if _plain(id) in family or id in family else nearest(id, missing)
        if near:
            missing.remove(near)
            yield document.at_key(("texts", id), "text-unknown", name=id, near=near)
        elif _known_as(id, family) is None:
            near = nearest(id, held().get(name_of(PurePath(document.file)), ()))
            yield document.at_key(("texts", id), "text-unknown", level="warning", name=id, near=near)
    for id in missing if _is_shipped(document) else ():
        # A channel without a text of its own says the common one.
        if _plain(id) == id or _plain(id) not in family:
            yield document.at_key(("texts",), "text-missing", name=id)


def _plain(id: str) -> str:
    """The text that one of a channel stands for; others stand for themselves."""
    return next((id.removesuffix(end) for end in CHANNELS if id.endswith(end)), id)


def _known_as(id: str, known: Collection[str]) -> str | None:
    """The id of `known` that the program looks up when it takes this text; None: it never takes it."""
    if id in known or id.startswith(OPEN):
        return id
    return _plain(id) if _plain(id) in known else None


def _places(document: Document) -> Iterator[Finding]:
    family = _family(document)
    for trail, told in texts(document):
        id = _known_as(str(trail[1]), family)
        for language, text in told.items():
            if id is not None and id in family:
                yield from _filled(document, (*trail, language), text, family[id])
            for at in lone(text):
                yield not_closed(document, (*trail, language), text, at)


def _filled(document: Document, trail: Trail, text: str, known: Sequence[str]) -> Iterator[Finding]:
    for place in PLACE.finditer(text):
        name, listed = place[1].strip("{} "), ", ".join(known) or "-"
        # What a text shows as an example of JSON is no place.
        if not is_place(place) and not any(sign in place[1] for sign in '":.'):
            yield document.within(trail, place.start(), "place-malformed", name=place[1])
        elif is_place(place) and name not in known:
            near = nearest(name, known)
            yield document.within(trail, place.start(), "text-place-unknown", name=name, near=near, known=listed)
