"""Reads synonyms.yaml into the words and concepts that texts are compared by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from knowledge.fitting import SYNONYMS, misfits
from knowledge.normalize import Words, clauses
from knowledge.pinyin import sound
from knowledge.scripts import to_simplified
from knowledge.views import Concepts, Name, Names, Synonyms, stem
from knowledge.yaml_reader import read_document


def read_synonyms(path: Path) -> Synonyms:
    """The synonyms of a file; a part of it in which something is wrong is left out here, and found by the check."""
    document = read_document(path)
    content: Any = {
        part: told
        for part, told in document.top.items()
        if part in SYNONYMS.others and not any(misfits(document, (part,), told, SYNONYMS.others[part]))
    }
    words = Words(
        plain=_turned(content.get("plain", {})),
        cantonese=_turned(content.get("cantonese", {})),
        cantonese_marks=frozenset(to_simplified(content.get("cantonese-marks", ""))),
        fillers=frozenset(to_simplified(filler) for filler in content.get("fillers", [])),
    )
    return Synonyms(words=words, concepts=_concepts(content.get("concepts", {})))


def _turned(groups: Mapping[str, list[str]]) -> dict[str, str]:
    return {to_simplified(word): to_simplified(plain) for plain, words in groups.items() for word in words}


def _concepts(groups: Mapping[str, Mapping[str, list[str]]]) -> Concepts:
    written: defaultdict[Name, list[str]] = defaultdict(list)
    heard: defaultdict[Name, list[str]] = defaultdict(list)
    stems: defaultdict[Name, list[str]] = defaultdict(list)
    for concept, names in groups.items():
        for name in names.get("zh", []):
            units = tuple(clauses(to_simplified(name).casefold())[0])
            written[units].append(concept)
            if len(units) > 1 and not any(unit.isascii() for unit in units):
                heard[tuple(map(sound, units))].append(concept)
        for name in names.get("en", []):
            stems[tuple(stem(unit) for unit in clauses(name.casefold())[0])].append(concept)
    return Concepts(written=_fixed(written), heard=_fixed(heard), stems=_fixed(stems))


def _fixed(table: Mapping[Name, list[str]]) -> Names:
    return Names({name: tuple(dict.fromkeys(concepts)) for name, concepts in table.items() if name})
