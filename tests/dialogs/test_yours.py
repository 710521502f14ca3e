"""What an owner is told of what is kept on him, and what he can do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from dialogs.compile import Book, compile_folder
from dialogs.effects import ForgetOwner, SendMessage
from dialogs.events import ButtonPressed, CommandGiven, Event, TextReceived
from dialogs.message import Message
from dialogs.owner import Owner
from dialogs.step import step
from dialogs.talk import Turn
from dialogs.wording import LANGUAGES

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@cache
def book() -> Book:
    compiled = compile_folder().book
    assert compiled is not None
    return compiled


class Person:
    """Somebody who talks; keeps what he was told last."""

    def __init__(self, language: str = "en", channel: str = "terminal") -> None:
        self.owner = Owner(channel=channel, chat="wang", language=language)
        self.turn = Turn(owner=self.owner)

    def give(self, name: str, argument: str = "") -> str:
        return self._told(CommandGiven(**self._of(), name=name, argument=argument))

    def say(self, text: str) -> str:
        return self._told(TextReceived(**self._of(), text=text))

    def press(self, label: str) -> str:
        (press,) = [button.press for row in self.message.buttons for button in row if button.label == label]
        return self._told(ButtonPressed(**self._of(), press=press))

    @property
    def message(self) -> Message:
        return [effect.message for effect in self.turn.effects if isinstance(effect, SendMessage)][-1]

    @property
    def forgotten(self) -> bool:
        return ForgetOwner() in self.turn.effects

    def _of(self) -> dict[str, Any]:
        return {"id": "1", "at": NOW, "channel": self.owner.channel, "chat": self.owner.chat}

    def _told(self, event: Event) -> str:
        self.turn = step(book(), self.owner, event)
        self.owner = self.turn.owner
        messages = [effect.message for effect in self.turn.effects if isinstance(effect, SendMessage)]
        return "\n".join(line.text for message in messages for line in message.lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_case_57_the_note_comes_before_the_first_question_and_never_again(language: str) -> None:
    person = Person(language)
    assert "/privacy" not in person.give("start")
    first = person.give("vet")
    asked = first.splitlines()
    (note,) = [place for place, line in enumerate(asked) if "/forget" in line]
    assert "/privacy" in asked[note]
    assert "/export" in asked[note]
    assert note < len(asked) - 1, "the question comes last"
    assert person.owner.privacy_shown
    assert "/forget" not in person.say("Guangming")
    assert "/forget" not in person.give("assess")


def test_case_57_who_half_answered_before_there_was_a_note_gets_it_too() -> None:
    person = Person()
    person.give("vet")
    person.owner = replace(person.owner, privacy_shown=False)
    assert "/forget" in person.give("resume")
    assert "/forget" not in person.give("resume")


def test_the_note_says_where_things_lie() -> None:
    assert "on the machine I run on" in Person().give("vet")


@pytest.mark.parametrize("language", LANGUAGES)
def test_privacy_says_how_much_is_kept_and_for_how_long(language: str) -> None:
    person = Person(language)
    person.give("vet")
    person.say("Guangming")
    person.say("0")
    told = person.give("privacy")
    assert "2" in told
    assert "30" in told
    assert person.owner.privacy_shown
    assert {button.press for row in person.message.buttons for button in row} == {"m:export:", "m:forget:"}


def test_export_wishes_for_the_files_and_holds_nothing_itself() -> None:
    person = Person()
    person.give("vet")
    person.say("Guangming")
    assert "Guangming" not in person.give("export")
    assert person.message.document == "export"


@pytest.mark.parametrize("language", LANGUAGES)
def test_case_57_forget_asks_first_and_a_button_confirms(language: str) -> None:
    person = Person(language)
    person.give("vet")
    person.say("Guangming")
    person.give("forget")
    assert not person.forgotten
    assert person.owner.conversations
    person.press(book().phrases["act-forget"].fill(language))
    assert person.forgotten
    assert person.owner == Owner(channel="terminal", chat="wang", language=language)


@pytest.mark.parametrize("word", ["yes", "YES ", "确认", "確認"])
def test_case_57_typing_the_word_confirms_in_any_language(word: str) -> None:
    person = Person()
    person.give("vet")
    person.give("forget", word)
    assert person.forgotten


@pytest.mark.parametrize("word", ["everything", "1", "y"])
def test_another_word_confirms_nothing(word: str) -> None:
    person = Person()
    person.give("vet")
    assert "old one" not in person.give("forget", word)
    assert not person.forgotten


@pytest.mark.parametrize("word", ["no", "不", "No.", "唔好刪", "算了", "keep it"])
def test_a_no_that_is_typed_deletes_nothing_answers_nothing_and_says_so(word: str) -> None:
    """What is pending may well take a no for an answer: it is asked again, and the next no is one."""
    person = Person()
    person.give("vet")
    person.say("Guangming")
    answers = person.owner.conversations[1].answers
    person.give("forget")
    assert "nothing was deleted" in person.say(word)
    assert not person.forgotten
    assert person.owner.conversations[1].answers == answers
    assert "nothing was deleted" not in person.say("no")


@pytest.mark.parametrize("word", ["no", "不"])
def test_a_no_behind_the_command_deletes_nothing_and_says_so(word: str) -> None:
    person = Person()
    person.give("vet")
    assert "nothing was deleted" in person.give("forget", word)
    assert not person.forgotten


def test_a_no_after_something_else_is_no_answer_to_whether_to_delete() -> None:
    person = Person()
    person.give("vet")
    person.give("forget")
    person.give("help")
    assert "nothing was deleted" not in person.say("no")


def test_a_button_of_before_forgets_nothing_that_was_added_since() -> None:
    person = Person()
    person.give("vet")
    person.give("forget")
    before = person.turn
    person.say("Guangming")
    person.turn = before
    assert "old one" in person.press("Delete all of it")
    assert not person.forgotten


def test_who_would_rather_not_comes_back_to_his_question() -> None:
    person = Person()
    asked = person.give("vet").splitlines()[-2:]
    person.give("forget")
    assert person.press("Keep it").splitlines()[-2:] == asked


def test_on_whom_nothing_is_kept_is_forgotten_at_once() -> None:
    person = Person()
    person.give("forget")
    assert person.forgotten


def test_the_commands_work_in_the_middle_of_a_dialog_and_change_no_answer() -> None:
    person = Person()
    person.give("vet")
    before = person.owner
    for name in ("privacy", "export", "forget"):
        person.give(name)
        assert replace(person.owner, last_topic="") == before
