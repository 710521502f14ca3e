"""A question that nobody reads to its end on a phone."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.flow import Flow, Question
from dialogs.lint.asked import questions
from dialogs.lint.base import Around, rule
from dialogs.wording import LANGUAGES
from knowledge.finding import Document, Finding

#: Characters of a question and its hint together.
LIMIT = 600


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Once a question, for the language in which it is longest."""
    for question, trail in questions(flow, document):
        length = max(_length(question, language) for language in LANGUAGES)
        if length > LIMIT:
            yield document.at_key((*trail, "ask"), "question-too-long", length=str(length), limit=str(LIMIT))


def _length(question: Question, language: str) -> int:
    told = (question.ask, question.hint) if question.hint else (question.ask,)
    return sum(len(text.in_language(language)) for text in told)
