"""Where the questions and texts of a flow file stand, for the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from dialogs.flow import Flow, Question
from dialogs.wording import LANGUAGES
from knowledge.finding import Document, Trail


def questions(flow: Flow, document: Document) -> Iterator[tuple[Question, Trail]]:
    """Each question with its trail, in order."""
    asked = iter(flow.questions)
    for i, section in enumerate(document.content["sections"]):
        for j, _ in enumerate(section["questions"]):
            yield next(asked), ("sections", i, "questions", j)


def texts(document: Document) -> Iterator[tuple[Trail, Mapping[str, str]]]:
    """Each text of a file that fits its schema: its trail, and what is written of it by language."""
    return _texts(document.content, ())


def _texts(content: Any, trail: Trail) -> Iterator[tuple[Trail, Mapping[str, str]]]:
    if isinstance(content, list):
        for index, part in enumerate(cast(list[Any], content)):
            yield from _texts(part, (*trail, index))
    elif isinstance(content, dict):
        parts = cast(dict[str, Any], content)
        if "zh-Hans" in parts:
            yield trail, {language: parts[language] for language in LANGUAGES if parts.get(language)}
        else:
            for key, part in parts.items():
                yield from _texts(part, (*trail, key))


def leaves(content: Any, trail: Trail = ()) -> Iterator[tuple[Trail, str]]:
    """Each scalar of a document with its trail."""
    if isinstance(content, dict):
        for key, part in cast(dict[str, Any], content).items():
            yield from leaves(part, (*trail, key))
    elif isinstance(content, list):
        for index, part in enumerate(cast(list[Any], content)):
            yield from leaves(part, (*trail, index))
    elif isinstance(content, str):
        yield trail, content
