"""What stands where in the files of the books, and what is found where something else stands there.

Not its job: what it must mean (`lint`), the YAML itself (`yaml_reader`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from knowledge.finding import Document, Finding, Trail


@dataclass(frozen=True, slots=True)
class Text:
    """A text that says something."""


@dataclass(frozen=True, slots=True)
class Each:
    """A list of what is alike."""

    of: Form


@dataclass(frozen=True, slots=True)
class Languages:
    """The same in each language, of which those of `needed` must be there."""

    of: Form
    needed: tuple[str, ...] = ("zh-Hans", "en")


@dataclass(frozen=True, slots=True)
class Named:
    """The same under names of the maintainer's own."""

    of: Form


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys that must be there, and others that may."""

    needed: Mapping[str, Form]
    others: Mapping[str, Form] = field(default_factory=dict[str, "Form"])


Form: TypeAlias = Text | Each | Languages | Named | Keys

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
_TEXT, _TEXTS, _NAMES = Text(), Languages(Text()), Each(Text())

ENTRY = Keys(
    {
        "topic": _TEXT, "area": _TEXT, "title": _TEXTS, "wordings": Languages(_NAMES, ()), "short": _TEXTS,
        "long": _TEXTS, "facts": _NAMES, "sources": _NAMES, "related": _NAMES,
    },
    {
        "views": Each(Keys({"kind": _TEXT, "says": _TEXTS}, {"conflict": _TEXT})),
        "dated": Each(
            Keys({"what": _TEXTS, "as_of": _TEXT, "look_again": _TEXT}, {"opened": _TEXT, "event": _TEXTS})
        ),
        "dialog": _TEXT,
    },
)  # fmt: skip
SOURCE = Keys(
    {"name": _TEXTS, "kind": _TEXT},
    {"address": _TEXT, "date": _TEXT, "read": _TEXT, "copy": _TEXT, "interest": _TEXTS},
)
SYNONYMS = Keys(
    {},
    {
        "plain": Named(_NAMES), "cantonese": Named(_NAMES), "cantonese-marks": _TEXT, "fillers": _NAMES,
        "concepts": Named(Keys({}, {"zh": _NAMES, "en": _NAMES})),
    },
)  # fmt: skip
FACTS = Named(_NAMES)
OUTSIDE = Languages(_NAMES, ())


def text_keys(names: Iterable[str]) -> Keys:
    """Texts by these names, each of which may be missing."""
    return Keys({}, dict.fromkeys(names, _TEXT))


def misfits(document: Document, trail: Trail, value: Any, form: Form) -> Iterator[Finding]:
    """What stands at or below `trail` and is not of this form, each with its place."""
    if isinstance(form, Text):
        if not isinstance(value, str) or not value.strip():
            yield document.finding(trail, "book-text-wanted")
    elif isinstance(form, Each):
        yield from _each(document, trail, value, form)
    elif not isinstance(value, dict):
        code = "texts-not-by-language" if isinstance(form, Languages) else "book-keys-wanted"
        yield document.finding(trail, code)
    elif isinstance(form, Languages):
        yield from _languages(document, trail, cast(dict[str, Any], value), form)
    elif isinstance(form, Named):
        for name, one in cast(dict[str, Any], value).items():
            yield from misfits(document, (*trail, name), one, form.of)
    else:
        yield from _keys(document, trail, cast(dict[str, Any], value), form)


def _each(document: Document, trail: Trail, value: Any, form: Each) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield document.finding(trail, "entry-shape", key=str(trail[-1]))
        return
    for place, one in enumerate(cast(list[Any], value)):
        yield from misfits(document, (*trail, place), one, form.of)


def _languages(document: Document, trail: Trail, value: Mapping[str, Any], form: Languages) -> Iterator[Finding]:
    strange = {name: nearest(name, LANGUAGES) for name in value if name not in LANGUAGES}
    for name, near in strange.items():
        yield document.at_key((*trail, name), "language-unknown", name=name, near=near)
    for name in form.needed:
        if not value.get(name) and name not in strange.values():
            yield document.finding(trail, "language-missing", language=name)
    for name in LANGUAGES:
        if value.get(name):
            yield from misfits(document, (*trail, name), value[name], form.of)


def _keys(document: Document, trail: Trail, value: Mapping[str, Any], form: Keys) -> Iterator[Finding]:
    """A key that was mistyped is not missing as well."""
    forms = {**form.needed, **form.others}
    strange = {key: nearest(key, forms) for key in value if key not in forms}
    for key, near in strange.items():
        yield document.at_key((*trail, key), "entry-key-unknown", key=key, near=near)
    for key in form.needed:
        if key not in value and key not in strange.values():
            yield document.at_key(trail, "entry-key-missing", key=key)
    for key, one in value.items():
        if key in forms:
            yield from misfits(document, (*trail, key), one, forms[key])


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant; empty where none is like it."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1)), "")
