"""Reads entries, sources and outside questions into the books; what is wrong with a file is a finding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

from knowledge.entry import UNDATED, Books, Dated, Entry, Source, View
from knowledge.finding import Document, Finding
from knowledge.fitting import ENTRY, OUTSIDE, SOURCE, misfits
from knowledge.yaml_reader import read_document

#: The books that come with the program.
SHIPPED = Path(__file__).parent


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
    wrong = [*outside.findings, *misfits(outside, (), outside.top, OUTSIDE)]
    by_language: Mapping[str, Sequence[str]] = {} if wrong else outside.top
    asked = [text for texts in by_language.values() for text in texts]
    return Books(entries=entries, sources=sources, outside=asked), [*findings, *source_findings, *wrong]


def entry_of(document: Document, topic: str) -> tuple[Entry | None, Sequence[Finding]]:
    """The entry of a file, or what keeps it from being one."""
    wrong = [*document.findings, *_entry_findings(document, topic)]
    return (None if wrong else _entry(document.content)), wrong


def _entry_findings(document: Document, topic: str) -> Sequence[Finding]:
    """What keeps a readable file from being an entry."""
    if document.findings:
        return ()
    if not isinstance(document.content, dict):
        return (document.finding((), "entry-not-a-mapping"),)
    found = list(misfits(document, (), document.top, ENTRY))
    if document.top.get("topic", topic) != topic:
        found.append(document.finding(("topic",), "entry-topic-not-its-file", topic=topic))
    return found or _undated(document, document.top)


def _undated(document: Document, content: Mapping[str, Any]) -> list[Finding]:
    return [
        document.finding(("dated", number, key), "date-unreadable", value=dated[key])
        for number, dated in enumerate(content.get("dated", []))
        for key, readable in (("as_of", _is_as_of), ("look_again", _day), ("opened", _day))
        if key in dated and not readable(dated[key])
    ]


def is_date(text: str) -> bool:
    """Whether it is a day, a month or a year, such as 2026-03-31, 2026-03 or 2026."""
    return bool(re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text)) and _day((text + "-01-01")[:10]) is not None


def _is_as_of(text: str) -> bool:
    return text == UNDATED or is_date(text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _entry(content: Mapping[str, Any]) -> Entry:
    plain = {key: value for key, value in content.items() if key not in ("views", "dated")}
    views = [View(**view) for view in content.get("views", [])]
    return Entry(**plain, views=views, dated=[_dated(dated) for dated in content.get("dated", [])])


def _dated(content: Mapping[str, Any]) -> Dated:
    return Dated(
        what=content["what"],
        as_of=None if content["as_of"] == UNDATED else content["as_of"],
        look_again=date.fromisoformat(content["look_again"]),
        opened=_day(content.get("opened", "")),
        event=content.get("event", {}),
    )


def read_sources(file: Path) -> tuple[dict[str, Source], Sequence[Finding]]:
    """The sources of a file by id, and what is wrong with it."""
    return sources_of(read_document(file, file.name))


def sources_of(document: Document) -> tuple[dict[str, Source], Sequence[Finding]]:
    """The same of a file that has been read; a source with a finding is left out."""
    found = list(document.findings)
    listed: Any = document.top.get("sources") or {}
    if "sources" not in document.top or not isinstance(listed, dict):
        return {}, found or [document.finding((), "sources-not-there")]
    sources: dict[str, Source] = {}
    for key, told in cast(dict[str, Any], listed).items():
        wrong = [*misfits(document, ("sources", key), told, SOURCE)]
        found += wrong
        if not wrong:
            sources[key] = Source(id=key, **told)
    return sources, found
