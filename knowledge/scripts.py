"""Simplified and traditional Chinese: the only door to OpenCC, and the few words that it leaves wrong for us."""

from __future__ import annotations

from functools import cache
from typing import Protocol, cast

#: What the reader of traditional characters expects where OpenCC decides otherwise.
_TRADITIONAL = {"裏": "裡", "爲": "為", "衆": "眾", "喫": "吃", "牀": "床", "麪": "麵", "着": "著", "纔": "才",
                "羣": "群", "臺": "台", "啓": "啟",
                "籤": "簽", "標簽": "標籤", "抽簽": "抽籤",
                "覈": "核", "別隻": "別只", "} 天后": "} 天後", "天后，": "天後，"}  # fmt: skip
#: Variants that OpenCC leaves as they are; people type them for the plain character.
_SIMPLIFIED = str.maketrans({"妳": "你", "壹": "一", "祂": "他", "裡": "里"})


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _converter(direction: str) -> _Converter:
    import opencc

    return cast("_Converter", opencc.OpenCC(direction))


def to_traditional(text: str) -> str:
    """The text as a reader of traditional characters writes it; what is traditional already stays."""
    converted = _converter("s2t").convert(text)
    for variant, usual in _TRADITIONAL.items():
        converted = converted.replace(variant, usual)
    return converted


def to_simplified(text: str) -> str:
    """The text in simplified characters, variants such as 妳 included; for matching, never for showing."""
    return _converter("t2s").convert(text).translate(_SIMPLIFIED)
