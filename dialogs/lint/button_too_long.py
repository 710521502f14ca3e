"""A button over the narrowest channel's limit: what it carries is made of the ids of its question and option."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs import presses
from dialogs.flow import Flow
from dialogs.lint.asked import questions
from dialogs.lint.base import Around, rule
from knowledge.finding import Document, Finding

#: The longest conversation number that a press takes.
_NUMBER = 999_999


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Each option's button must fit, in a tick list as in a choice."""
    for question, trail in questions(flow, document):
        for index, option in enumerate(question.options):
            if question.kind == "many":
                press = presses.tick(_NUMBER, question.id, option.id, on=True)
            else:
                press = presses.option(_NUMBER, question.id, option.id)
            over = len(press.encode()) - presses.MAX_BYTES
            if over > 0:
                yield document.finding(
                    (*trail, "options", index, "id"),
                    "button-too-long",
                    slot=question.id,
                    name=option.id,
                    limit=str(presses.MAX_BYTES),
                    over=str(over),
                )
