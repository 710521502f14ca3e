"""A text in the three languages, and the filling of its {names}.

Not its job: choosing which text to show, or knowing any text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

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
    zh_hant: str
    en: str

    def in_language(self, language: str) -> str:
        """The template in `language`, one of LANGUAGES."""
        return {"zh-Hans": self.zh_hans, "zh-Hant": self.zh_hant, "en": self.en}[language]

    def fill(self, language: str, values: Mapping[str, str] | None = None) -> str:
        """The text with each `{name}` replaced by `values[name]`; a name that is not there stays as written."""
        given = values or {}
        return _PLACE.sub(lambda place: given.get(place[1], place[0]), self.in_language(language))

    @property
    def names(self) -> frozenset[str]:
        """The names of the places, over all languages."""
        return frozenset(name for text in (self.zh_hans, self.zh_hant, self.en) for name in _PLACE.findall(text))
