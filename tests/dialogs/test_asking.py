"""What stands under a question and under a result, and what gives way to what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.given import built, settings
from dialogs import presses
from dialogs.compile import Book
from dialogs.effects import SendMessage
from dialogs.events import ButtonPressed, CommandGiven, Event
from dialogs.flow import Buttons
from dialogs.message import Message
from dialogs.owner import Owner
from dialogs.step import step
from dialogs.wording import Wording

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def book() -> Book:
    """The shipped dialogs."""
    return built(settings(), "telegram", "zh-Hans")[0]


def said(book: Book, *pressed: str) -> list[tuple[Message, ...]]:
    """Each turn's messages: /assess by a newcomer, then presses."""
    owner = Owner(channel="telegram", chat="7", language="en", timezone="Asia/Shanghai")
    events: list[Event] = [CommandGiven(id="0", at=NOON, channel="telegram", chat="7", name="assess")]
    events += [
        ButtonPressed(id=str(place), at=NOON, channel="telegram", chat="7", press=press)
        for place, press in enumerate(pressed, 1)
    ]
    turns: list[tuple[Message, ...]] = []
    for event in events:
        turn = step(book, owner, event)
        owner = turn.owner
        turns.append(tuple(effect.message for effect in turn.effects if isinstance(effect, SendMessage)))
    return turns


def acts(message: Message) -> list[str]:
    """What its buttons do about the question or the conversation."""
    read = [presses.read(button.press) for row in message.buttons for button in row]
    return [one.value if one.verb == "c" else one.value or one.slot for one in read if one and one.verb in "cm"]


def with_buttons(book: Book, buttons: Buttons) -> Book:
    """The book with other buttons in assess."""
    return replace(book, flows={**book.flows, "assess": replace(book.flows["assess"], buttons=buttons)})


def test_the_first_note_is_a_message_of_its_own(book: Book) -> None:
    """It stays when the question gives way to the next, and comes before anything is kept."""
    (note, question), (following,) = said(book, "c:1:owner_time:not-sure")
    assert "/privacy" in note.lines[1].text
    assert not note.buttons
    assert not question.replaces
    assert following.replaces


def test_an_intro_that_tells_of_privacy_itself_stands_for_the_note(book: Book) -> None:
    """Then there is one message."""
    assess = book.flows["assess"]
    says_it = replace(assess, intro=Wording("先说 /privacy。", None, "See /privacy first."))
    (question,), (following,) = said(replace(book, flows={**book.flows, "assess": says_it}), "c:1:owner_time:not-sure")
    assert question.replaces
    assert following.replaces


def test_a_result_takes_the_place_of_the_last_question_and_keeps_its_own(book: Book) -> None:
    """Its first part replaces; what stands under it never does."""
    *_, result = said(book, "c:1:owner_time:summary")
    assert [message.replaces for message in result] == [True, *[False] * (len(result) - 1)]
    assert not any(message.gives_way for message in result)


def test_a_flow_says_which_buttons_stand_where(book: Book) -> None:
    """In its own order; an empty list is none."""
    usual = said(book, "c:1:owner_time:summary")
    assert acts(usual[0][-1]) == ["not-sure", "later", "back", "why", "summary", "stop"]
    assert acts(usual[1][-1]) == ["answers", "continue", "result assess 1", "menu"]
    few = said(with_buttons(book, Buttons(question=("why",), result=("again", "menu"))), "c:1:owner_time:summary")
    assert acts(few[0][-1]) == ["why"]
    assert acts(few[1][-1]) == ["new", "menu"]
    none = said(with_buttons(book, Buttons(question=(), result=())), "c:1:owner_time:summary")
    assert acts(none[0][-1]) == []
    assert all(row for row in none[0][-1].buttons)
    assert not none[1][-1].buttons
