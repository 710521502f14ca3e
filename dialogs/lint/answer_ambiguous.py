"""Two options of one question that are called the same: what a person types would fit both."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from dialogs.flow import Flow, Option
from dialogs.lint.asked import questions
from dialogs.lint.base import Around, rule
from knowledge.finding import Document, Finding, Trail


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Ids, labels and aliases of all options of a question."""
    for question, trail in questions(flow, document):
        taken: dict[str, str] = {}
        for index, option in enumerate(question.options):
            for place, word in _words(option):
                other = taken.setdefault(_plain(word), option.id)
                if other != option.id:
                    path = (*trail, "options", index, *place)
                    yield document.finding(path, "answer-ambiguous", word=word, name=option.id, other=other)


def _words(option: Option) -> Iterator[tuple[Trail, str]]:
    """All that the option is called, each with where it stands below it."""
    yield ("id",), option.id
    yield ("label", "zh-Hans"), option.label.zh_hans
    yield ("label", "en"), option.label.en
    yield from ((("aliases", place), word) for place, word in enumerate(option.aliases))


def _plain(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())
