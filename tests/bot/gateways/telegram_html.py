"""Reads HTML as Telegram does: the tags it takes, all closed in order, and the text that is left."""

from __future__ import annotations

import re
from html import unescape

TAGS = {"b", "i", "u", "s", "code", "pre", "a", "blockquote"}
_PIECE = re.compile(r"<(/?)([a-z]+)((?: [a-z]+=\"[^\"<>]*\")*)>|&(lt|gt|amp|quot|#x27|#39);|([^<>&]+)|(.)", re.DOTALL)


def shown(html: str) -> str:
    """The text without markup; raises ValueError where Telegram would refuse it."""
    text, still_open = "", list[str]()
    for closing, tag, _, entity, said, wrong in _PIECE.findall(html):
        if wrong or (tag and tag not in TAGS):
            raise ValueError(wrong or tag)
        if tag and closing:
            if not still_open or still_open.pop() != tag:
                raise ValueError(f"</{tag}>")
        elif tag:
            still_open.append(tag)
        text += unescape(f"&{entity};") if entity else said
    if still_open:
        raise ValueError(still_open[-1])
    return text
