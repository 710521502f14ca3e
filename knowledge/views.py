"""What a text looks like from several sides: its characters, words, sounds and the concepts it names.

Each side gives features, and a feature has the weight with which it counts. Nothing here knows any entry.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from knowledge.normalize import Normalizer, Words, clauses
from knowledge.pinyin import sound, syllables

#: How much a feature of each side counts. 1 and 2: characters and pairs of them; s2 and s3: sounds in a row; w and ww:
#: Latin words and pairs; g: four letters within a word; c: concepts. These are for topics with many wordings …
TOPICS: Mapping[str, float] = {"1": 1.0, "2": 1.0, "s2": 0.7, "s3": 0.7, "w": 1.5, "ww": 1.0, "c": 1.2}
#: … and these for one text against another, where nothing can be learnt.
PAIRS: Mapping[str, float] = {"1": 1.0, "2": 0.3, "s2": 0.3, "w": 1.0, "ww": 0.2, "g": 0.6}
#: How much a concept counts that is only heard, by the syllables of its name.
_HEARD = {2: 0.5, 3: 0.8}


#: The units of a name.
Name = tuple[str, ...]


class Names:
    """Names with the concepts they stand for, found within a row of units."""

    def __init__(self, names: Mapping[Name, tuple[str, ...]]) -> None:
        self.names = names
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for name in names:
            lengths[name[0]].add(len(name))
        self._lengths = {first: sorted(found) for first, found in lengths.items()}

    def within(self, units: Sequence[str]) -> Iterator[Name]:
        """Every name that stands in the row, also where they overlap."""
        for start, first in enumerate(units):
            for length in self._lengths.get(first, ()):
                name = tuple(units[start : start + length])
                if name in self.names:
                    yield name


@dataclass(frozen=True, slots=True, kw_only=True)
class Concepts:
    """The names of concepts: Chinese ones as characters and as sounds, English ones as stems."""

    written: Names = field(default_factory=lambda: Names({}))
    heard: Names = field(default_factory=lambda: Names({}))
    stems: Names = field(default_factory=lambda: Names({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonyms:
    """All of synonyms.yaml; the empty one is for texts of no trade."""

    words: Words = field(default_factory=Words)
    concepts: Concepts = field(default_factory=Concepts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a text looks like."""

    features: Mapping[str, float]
    #: All its units in alphabetical order: likeness does not ask for the order of words.
    letters: str


class Views:
    """Looks at texts with these synonyms; `weights` says how much each side counts, none where it is not named."""

    def __init__(self, synonyms: Synonyms, weights: Mapping[str, float] = TOPICS) -> None:
        self.plain = Normalizer(synonyms.words)
        self._weights = weights
        self._concepts = synonyms.concepts

    def see(self, text: str) -> Seen:
        """The features of a text with their weights, and its letters."""
        found: dict[str, float] = {}
        weights, said = self._weights, clauses(self.plain(text))
        for clause in said:
            for side, feature, weight in self._of_clause(clause):
                if side in weights:
                    key = side + ":" + feature
                    found[key] = max(found.get(key, 0.0), weights[side] * weight)
        return Seen(features=found, letters="".join(sorted("".join(unit for clause in said for unit in clause))))

    def _of_clause(self, units: Sequence[str]) -> Iterator[tuple[str, str, float]]:
        for size, side in ((1, "1"), (2, "2")):
            yield from ((side, "".join(gram), 1.0) for gram in _grams(units, size) if not _latin(gram))
        stems = [stem(unit) for unit in units]
        yield from _latin_words(stems)
        sounds = _sounds(units)
        for size, side in ((2, "s2"), (3, "s3")):
            yield from ((side, " ".join(gram), 1.0) for gram in _grams(sounds, size) if not _whole_latin(gram, units))
        yield from (("c", concept, weight) for concept, weight in self._named(units, stems, sounds))

    def _named(self, units: Sequence[str], stems: Sequence[str], sounds: Sequence[str]) -> Iterator[tuple[str, float]]:
        """The concepts of a clause, each with how surely it is meant."""
        known = self._concepts
        for name in known.written.within(units):
            yield from ((concept, 1.0) for concept in known.written.names[name])
        for name in known.stems.within(stems):
            yield from ((concept, 1.0) for concept in known.stems.names[name])
        for name in known.heard.within(sounds):
            yield from ((concept, _HEARD.get(len(name), 1.0)) for concept in known.heard.names[name])


class RememberingViews(Views):
    """Views that look at each text only once, until they are told to forget: for the texts of a book."""

    def __init__(self, synonyms: Synonyms, seen: Mapping[str, Seen] | None = None) -> None:
        super().__init__(synonyms)
        #: What has been seen so far.
        self.seen = dict(seen or {})
        self._remembers = True

    def forget(self) -> None:
        """Look afresh from now on, and keep nothing: what comes next are owners' words."""
        self.seen.clear()
        self._remembers = False

    def see(self, text: str) -> Seen:
        """The features of a text with their weights, and its letters."""
        if not self._remembers:
            return super().see(text)
        if text not in self.seen:
            self.seen[text] = super().see(text)
        return self.seen[text]


def _grams(units: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    return (tuple(units[start : start + size]) for start in range(len(units) - size + 1))


def _latin(gram: Sequence[str]) -> bool:
    return all(unit.isascii() for unit in gram)


def _whole_latin(gram: Sequence[str], units: Sequence[str]) -> bool:
    return all(unit.isascii() and unit in units for unit in gram)


def _latin_words(stems: Sequence[str]) -> Iterator[tuple[str, str, float]]:
    for word in stems:
        if word.isascii():
            yield "w", word, 1.0
            marked = f"<{word}>"
            yield from (("g", marked[start : start + 4], 1.0) for start in range(len(marked) - 3) if len(word) > 3)
    yield from (("ww", " ".join(pair), 1.0) for pair in pairwise(stems) if _latin(pair))


def _sounds(units: Sequence[str]) -> list[str]:
    """The sounds of a clause; Latin words count as pinyin when nearly all of them could be."""
    words = [unit for unit in units if unit.isascii() and unit.isalpha()]
    read = {word: syllables(word) for word in words}
    letters = sum(map(len, words))
    spelled = sum(len(word) for word in words if read[word])
    if words and spelled >= 0.75 * letters and sum(map(len, read.values())) > 1:
        return [part for unit in units for part in (read.get(unit) or (sound(unit),))]
    return [sound(unit) for unit in units]


_ENDINGS = re.compile(r"(?:'s|'|ations?|ating|ated|ates?|ings?|edly|ed|ies|es|s|ly|ments?|e|y)$")


def stem(word: str) -> str:
    """A Latin word without its ending, so that contract and contracts are one; other units stay."""
    if not word.isascii() or len(word) < 4:
        return word
    short = _ENDINGS.sub("", word)
    short = short if len(short) >= 3 else word
    return short[:-1] if len(short) > 3 and short[-1] == short[-2] and short[-1] not in "ls" else short
