"""Wordings that get in each other's way: one that two entries claim, one that finds another entry than its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from knowledge.entry import Entry
from knowledge.finding import Document, Finding, Trail
from knowledge.normalize import bare

Read = Sequence[tuple[Document, Entry]]
#: The topics that a text is most surely about, best first: Matcher.rank.
Rank = Callable[[str, int], Sequence[tuple[str, float]]]

_SIGNS = re.compile(r"[\W_]+")


def colliding(read: Read) -> Iterable[Finding]:
    """A wording that stands in two entries is an error; twice in one entry it is only idle."""
    seen: dict[str, tuple[str, str]] = {}
    for document, entry in read:
        for trail, text in wordings(entry):
            plain = _SIGNS.sub("", bare(text))
            topic, first = seen.setdefault(plain, (entry.topic, text))
            if topic != entry.topic:
                yield document.finding(trail, "wording-in-two-entries", name=topic, text=first)
            elif first is not text:
                yield document.finding(trail, "wording-twice", level="warning", text=first)


def elsewhere(read: Read, rank: Rank) -> Iterable[Finding]:
    """A wording that is nearer to another entry than to its own: it would draw the questions of that entry."""
    for document, entry in read:
        for trail, text in wordings(entry):
            nearest = rank(text, 1)
            if nearest and nearest[0][0] != entry.topic:
                yield document.finding(trail, "wording-nearer-elsewhere", level="warning", name=nearest[0][0])


def wordings(entry: Entry) -> Iterator[tuple[Trail, str]]:
    """Each wording with its place."""
    for language, texts in entry.wordings.items():
        yield from ((("wordings", language, place), text) for place, text in enumerate(texts))
