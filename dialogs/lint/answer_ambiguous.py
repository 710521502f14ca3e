"""Two options of one question that are called the same: what a person types would fit both."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from dialogs.flow import Flow, Option
from dialogs.lint.asked import questions
from dialogs.lint.base import Around, rule
from knowledge.finding import Document, Finding


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Ids, labels and aliases of all options of a question."""
    for question, trail in questions(flow, document):
        taken: dict[str, str] = {}
        for index, option in enumerate(question.options):
            for word in _words(option):
                other = taken.setdefault(_plain(word), option.id)
                if other != option.id:
                    place = (*trail, "options", index, "id")
                    yield document.finding(place, "answer-ambiguous", word=word, name=option.id, other=other)


def _words(option: Option) -> Iterator[str]:
    yield option.id
    yield from dict.fromkeys((option.label.zh_hans, option.label.en, *option.aliases))


def _plain(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())
