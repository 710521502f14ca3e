"""What a file reads like with the new names of its questions and options: what only follows a rename is no change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from dialogs.derived_names import PREVIOUS, months_name

#: An option stands between quotes in a condition, a question is a bare word.
_WORDS = re.compile(r'"([^"]*)"|[A-Za-z_]\w*')
_PLACES = re.compile(r"\{(\w+)\}")


class Renames:
    """The names that `was` tells of in the questions of the new file."""

    def __init__(self, questions: Iterable[Mapping[str, Any]]) -> None:
        self._slots: dict[str, str] = {}
        self._options: dict[str, str] = {}
        for asked in questions:
            self._slots |= {was: str(asked["id"]) for was in formers(asked)}
            for option in asked.get("options") or ():
                self._options |= {was: str(option["id"]) for was in formers(option)}
        self._slots |= {months_name(was): months_name(now) for was, now in self._slots.items()}
        self._slots |= {PREVIOUS + was: PREVIOUS + now for was, now in self._slots.items()}

    def condition(self, old: Any) -> Any:
        """A condition, a formula, a name or a list of names."""
        if isinstance(old, list):
            return [self.condition(one) for one in cast("list[Any]", old)]
        return _WORDS.sub(self._word, old) if isinstance(old, str) else old

    def text(self, old: str) -> str:
        """A text with places to fill in."""
        return _PLACES.sub(lambda found: f"{{{self._slots.get(found[1], found[1])}}}", old)

    def _word(self, found: re.Match[str]) -> str:
        if found[1] is None:
            return self._slots.get(found[0], self._options.get(found[0], found[0]))
        return f'"{self._options.get(found[1], found[1])}"'


def formers(one: Mapping[str, Any]) -> Sequence[str]:
    """What a question or an option was called before."""
    was = one.get("was") or ()
    return (was,) if isinstance(was, str) else was
