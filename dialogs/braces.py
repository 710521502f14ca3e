"""Reads the curly brackets of a text: places that something fills, and brackets that are none.

Not its job: which names there are (`lint.place_unknown` of a flow, `held.texts` of the other texts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: What stands in a pair of brackets, of either width; the whole of a pair in a pair.
PLACE = re.compile(r"[{｛]([^{}｛｝\n]{1,60}|\{[^{}\n]{1,60}\})[}｝]")
_NAME = re.compile(r"\{[a-z][a-z0-9_]*\}")
_OPENING, _CLOSING = "{｛", "}｝"


def is_place(found: re.Match[str]) -> bool:
    """Whether what PLACE found is written so that a value can stand in for it."""
    return _NAME.fullmatch(found[0]) is not None


def lone(text: str) -> Iterator[int]:
    """The index of each bracket that has no other half, from the first."""
    open_ones: list[int] = []
    closed: list[int] = []
    for at, sign in enumerate(text):
        if sign in _OPENING:
            open_ones.append(at)
        elif sign in _CLOSING and open_ones:
            open_ones.pop()
        elif sign in _CLOSING:
            closed.append(at)
    yield from sorted((*open_ones, *closed))
