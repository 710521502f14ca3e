"""Reads Telegram's HTML as Telegram does: the text that is seen and what is marked in it, or why it is refused.

Our own reader, so that no mistake of the program's writer is repeated here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: What a tag is called in the end; several names mean the same.
TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "a": "text_link",
    "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip
_ALONE = {"code", "pre"}
_SIGNS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SIGN = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]+));")
_TAG = re.compile(r"<(/?)([a-zA-Z-]*)((?:\s+[a-z-]+(?:=(?:\"[^\"]*\"|'[^']*'))?)*)\s*>")
_ATTRIBUTE = re.compile(r"([a-z-]+)=(?:\"([^\"]*)\"|'([^']*)')")


class MarkupRefused(Exception):
    """Telegram would answer 400, can't parse entities, with this sentence."""


@dataclass(frozen=True, slots=True)
class Entity:
    """Something marked; place and length count UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str = ""


@dataclass(slots=True)
class _Reading:
    seen: list[str] = field(default_factory=list[str])
    open: list[tuple[str, int, str]] = field(default_factory=list[tuple[str, int, str]])
    entities: list[Entity] = field(default_factory=list[Entity])


def units(text: str) -> int:
    """How long Telegram thinks a text is: its UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read(html: str) -> tuple[str, tuple[Entity, ...]]:
    """The visible text and its entities; raises MarkupRefused."""
    reading, place = _Reading(), 0
    while place < len(html):
        place = _next(html, place, reading)
    if reading.open:
        raise MarkupRefused(f'Can\'t find end tag corresponding to start tag "{reading.open[-1][0]}"')
    return "".join(reading.seen), tuple(sorted(reading.entities, key=lambda one: (one.offset, -one.length, one.type)))


def _next(html: str, place: int, reading: _Reading) -> int:
    sign = html[place]
    if sign == "<":
        tag = _TAG.match(html, place)
        if tag is None:
            raise MarkupRefused(f"Unclosed or unsupported tag at byte offset {len(html[:place].encode())}")
        _close(tag, reading) if tag[1] else _open(tag, reading)
        return tag.end()
    if sign == "&" and (written := _SIGN.match(html, place)):
        reading.seen.append(_unescaped(written))
        return written.end()
    reading.seen.append(sign)
    return place + 1


def _unescaped(written: re.Match[str]) -> str:
    if written[3]:
        return _SIGNS.get(written[3], written[0])
    code = int(written[1]) if written[1] else int(written[2], 16)
    return chr(code) if 0 < code < 0x110000 else written[0]


def _open(tag: re.Match[str], reading: _Reading) -> None:
    name = tag[2].lower()
    if name not in TAGS:
        raise MarkupRefused(f'Unsupported start tag "{name}" at byte offset {tag.start()}')
    if any(TAGS[one] in _ALONE for one, _, _ in reading.open):
        raise MarkupRefused(f'Tag "{name}" may not stand in code or pre')
    written = {found[1]: found[2] if found[2] is not None else found[3] for found in _ATTRIBUTE.finditer(tag[3])}
    told = {attribute: _SIGN.sub(_unescaped, value) for attribute, value in written.items()}
    if name == "a" and not told.get("href"):
        raise MarkupRefused("Link without an address")
    if name == "blockquote" and any(one == name for one, _, _ in reading.open):
        raise MarkupRefused("Quotation in a quotation")
    reading.open.append((name, units("".join(reading.seen)), told.get("href", "")))


def _close(tag: re.Match[str], reading: _Reading) -> None:
    if not reading.open:
        raise MarkupRefused(f"Unexpected end tag at byte offset {tag.start()}")
    name, begins, url = reading.open.pop()
    if tag[2].lower() != name:
        raise MarkupRefused(f'Unmatched end tag, expected "</{name}>", found "</{tag[2]}>"')
    length = units("".join(reading.seen)) - begins
    if length:
        reading.entities.append(Entity(TAGS[name], begins, length, url))
