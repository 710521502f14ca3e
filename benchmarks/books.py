"""The shipped book and its dialogs, and a way through a dialog, for the other measurements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import dialogs
import knowledge
from bot.book import build
from dialogs.compile import Book
from dialogs.events import CommandGiven, Event, TextReceived
from dialogs.flow import Flow, Question
from dialogs.fold import position
from dialogs.owner import Owner
from dialogs.step import step

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
PLACE = ("terminal", "wang")
#: What is typed where a question has neither options nor examples.
_PLAIN = {"text": "Wang", "date": "2026-03-01", "time": "10:00"}


@dataclass(frozen=True, slots=True)
class Asked:
    """An owner at a question, and the event that answers it."""

    owner: Owner
    event: Event
    question: Question


@cache
def book() -> Book:
    """What we ship."""
    return build(Path(dialogs.__path__[0]), Path(knowledge.__path__[0]), "terminal")[0]


def widened(flow: Flow, count: int) -> Flow:
    """The dialog with further questions, copies of its last ones, until it has `count`."""
    missing = count - len(flow.questions)
    more = tuple(replace(one, id=f"{one.id}_{n}") for n, one in enumerate((flow.questions[:-1] * 2)[-missing:]))
    questions = (*flow.questions[:-1], *more, flow.questions[-1]) if missing > 0 else flow.questions
    return replace(flow, questions=questions, by_slot={one.id: one for one in questions})


def answered(reading: Book, flow: Flow) -> list[Asked]:
    """The whole way through a dialog, a typed answer to each question."""
    owner = step(reading, Owner(channel=PLACE[0], chat=PLACE[1]), _event(0, "command", flow.id)).owner
    way: list[Asked] = []
    while not (conversation := owner.conversations[1]).ended:
        question = position(flow, conversation.answers).pending
        if question is None:
            raise ValueError(f"{flow.id} waits for nothing")
        event = _event(len(way) + 1, "text", typed(question))
        way.append(Asked(owner, event, question))
        owner = step(reading, owner, event).owner
        if owner.conversations[1].answers == conversation.answers:
            raise ValueError(f"{question.id}: {typed(question)} is no answer")
    return way


def typed(question: Question) -> str:
    """What a person might type; the simplified label of an option, the first example, or a name."""
    if question.options:
        return question.options[len(question.options) // 2].label.zh_hans
    return question.examples[0] if question.examples else _PLAIN.get(question.kind, "10")


def _event(number: int, sort: str, said: str) -> Event:
    name, chat = PLACE
    if sort == "command":
        return CommandGiven(id=str(number), at=NOW, channel=name, chat=chat, name=said)
    return TextReceived(id=str(number), at=NOW, channel=name, chat=chat, text=said)
