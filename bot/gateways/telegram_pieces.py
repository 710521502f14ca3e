"""Takes an answer of getUpdates apart where it cannot be read as JSON as a whole, so that one update spoils no other.

What is nested too deeply, or holds a number of thousands of digits, is refused by Python's reader for the whole answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_RESULT = re.compile(r'"result"\s*:\s*\[')
#: What matters to where an update ends: brackets, commas, and texts as a whole.
_MARK = re.compile(r'[\[\]{},]|"(?:[^"\\]|\\.)*"')


def pieces(body: bytes) -> list[object] | None:
    """The updates, each as an object or, where it cannot be read, as its text; None where there is no list of them."""
    text = body.decode("utf-8", "replace")
    found = _RESULT.search(text)
    if found is None:
        return None
    parts = list(_parts(text, found.end()))
    return None if parts[-1:] == [_UNENDED] else [_read(part) for part in parts]


_UNENDED = "\0"


def _parts(text: str, start: int) -> Iterator[str]:
    """The texts of the elements of the list that begins at `start`; at last _UNENDED where the list has no end."""
    depth, begun = 0, start
    for mark in _MARK.finditer(text, start):
        match mark[0]:
            case "[" | "{":
                depth += 1
            case "]" | "}" if depth:
                depth -= 1
            case "]" | "," if not depth:
                if piece := text[begun : mark.start()].strip():
                    yield piece
                begun = mark.end()
                if mark[0] == "]":
                    return
            case _:
                pass
    yield _UNENDED


def _read(piece: str) -> object:
    try:
        return json.loads(piece)
    except (ValueError, RecursionError):
        return piece
