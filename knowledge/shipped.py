"""Puts the matcher together from the books: entries, outside questions, synonyms and calibration of one folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge.entry import Books
from knowledge.evaluate import Question
from knowledge.kept import Kept, key_of, read_kept, write_kept
from knowledge.loader import SHIPPED, read_books
from knowledge.search import OUTSIDE, Calibration, Matcher
from knowledge.synonyms import read_synonyms
from knowledge.views import RememberingViews
from knowledge.yaml_reader import read_document

#: Texts with their topics.
Texts = Sequence[tuple[str, str]]


def texts_of(books: Books) -> list[tuple[str, str]]:
    """Every known text with its topic."""
    asked = [(topic, text) for topic, entry in books.entries.items() for text in entry.ways_to_ask()]
    return asked + [(OUTSIDE, text) for text in books.outside]


def labelled(questions: Iterable[Question]) -> list[tuple[str, str]]:
    """Labelled questions as known texts."""
    return [(topic, question.text) for question in questions for topic in question.topics[:1] or (OUTSIDE,)]


def related_of(books: Books) -> Mapping[str, Sequence[str]]:
    """For each topic those that its entry names as related."""
    return {topic: entry.related for topic, entry in books.entries.items()}


def read_calibration(file: Path) -> Calibration:
    """The calibration of a file."""
    content: Any = read_document(file).content or {}
    return Calibration(**{name.replace("-", "_"): float(value) for name, value in content.items()})


def opener(folder: Path = SHIPPED) -> Callable[[Texts], Matcher]:
    """For measuring: reads a folder once, then makes matchers of it and of more texts; they remember what they see."""
    books, _ = read_books(folder)
    views = RememberingViews(read_synonyms(folder / "synonyms.yaml"))
    calibration = read_calibration(folder / "calibration.yaml")
    return lambda more: Matcher([*texts_of(books), *more], views, calibration, related_of(books))


def open_matcher(folder: Path = SHIPPED, keep: Path | None = None) -> Matcher:
    """The matcher of a folder of books; `keep` is a file where what it learns is kept for the next start."""
    return matcher_of(read_books(folder)[0], folder, keep)


def matcher_of(books: Books, folder: Path, keep: Path | None = None) -> Matcher:
    """The same where the books of the folder have been read."""
    matcher, views = _learning(books, folder, keep)
    views.forget()
    return matcher


def matcher_of_wordings(folder: Path, keep: Path | None = None) -> Matcher:
    """The same, to be asked about the books' own texts: it does not look at them again."""
    return _learning(read_books(folder)[0], folder, keep)[0]


def _learning(books: Books, folder: Path, keep: Path | None) -> tuple[Matcher, RememberingViews]:
    key = key_of(folder)
    kept = (read_kept(keep, key) if keep else None) or Kept(key=key)
    views = RememberingViews(read_synonyms(folder / "synonyms.yaml"), kept.seen)
    calibration = read_calibration(folder / "calibration.yaml")
    matcher = Matcher(texts_of(books), views, calibration, related_of(books), kept.votes)
    if keep and not kept.votes:
        write_kept(keep, Kept(key=key, seen=views.seen, votes=matcher.votes))
    return matcher, views
