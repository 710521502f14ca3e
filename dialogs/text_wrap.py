"""Breaks a text into lines of a width in ems: between any two Chinese characters, between words elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: A word, a space, or one wide character; closing signs stay with what stands before them.
_PIECE = re.compile(r"\s+|[^\s\u2e80-\uffef]+|[\u2e80-\uffef]")
_CLOSING = "，。、；：？！）】》”’,.;:?!)]}"
_OPENING = "（【《“‘([{"
#: Width of what is not wide, in ems.
_NARROW, _CAPITAL, _THIN = 0.54, 0.68, 0.3


def width(text: str) -> float:
    """About how wide the text is, in ems."""
    return sum(_width(sign) for sign in text)


def _width(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WF" or sign in "“”‘’—…":
        return 1.0
    if sign in " .,:;'|!ijl":
        return _THIN
    return _CAPITAL if sign.isupper() or sign in "mwMW%@" else _NARROW


def wrap(text: str, ems: float) -> list[str]:
    """The lines; a word that is wider than a line is cut."""
    lines: list[str] = [""]
    for piece in _pieces(text, ems):
        if piece == "\n":
            lines.append("")
        elif width(lines[-1] + piece.rstrip()) <= ems or not lines[-1] or piece in _CLOSING:
            lines[-1] += piece if lines[-1] else piece.lstrip()
        else:
            lines.append(_taken_along(lines) + piece.lstrip())
    return [line.rstrip() for line in lines if line.strip()]


def _taken_along(lines: list[str]) -> str:
    """An opening sign does not end a line."""
    if lines[-1][-1:] not in _OPENING or len(lines[-1]) < 2:
        return ""
    sign, lines[-1] = lines[-1][-1], lines[-1][:-1]
    return sign


def _pieces(text: str, ems: float) -> Iterator[str]:
    for line in text.split("\n"):
        for piece in _PIECE.findall(line):
            yield from _cut(piece, ems) if width(piece) > ems else (piece,)
        yield "\n"


def _cut(word: str, ems: float) -> Iterator[str]:
    part = ""
    for sign in word:
        if width(part + sign) > ems:
            yield part
            part = ""
        part += sign
    yield part
