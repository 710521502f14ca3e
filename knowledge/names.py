"""Whether two names of firms may mean the same firm: as it is written short, with a legal form, or with a typing slip.

A door to rapidfuzz beside the matcher. It only finds what is worth a question: whether it is one firm, people say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz

from knowledge.pinyin import sound

#: Likeness in percent from which two Latin names are near: one slip in five letters.
_LATIN = 80
#: The same for names of three Chinese characters or more: one of three may differ.
_CHINESE = 66
#: A part of a name that stands in the other one tells something from so many signs on.
_TELLING_CHINESE, _TELLING_LATIN = 2, 4
_SIGNS = re.compile(r"[^\w]+|_")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class FirmWords:
    """What stands in many names and tells nobody apart: legal forms, words of the trade, places; all in plain form."""

    words: tuple[str, ...]

    @cached_property
    def _latin(self) -> frozenset[str]:
        return frozenset(word for word in self.words if word.isascii())

    @cached_property
    def _chinese(self) -> Sequence[str]:
        # A long word goes first: what is left of it would be taken for a part of the name.
        return sorted((word for word in self.words if not word.isascii()), key=len, reverse=True)

    def core(self, name: str) -> str:
        """What is the firm's own in a name in plain form, its parts one space apart; all of it where nothing is."""
        whole = _SIGNS.sub(" ", name).strip()
        left = whole
        for word in self._chinese:
            left = left.replace(word, " ")
        parts = [part for part in left.split() if part not in self._latin]
        return " ".join(parts) or whole


def near(name: str, others: Iterable[str], words: FirmWords) -> list[str]:
    """Those of `others` that may mean the same firm, the likest first; all names in plain form."""
    core = words.core(name)
    found = [(_likeness(core, words.core(other)), other) for other in dict.fromkeys(others)]
    return [other for likeness, other in sorted(found, key=lambda one: -one[0]) if likeness > 0]


@lru_cache(maxsize=1024)
def _likeness(one: str, other: str) -> float:
    """0: different firms; more is liker."""
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return 100.0
    if _DIGITS.findall(one) != _DIGITS.findall(other) or _differ_by_a_sign(one.split(), other.split()):
        return 0.0
    here, there = one.replace(" ", ""), other.replace(" ", "")
    latin = here.isascii() and there.isascii()
    shorter, longer = sorted((here, there), key=len)
    if len(shorter) < (_TELLING_LATIN if latin else _TELLING_CHINESE):
        return 0.0
    if shorter in longer or sorted(here) == sorted(there) or _sounds(here) == _sounds(there):
        return 99.0
    ratio = fuzz.ratio(here, there)
    enough = latin or len(shorter) > _TELLING_CHINESE
    return ratio if enough and ratio >= (_LATIN if latin else _CHINESE) else 0.0


def _differ_by_a_sign(one: list[str], other: list[str]) -> bool:
    """Branch A and branch B."""
    differing = [(here, there) for here, there in zip(one, other, strict=False) if here != there]
    return len(one) == len(other) and bool(differing) and all(len(part) == 1 for pair in differing for part in pair)


def _sounds(name: str) -> list[str]:
    return [sound(sign) for sign in name]
