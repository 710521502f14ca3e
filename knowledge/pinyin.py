"""How Chinese characters sound, and Latin letters read as typed pinyin: the only door to pypinyin.

Sounds that southern speakers and input methods mix up (zh and z, n and l, ing and in) count as one.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from functools import cache

# Only single characters are looked up. Its phrases take 40 MB, and a copy of its table more.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")

#: Longest spelling of a syllable, as in zhuang.
_LONGEST = 6
_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


@cache
def sound(character: str) -> str:
    """The usual syllable of one character, without tone and merged; what is no Chinese character stays."""
    return _merged(_plain(character)) if "\u4e00" <= character <= "\u9fff" else character


@cache
def _readings() -> Mapping[int, str]:
    from pypinyin.constants import PINYIN_DICT

    return PINYIN_DICT


@cache
def _plain(character: str) -> str:
    """The first reading as it is typed: no tone, v for ü."""
    first = _readings().get(ord(character), character).split(",")[0].replace("ü", "v")
    bare = "".join(mark for mark in unicodedata.normalize("NFD", first) if not unicodedata.combining(mark))
    return bare.replace("u\u0308", "v")


def _merged(syllable: str) -> str:
    for fine, coarse in _MERGED:
        syllable = syllable.replace(fine, coarse)
    return "l" + syllable[1:] if syllable[:1] == "n" and len(syllable) > 1 else syllable


@cache
def _syllables() -> frozenset[str]:
    """Every syllable that a common character (the first level of GB 2312) has."""
    rows = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return frozenset(_plain(pair.decode("gb2312", "ignore")) for pair in rows if pair.decode("gb2312", "ignore"))


@cache
def syllables(letters: str) -> tuple[str, ...]:
    """The letters cut into the fewest merged syllables; empty when they are no pinyin."""
    if len(letters) > 60:
        return ()
    best: list[tuple[str, ...] | None] = [(), *[None] * len(letters)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST), end):
            before, piece = best[start], letters[start:end]
            if before is not None and piece in _syllables():
                known = best[end]
                best[end] = (*before, piece) if known is None or len(before) + 1 < len(known) else known
    return tuple(_merged(syllable) for syllable in best[-1] or ())
