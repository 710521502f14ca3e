"""Reads entries, sources and outside questions into the books; what is wrong with a file is a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.entry import Books, Dated, Entry, Source, View
from knowledge.finding import Document, Finding, Trail
from knowledge.yaml_reader import read_document

#: The books that come with the program.
SHIPPED = Path(__file__).parent

_LANGUAGES = ("zh-Hans", "en")
_NEEDED = ("topic", "area", "title", "wordings", "short", "long", "facts", "sources", "related")
_SHAPES = {"wordings": dict, "facts": list, "sources": list, "related": list, "views": list, "dated": list}
_KNOWN = {*_NEEDED, "views", "dated", "dialog"}


def read_books(folder: Path = SHIPPED) -> tuple[Books, Sequence[Finding]]:
    """The books of a folder; an entry with a finding is left out of them."""
    findings: list[Finding] = []
    entries: dict[str, Entry] = {}
    for file in sorted((folder / "entries").glob("*.yaml")):
        entry, wrong = entry_of(read_document(file, f"entries/{file.name}"), file.stem)
        findings += wrong
        if entry is not None:
            entries[file.stem] = entry
    sources, source_findings = read_sources(folder / "sources.yaml")
    outside = read_document(folder / "outside.yaml", "outside.yaml")
    by_language: Mapping[str, Sequence[str]] = outside.content or {}
    asked = [text for texts in by_language.values() for text in texts]
    return Books(entries=entries, sources=sources, outside=asked), [*findings, *source_findings, *outside.findings]


def entry_of(document: Document, topic: str) -> tuple[Entry | None, Sequence[Finding]]:
    """The entry of a file, or what keeps it from being one."""
    wrong = [*document.findings, *_entry_findings(document, topic)]
    return (None if wrong else _entry(document.content)), wrong


def _entry_findings(document: Document, topic: str) -> Sequence[Finding]:
    """What keeps a readable file from being an entry."""
    if document.findings:
        return ()
    content: Mapping[str, Any] = document.content
    if not isinstance(document.content, dict):
        return (document.finding((), "entry-not-a-mapping"),)
    found = [document.finding((), "entry-key-missing", key=key) for key in _NEEDED if key not in content]
    found += [document.at_key((key,), "entry-key-unknown", key=key) for key in content if key not in _KNOWN]
    if content.get("topic", topic) != topic:
        found.append(document.finding(("topic",), "entry-topic-not-its-file", topic=topic))
    for key in ("title", "short", "long"):
        found += _language_findings(document, content.get(key, {}), (key,))
    for key, shape in _SHAPES.items():
        if not isinstance(content.get(key, shape()), shape):
            found.append(document.finding((key,), "entry-shape", key=key))
    return found or _inner_findings(document, content)


def _inner_findings(document: Document, content: Any) -> list[Finding]:
    found: list[Finding] = []
    for number, view in enumerate(content.get("views", [])):
        found += _language_findings(document, view.get("says", {}), ("views", number, "says"))
    for number, dated in enumerate(content.get("dated", [])):
        found += _language_findings(document, dated.get("what", {}), ("dated", number, "what"))
        for key in ("as_of", "look_again"):
            if _day(dated.get(key, "")) is None:
                found.append(document.finding(("dated", number, key), "date-unreadable", value=str(dated.get(key))))
    return found


def _language_findings(document: Document, texts: Any, trail: Trail) -> list[Finding]:
    known: Mapping[str, str] = texts
    if not isinstance(texts, dict):
        return [document.finding(trail, "texts-not-by-language")]
    return [document.finding(trail, "language-missing", language=name) for name in _LANGUAGES if not known.get(name)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _entry(content: Mapping[str, Any]) -> Entry:
    plain = {key: content[key] for key in (*_NEEDED, "dialog") if key in content}
    views = [View(**view) for view in content.get("views", [])]
    return Entry(**plain, views=views, dated=[_dated(dated) for dated in content.get("dated", [])])


def _dated(content: Mapping[str, Any]) -> Dated:
    as_of, look_again = (date.fromisoformat(content[key]) for key in ("as_of", "look_again"))
    return Dated(what=content["what"], as_of=as_of, look_again=look_again)


def read_sources(file: Path) -> tuple[dict[str, Source], Sequence[Finding]]:
    """The sources of a file by id, and what is wrong with it."""
    return sources_of(read_document(file, file.name))


def sources_of(document: Document) -> tuple[dict[str, Source], Sequence[Finding]]:
    """The same of a file that has been read."""
    content: Any = document.content or {}
    listed: Mapping[str, Mapping[str, Any]] = content.get("sources") or {}
    found = list(document.findings)
    sources: dict[str, Source] = {}
    for key, told in listed.items():
        wrong = _language_findings(document, told.get("name", {}), ("sources", key, "name"))
        found += wrong
        if not wrong:
            sources[key] = Source(id=key, **told)
    return sources, found
