"""Rewrites what a talk expects and what is not so any more, in the text of its file: comments and layout stay.

Not its job: saying what is right now (`playing`). Only what has one right value is rewritten; the diff is to be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from dialogs.scripted.playing import Mismatch
from knowledge.finding import Document

#: A text that YAML takes as it stands, also inside [ ] and { }: nothing that it could read as a sign of its own.
_PLAIN = re.compile(r"[\w/](?:[^\[\]{},:#&*!|>'\"@`\n\t\\]*[^\[\]{},:#&*!|>'\"@`\s\\])?")
_SPOKEN_FOR = frozenset(("null", "true", "false", "yes", "no"))
_QUOTED = {'"': re.compile(r'"(?:[^"\\\n]|\\.)*"'), "'": re.compile(r"'(?:[^'\n]|'')*'")}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class _Patch:
    """Characters of a line, both counted from 0, that give way to `text`."""

    line: int
    start: int
    end: int
    text: str


def updated(document: Document, mismatches: Iterable[Mismatch]) -> tuple[str, int]:
    """The file's text with what is right now, and how many places that changed."""
    lines = document.source.split("\n")
    patches = {patch for one in mismatches if (patch := _patch(document, lines, one)) is not None}
    for patch in sorted(patches, reverse=True):
        line = lines[patch.line]
        lines[patch.line] = line[: patch.start] + patch.text + line[patch.end :]
    return "\n".join(lines), len(patches)


def _patch(document: Document, lines: list[str], mismatch: Mismatch) -> _Patch | None:
    """None where no one thing is right, or where the text runs over several lines."""
    # One text stands for a list of one.
    trail = mismatch.trail if mismatch.trail in document.places else mismatch.trail[:-1]
    place = document.places.get(trail)
    if mismatch.instead is None or place is None:
        return None
    line, start = place[0] - 1, place[1] - 1
    rest = lines[line][start:]
    quoted = _QUOTED.get(rest[:1])
    found = None if quoted is None else quoted.match(rest)
    written = found[0] if found else str(document.at(trail))
    if not rest.startswith(written):
        return None
    # What a talk ends in are ids, numbers and null, which stand as they are.
    text = mismatch.instead if mismatch.trail[0] == "ends" else scalar(mismatch.instead)
    return _Patch(line=line, start=start, end=start + len(written), text=text)


def scalar(text: str) -> str:
    """The text as YAML, in quotes where it needs them."""
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _SPOKEN_FOR
    return text if is_plain else json.dumps(text, ensure_ascii=False)
