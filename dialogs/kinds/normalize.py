"""What a person typed, brought to one plain form before it is understood.

Not its job: what the words mean (`words`), or what is kept as the person's own wording (that stays as typed).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from knowledge.scripts import to_simplified

#: Nobody answers a question in more characters than this; the rest is not read.
READ_AT_MOST = 500

#: Raised and lowered signs would turn into plain digits (5² into 52), so they are kept from being folded.
_RAISED = dict.fromkeys((0xAA, 0xB2, 0xB3, 0xB9, 0xBA, *range(0x2070, 0x209D)), "^")
#: What one key and another give for the same sign.
_SAME = str.maketrans("。−–—―〜∼’‘○", ".----~~''〇")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = re.compile(r"\s+")
_WRAPPING = "\"'“”「」『』《》()[]`*_ "
_CLOSING = " .!,;?、"


def shown(text: str, at_most: int = READ_AT_MOST) -> str:
    """The text as it may be shown again: no controls, no invisible or direction signs, single spaces."""
    cut = text[:at_most]
    if cut.isascii() and cut.isprintable():
        return " ".join(cut.split())
    spaced = _SPACES.sub(" ", cut)
    return "".join(sign for sign in spaced if unicodedata.category(sign) not in _INVISIBLE).strip()


@lru_cache(maxsize=8)
def plain(text: str) -> str:
    """The text folded for reading: usual width, simplified, small letters, no wrapping or closing signs."""
    # One turn asks for the same text several times; no more than the last few are kept.
    cut = text[:READ_AT_MOST]
    if not (cut.isascii() and cut.isprintable()):
        cut = _folded(cut)
    cut = cut.strip().lower()
    if cut.isalnum():
        return cut
    return _unwrapped(" ".join(cut.split()))


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", shown(text).translate(_RAISED)).translate(_SAME)[:READ_AT_MOST]
    seen = "".join(sign for sign in folded if unicodedata.category(sign) not in _INVISIBLE)
    return to_simplified(seen)


def _unwrapped(text: str) -> str:
    """Without quotes around it and without a full stop; what would be left empty stays as it is."""
    inner = text.strip(_WRAPPING) if text[:1] in _WRAPPING or text[-1:] in _WRAPPING else text
    return inner.rstrip(_CLOSING) or inner or text


def unspaced(text: str) -> str:
    """Without the spaces, which mean nothing between Chinese signs and their numbers."""
    return text.replace(" ", "")
