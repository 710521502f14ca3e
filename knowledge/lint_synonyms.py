"""What is wrong in synonyms.yaml though it can be read: a word that stands for two others, two names run into one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from knowledge.finding import Document, Finding, Trail
from knowledge.fitting import SYNONYMS, misfits
from knowledge.scripts import to_simplified

#: The lists of plain words with those that they stand for.
_TURNED = ("plain", "cantonese")
#: What separates names only in running text.
_USUAL = re.compile("[\u4e00-\u9fff]")
_COMMAS = re.compile("[，、；]")


def synonyms_findings(document: Document) -> Iterator[Finding]:
    """All that is wrong in the file."""
    yield from document.findings
    if document.findings or document.content is None:
        return
    wrong = [*misfits(document, (), document.content, SYNONYMS)]
    yield from wrong or (*_run_together(document), *_in_two(document), *_traditional(document))


def _traditional(document: Document) -> Iterator[Finding]:
    """The head of the file says simplified, and a search for a word finds it in one writing only."""
    marks = str(document.top.get("cantonese-marks", ""))
    for trail, word in (*_words(document.content, ()), *_keys(document)):
        simplified = to_simplified(word)
        # Characters that only Cantonese has are written as people type them, whatever the converter makes of them.
        if any(
            old != new and old not in marks and _USUAL.match(new) for old, new in zip(word, simplified, strict=False)
        ):
            place = document.finding if isinstance(trail[-1], int) else document.at_key
            yield place(trail, "synonym-traditional", level="warning", name=word, simplified=simplified)


def _keys(document: Document) -> Iterator[tuple[Trail, str]]:
    for part in (*_TURNED, "concepts"):
        yield from (((part, word), word) for word in document.top.get(part, {}))


def _run_together(document: Document) -> Iterator[Finding]:
    for trail, word in _words(document.content, ()):
        if _COMMAS.search(word):
            yield document.finding(trail, "names-run-together", name=word)


def _words(content: Any, trail: Trail) -> Iterator[tuple[Trail, str]]:
    """Every word of every list, with its place."""
    pairs = cast(dict[str, Any], content).items() if isinstance(content, dict) else enumerate(cast(list[Any], content))
    for key, one in pairs:
        if isinstance(one, dict | list):
            yield from _words(one, (*trail, key))
        elif isinstance(content, list):
            yield (*trail, key), one


def _in_two(document: Document) -> Iterator[Finding]:
    """The last of the two would win in silence."""
    for part in _TURNED:
        seen: dict[str, str] = {}
        for plain, words in document.top.get(part, {}).items():
            for place, word in enumerate(words):
                first = seen.setdefault(to_simplified(word), plain)
                if first != plain:
                    yield document.finding((part, plain, place), "synonym-in-two", name=word, first=first, second=plain)
