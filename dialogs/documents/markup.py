"""Writes HTML in which whatever anybody typed stays text.

Every string is escaped; only `Markup`, which is made here, is written as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

#: What no reader sees and what turns the writing around: left out.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
#: Room to fill in, which no end of a line may cut.
_GAP = re.compile(r"(?<=[\u3010\[])[ \u3000]+(?=[\u3011\]])")
_ROOM = "\N{NO-BREAK SPACE}" * 2
_WITHOUT_END = frozenset({"meta", "br", "hr"})


@dataclass(frozen=True, slots=True)
class Markup:
    """HTML that was put together here."""

    text: str


Content = Markup | str | Iterable["Content"] | None


def tag(name: str, /, *content: Content, **attributes: str) -> Markup:
    """An element. `class_` stands for class, `data_label` for data-label."""
    told = "".join(f' {key.rstrip("_").replace("_", "-")}="{_escaped(value)}"' for key, value in attributes.items())
    if name in _WITHOUT_END:
        return Markup(f"<{name}{told}>")
    return Markup(f"<{name}{told}>{written(*content)}</{name}>")


def written(*content: Content) -> str:
    """The content as HTML, one after the other."""
    return "".join(map(_one, content))


def lines(text: str) -> list[Markup]:
    """A paragraph for each line of a text; empty lines are none."""
    return [tag("p", line) for line in text.split("\n") if line.strip()]


def _one(content: Content) -> str:
    match content:
        case None:
            return ""
        case Markup():
            return content.text
        case str():
            return _escaped(content)
        case _:
            return written(*content)


def _escaped(text: str) -> str:
    return escape(_GAP.sub(_ROOM, _UNSEEN.sub("", text)), quote=True)
