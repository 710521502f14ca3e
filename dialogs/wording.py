"""A text in the three languages, and the filling of its {names}.

Not its job: choosing which text to show, or knowing any text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.scripts import to_traditional

LANGUAGES = ("zh-Hans", "zh-Hant", "en")

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def names_in(text: str) -> frozenset[str]:
    """The names of the `{name}` places of a template."""
    return frozenset(_PLACE.findall(text))


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in every language; each is a template whose `{name}` places are filled by value.

    A value is put in as it is and never read as a template again, so what a user typed stays literal.
    """

    zh_hans: str
    #: None: derived from the simplified text, when somebody reads it.
    written_hant: str | None
    en: str

    @property
    def zh_hant(self) -> str:
        """The template in traditional characters."""
        return self.written_hant or _derived(self.zh_hans)

    def in_language(self, language: str) -> str:
        """The template in `language`, one of LANGUAGES."""
        if language == "zh-Hant":
            return self.zh_hant
        return {"zh-Hans": self.zh_hans, "en": self.en}[language]

    def fill(self, language: str, values: Mapping[str, str] | None = None) -> str:
        """The text with each `{name}` replaced by `values[name]`; a name that is not there stays as written."""
        text = self.in_language(language)
        if not values or "{" not in text:
            return text
        return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)

    @property
    def names(self) -> frozenset[str]:
        """The names of the places, over all languages."""
        # What is derived has the places of what it is derived from.
        texts = (self.zh_hans, self.written_hant or "", self.en)
        return frozenset(name for text in texts for name in _PLACE.findall(text))


@lru_cache(maxsize=4096)
def _derived(simplified: str) -> str:
    return to_traditional(simplified)
