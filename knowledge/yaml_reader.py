"""Reads a maintainer's YAML strictly and remembers where everything stood: the only door to the YAML parser.

Strict means: UTF-8, no tabs, no anchors, aliases or tags, no key twice, bounded size and depth. Every scalar stays
text (no `no` that turns false, no 1:30 that turns 90); the schema says what it is to be. All problems are findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from knowledge.finding import Document, Finding, Place, Trail
from knowledge.yaml_mending import mended
from knowledge.yaml_slips import Riddle, Slip, is_cut, sure_slips

#: A larger or deeper file was not written by hand.
MAX_BYTES = 1_000_000
MAX_DEPTH = 40

#: What YAML refuses, and the line breaks that only YAML sees.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

#: A remark behind a value. One that lets a finding pass is meant as a remark, whatever it stands behind.
_CUTS = re.compile(r"[ \t]+#(?![ \t]*allow:)")


def read_document(path: Path, name: str | None = None) -> Document:
    """Read one file; what is wrong with it stands in `findings`, never in an exception."""
    file = name or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        return _broken(file, 1, 1, "file-unreadable", reason=error.strerror or type(error).__name__)
    return read_bytes(raw, file)


def read_bytes(raw: bytes, file: str) -> Document:
    """The same from bytes at hand."""
    if len(raw) > MAX_BYTES:
        return _broken(file, 1, 1, "file-too-large", limit=f"{MAX_BYTES:,}")
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return _broken(file, 1, 1, "byte-order-mark")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _broken(file, *_place(raw[: error.start].decode("utf-8")), "not-utf-8")
    control = _CONTROL.search(text)
    if control:
        return _broken(file, *_place(text[: control.start()]), "control-character", sign=f"U+{ord(control[0]):04X}")
    return _without_slips(text.replace("\r\n", "\n"), file)


def _place(before: str) -> Place:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _broken(file: str, line: int, column: int, code: str, **values: str) -> Document:
    finding = Finding(file=file, line=line, column=column, code=code, values=values)
    return Document(file=file, content=None, places={}, keys={}, findings=(finding,))


def _without_slips(text: str, file: str) -> Document:
    lines = text.split("\n")
    sure = tuple(_finding(slip, lines[slip.line - 1], file) for slip in sure_slips(lines))
    if sure:
        return Document(file=file, content=None, places={}, keys={}, findings=sure)
    try:
        return _composed(lines, file)
    except yaml.MarkedYAMLError:
        return _as_meant(lines, file)


def _composed(lines: list[str], file: str, *slips: Finding) -> Document:
    """The document; raises MarkedYAMLError where the lines are no YAML."""
    composer = _Composer(file, lines)
    try:
        content = composer.document(_events(lines))
    except _Refused as refused:
        content = None
        composer.findings.append(refused.finding)
    findings = tuple(sorted((*slips, *composer.findings)))
    return Document(
        file=file,
        content=content,
        places=composer.places,
        keys=composer.keys,
        findings=findings,
        source="\n".join(lines),
    )


def _as_meant(lines: list[str], file: str) -> Document:
    """The document with its slips mended, which are findings."""
    meant = mended(lines, _stumbles)
    findings = [_finding(slip, line, file) for slip, line in meant.slips]
    if meant.unsolved:
        findings.append(_unsolved(meant.unsolved, file))
    if meant.lines is None:
        return Document(file=file, content=None, places={}, keys={}, findings=tuple(sorted(findings)))
    return _composed(meant.lines, file, *findings)


def _events(lines: list[str]) -> Iterator[Any]:
    untyped: Any = yaml
    return untyped.parse("\n".join(lines), Loader=yaml.CSafeLoader)


def _stumbles(lines: list[str]) -> Riddle | None:
    try:
        for _ in _events(lines):
            pass
    except yaml.MarkedYAMLError as error:
        return _riddle(error)
    return None


def _riddle(error: yaml.MarkedYAMLError) -> Riddle:
    mark = error.problem_mark or error.context_mark
    began = error.context_mark or mark
    return Riddle(
        problem=error.problem or "",
        context=error.context or "",
        line=mark.line + 1 if mark else 1,
        column=mark.column + 1 if mark else 1,
        context_line=began.line + 1 if began else 1,
        context_column=began.column + 1 if began else 1,
    )


def _finding(slip: Slip, line: str, file: str) -> Finding:
    values = {"sign": slip.sign, "line": line.strip()[:60], "mended": (slip.mended or "").strip()[:60]}
    return Finding(file=file, line=slip.line, column=slip.column, code=slip.code, values=values)


def _unsolved(riddle: Riddle, file: str) -> Finding:
    values = {"problem": riddle.problem}
    return Finding(file=file, line=riddle.line, column=riddle.column, code="yaml-syntax", values=values)


class _Refused(Exception):
    """The document holds what is not allowed; `finding` says what."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


class _Composer:
    """Builds the content out of parser events, refusing what is not allowed."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self.file = file
        self.lines = lines
        self.places: dict[Trail, Place] = {}
        self.keys: dict[Trail, Place] = {}
        self.findings: list[Finding] = []

    def document(self, events: Iterator[Any]) -> Any:
        content: Any = None
        seen = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                seen += 1
                if seen > 1:
                    raise self._refuse(event, "two-documents")
                content = self._value(next(events), events, ())
        return content

    def _refuse(self, event: Any, code: str, **values: str) -> _Refused:
        line, column = _start(event)
        return _Refused(Finding(file=self.file, line=line, column=column, code=code, values=values))

    def _value(self, event: Any, events: Iterator[Any], path: Trail) -> Any:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refuse(event, "alias", sign="*" if isinstance(event, yaml.AliasEvent) else "&")
        if len(path) > MAX_DEPTH:
            raise self._refuse(event, "too-deep", limit=str(MAX_DEPTH))
        if event.tag is not None:
            raise self._refuse(event, "tag", sign=event.tag)
        self.places[path] = _start(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        if not event.style:
            self._look_behind(event, path)
        return None if event.implicit[0] and event.value in ("", "~", "null") else event.value

    def _look_behind(self, event: Any, path: Trail) -> None:
        """A text without quotes ends before a space and a #, and whoever wrote it reads on."""
        line, column = int(event.end_mark.line), int(event.end_mark.column)
        rest = self.lines[line][column:] if line < len(self.lines) else ""
        if "#" in rest and (sign := _CUTS.match(rest)) and is_cut(path, event.value, rest):
            values = {"left": str(event.value)[-20:], "lost": rest.strip()[:40]}
            here = Finding(file=self.file, line=line + 1, column=column + sign.end(), code="text-cut", values=values)
            self.findings.append(here)

    def _mapping(self, events: Iterator[Any], path: Trail) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise self._refuse(event, "key-not-text")
            trail = (*path, event.value)
            if event.value in content:
                self._twice(trail, _start(event))
            self.keys[trail] = _start(event)
            content[event.value] = self._value(next(events), events, trail)
        return content

    def _twice(self, trail: Trail, place: Place) -> None:
        values = {"key": str(trail[-1]), "first": str(self.keys[trail][0])}
        self.findings.append(Finding(file=self.file, line=place[0], column=place[1], code="key-twice", values=values))

    def _sequence(self, events: Iterator[Any], path: Trail) -> list[Any]:
        content: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            content.append(self._value(event, events, (*path, len(content))))
        return content


def _start(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1
