"""One plain form for what people type: width, case, script, dialect, fillers and punctuation made alike."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.scripts import to_simplified

#: Longer texts keep their beginning and their end, each half of this; a question stands in one of them.
LONGEST = 500

_UNITS = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[^\W_\d]|[.!?。！？；;\n，,]")
_BREAKS = frozenset(".!?。！？；;\n，,")
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Mn"}
_MARKS = re.compile(r"[\u2018\u2019\u02bc`]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of synonyms.yaml that the plain form needs, in simplified characters."""

    #: Dialect or trade word → the plain word.
    plain: Mapping[str, str] = field(default_factory=dict[str, str])
    #: The same, for texts that hold one of `cantonese_marks`.
    cantonese: Mapping[str, str] = field(default_factory=dict[str, str])
    cantonese_marks: frozenset[str] = frozenset()
    #: What is said without meaning anything.
    fillers: frozenset[str] = frozenset()


def cut(text: str) -> str:
    """The text, or when it is huge its beginning and its end."""
    return text if len(text) <= LONGEST else text[: LONGEST // 2] + "\n" + text[-LONGEST // 2 :]


def bare(text: str) -> str:
    """Width, case and script made alike; nothing hidden is left, line breaks stay."""
    wide = unicodedata.normalize("NFKC", cut(text)).casefold()
    return _MARKS.sub("'", to_simplified(wide if wide.isprintable() else "".join(map(_shown, wide))))


def _shown(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in _HIDDEN:
        return character
    return " " if character.isspace() else ""


class Normalizer:
    """Brings texts into the plain form, with these words."""

    def __init__(self, words: Words) -> None:
        self._marks = words.cantonese_marks
        dropped = dict.fromkeys(words.fillers, "")
        self._plain = _by_first({**dropped, **words.plain})
        self._cantonese = _by_first({**dropped, **words.cantonese, **words.plain})

    def __call__(self, text: str) -> str:
        """The plain form: lower case, simplified, plain words, clauses kept apart by their marks."""
        known = bare(text)
        return _replaced(known, self._plain if self._marks.isdisjoint(known) else self._cantonese)


#: First character → the words that begin with it and what stands for them, longest first.
Replacements = Mapping[str, Sequence[tuple[str, str]]]


def _by_first(plain: Mapping[str, str]) -> Replacements:
    table: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for word in sorted(plain, key=lambda word: (-len(word), word)):
        table[word[0]].append((word, plain[word]))
    return dict(table)


def _replaced(text: str, table: Replacements) -> str:
    """The text with every word replaced, the longest first, from left to right, each place once."""
    said: list[str] = []
    place = 0
    while place < len(text):
        character = text[place]
        word, plain = next(
            ((word, plain) for word, plain in table.get(character, ()) if text.startswith(word, place)),
            (character, character),
        )
        said.append(plain)
        place += len(word)
    return "".join(said)


def clauses(plain: str) -> list[list[str]]:
    """The units of a plain form clause by clause: Chinese characters one by one, Latin words and numbers whole."""
    said: list[list[str]] = [[]]
    for unit in _UNITS.findall(plain):
        if unit in _BREAKS:
            said.append([])
        else:
            said[-1].append(unit)
    return [clause for clause in said if clause] or [[]]
