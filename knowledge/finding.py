"""What a maintainer's file was read into, and what is wrong in it: values with places, no parsing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

#: The keys and indexes that lead to a value.
Trail = tuple[str | int, ...]
#: Line and column, both from 1.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """One problem in a maintainer's file, at `line` and `column`, which count from 1."""

    file: str
    line: int
    column: int
    #: Names the problem; its sentence stands under this key in the texts.
    code: str
    #: Fill the places of that sentence.
    values: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)
    #: error: the book cannot be used; warning: it can.
    level: str = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file as read: nested dicts, lists and text, and the place of each value and each key."""

    file: str
    content: Any
    places: Mapping[Trail, Place]
    keys: Mapping[Trail, Place]
    findings: tuple[Finding, ...]
    source: str = ""

    def finding(self, path: Trail, code: str, *, level: str = "error", **values: str) -> Finding:
        """A finding at `path`, or at the nearest thing above it that stands in the file."""
        return self._made(self._nearest(path), code, level, values)

    def within(self, path: Trail, index: int, code: str, *, level: str = "error", **values: str) -> Finding:
        """A finding at one character of the text that stands at `path`, however the file folds it."""
        place = self._within(path, index) if path in self.places else self._nearest(path)
        return self._made(place, code, level, values)

    def at_key(self, path: Trail, code: str, *, level: str = "error", **values: str) -> Finding:
        """A finding at the key that ends `path`."""
        return self._made(self.keys.get(path) or self._nearest(path), code, level, values)

    def _made(self, place: Place, code: str, level: str, values: Mapping[str, str]) -> Finding:
        return Finding(file=self.file, line=place[0], column=place[1], code=code, values=values, level=level)

    @property
    def top(self) -> Mapping[str, Any]:
        """The content where it is a mapping; else nothing."""
        mapping = cast(dict[str, Any], self.content)
        return mapping if isinstance(self.content, dict) else {}

    def at(self, path: Trail) -> Any:
        """The value that stands at `path`; KeyError, IndexError or TypeError where there is none."""
        content = self.content
        for part in path:
            content = content[part]
        return content

    def _nearest(self, path: Trail) -> Place:
        for length in range(len(path), -1, -1):
            place = self.places.get(path[:length])
            if place is not None:
                here: object = self.at(path[:length])
                listing = isinstance(here, dict | list)
                return self.keys.get(path[:length], place) if listing else place
        return (1, 1)

    def _within(self, path: Trail, index: int) -> Place:
        """Folding changes only white space, so the other characters are counted."""
        line, column = self.places[path]
        lines = self.source.split("\n")
        wanted = sum(not sign.isspace() for sign in self.at(path)[:index])
        first = lines[line - 1][column - 1 :] if line <= len(lines) else ""
        quote = first[:1] if first[:1] in ("'", '"') else ""
        skip = len(first) if first[:1] in ("|", ">") else len(quote)
        rest = "\n".join((first, *lines[line:]))
        at = _skipped(rest, skip, wanted, escape={"'": "'", '"': "\\"}.get(quote, ""))
        before = rest[:at].split("\n")
        return (line + len(before) - 1, (column if len(before) == 1 else 1) + len(before[-1]))


def _skipped(text: str, start: int, wanted: int, escape: str) -> int:
    """The index of the character of `text` that follows `wanted` characters, not counting white space and escapes."""
    at = start
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif wanted == 0:
            return at
        else:
            at += 2 if escape and text[at] == escape else 1
            wanted -= 1
    return start
