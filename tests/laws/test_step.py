"""Talks as a whole: any input is answered, a saved talk goes on as an unsaved one, and old buttons change nothing."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs import presses
from dialogs.effects import Record, SendMessage
from dialogs.fold import position
from dialogs.message import Message
from dialogs.message_json import from_json, to_json
from dialogs.owner import Conversation
from dialogs.wording import LANGUAGES
from tests.laws import cases
from tests.laws.cases import SEEDS
from tests.laws.scripts import Person, buttons, events

LENGTH = 14


def in_force(conversation: Conversation) -> dict[str, Any]:
    """The answers that count."""
    return dict(position(cases.flow(conversation.flow), conversation.answers).answers)


@given(SEEDS)
def test_any_input_is_answered(seed: int) -> None:
    """Each with a message that channels can carry, and nothing raises."""
    person = begun(seed)
    for event in events(Random(seed), person, LENGTH):
        effects = person.does(event)
        said = [effect.message for effect in effects if isinstance(effect, SendMessage)]
        assert said
        for message in said:
            check(message)


def begun(seed: int) -> Person:
    """Somebody in one of the dialogs."""
    person = Person()
    person.commands(("assess", "vet", "start")[seed % 3])
    return person


def check(message: Message) -> None:
    """It can be kept and sent."""
    assert message.lines
    assert from_json(to_json(message)) == message
    assert all(len(press.encode()) <= 64 for press in buttons([message]))


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    """In a choice, at an amount, at a name, and where nothing is asked."""
    for opening in (("menu",), ("assess",), ("vet",), ("assess", *["later"] * 7)):
        person = Person()
        for command in opening:
            person.commands(command)
        assert person.says(text)


@given(st.text(max_size=80))
def test_any_press_is_answered(press: str) -> None:
    """Whatever a button is made to carry."""
    person = Person()
    person.commands("assess")
    for opening in ("", "a:1:", "t:1:functions:", "t:1:owner_time:", "c:1:owner_time:", "v:1:owner_time:"):
        assert person.presses(opening + press)


@given(SEEDS)
def test_a_talk_that_is_saved_and_read_goes_on_the_same(seed: int) -> None:
    """Between any two inputs."""
    kept, saved = Person(), Person(reloads=True)
    for person in (kept, saved):
        person.commands("vet" if seed % 2 else "assess")
    for event in events(Random(seed), kept, LENGTH):
        assert kept.does(event) == saved.does(event)
        assert kept.owner == saved.owner


@given(SEEDS)
def test_old_buttons_change_nothing(seed: int) -> None:
    """A button of a question that is not the pending one leaves all answers as they are, or asks for one again."""
    random, person = Random(seed), begun(seed)
    for event in events(random, person, LENGTH):
        person.does(event)
    for press in random.choices(buttons(person.messages), k=4):
        meant = presses.read(press)
        conversation = person.owner.conversations.get(meant.conversation) if meant else None
        if meant is None or conversation is None or not is_old(conversation, meant):
            continue
        before = in_force(conversation)
        person.presses(press)
        assert in_force(person.owner.conversations[conversation.number]) == before, press


def is_old(conversation: Conversation, meant: presses.Press) -> bool:
    """It answers a question, and another one is pending or none."""
    here = position(cases.flow(conversation.flow), conversation.answers)
    pending = None if here.pending is None else here.pending.id
    answers_one = meant.verb in "atv" or (meant.verb == "c" and meant.value in ("not-sure", "later", "done", "back"))
    return answers_one and bool(meant.slot) and (conversation.ended != "" or meant.slot != pending)


@pytest.mark.parametrize("language", LANGUAGES)
@given(seed=SEEDS)
def test_the_language_can_be_switched_at_any_time(language: str, seed: int) -> None:
    """It changes words alone: the same question with the same buttons, and the same answers."""
    person = begun(seed)
    for event in events(Random(seed), person, LENGTH // 2):
        person.does(event)
    before = {number: in_force(one) for number, one in person.owner.conversations.items()}
    person.commands("resume")
    there = sorted(buttons(person.messages[-1:]))
    person.commands("language", language)
    assert person.owner.language == language
    assert {number: in_force(one) for number, one in person.owner.conversations.items()} == before
    assert sorted(buttons(person.messages[-1:])) == there


@given(SEEDS)
def test_pressed_and_typed_are_the_same(seed: int) -> None:
    """The answers, the result, and what is then asked."""
    flow = ("assess", "vet")[seed % 2]
    given_answers = cases.random_case(flow, Random(seed))
    pressing, typing = Person(), Person()
    for person, act in ((pressing, press_answer), (typing, type_answer)):
        person.commands(flow)
        for _ in range(len(given_answers)):
            conversation = person.conversation
            if conversation is None or conversation.ended:
                break
            act(person, conversation, given_answers)
    assert pressing.owner.records[0].answers == typing.owner.records[0].answers
    assert pressing.owner.records[0].result == typing.owner.records[0].result
    assert buttons(pressing.messages[-1:]) == buttons(typing.messages[-1:])
    told = cases.run(flow, given_answers)
    assert {**pressing.owner.records[0].result} == {name: told[name] for name in told if name not in ("id", "errors")}


def press_answer(person: Person, conversation: Conversation, answers: cases.Answers) -> None:
    """By buttons where there are any."""
    number, question = conversation.number, cases.flow(conversation.flow).by_slot[conversation.shown]
    value = answers[question.id]
    if value is None:
        person.presses(presses.control(number, question.id, "not-sure"))
    elif question.kind == "choice":
        person.presses(presses.option(number, question.id, value))
    elif question.kind == "many":
        for one in sorted(value):
            person.presses(presses.tick(number, question.id, one, on=True))
        person.presses(presses.control(number, question.id, "done"))
    else:
        person.presses(presses.offered(number, question.id, cases.typed_value(question, value)))
        if is_doubted(person, conversation):
            person.presses(presses.offered(number, question.id, cases.typed_value(question, value)))


def type_answer(person: Person, conversation: Conversation, answers: cases.Answers) -> None:
    """All in words."""
    question = cases.flow(conversation.flow).by_slot[conversation.shown]
    typed = cases.typed_value(question, answers[question.id])
    nothing = "none" if typed == [] else ", ".join(typed) if isinstance(typed, list) else typed
    said = "?" if typed is None else nothing
    person.says(said)
    if is_doubted(person, conversation):
        person.says(said)


def is_doubted(person: Person, before: Conversation) -> bool:
    """The answer was doubted; it is taken when it is given once more."""
    now, question = person.conversation, cases.flow(before.flow).by_slot[before.shown]
    return now is not None and bool(now.draft) and now.shown == before.shown and not question.options


@given(SEEDS)
def test_later_and_continue_come_back_to_what_is_open(seed: int) -> None:
    """What was put off is asked again once one goes on, and the record is replaced, not doubled."""
    random = Random(seed)
    answers = cases.random_case("assess", random)
    put_off = set(random.sample(sorted(answers), k=random.randint(1, 4)))
    person = Person()
    person.commands("assess")
    for slot in cases.flow("assess").by_slot:
        conversation = person.conversation
        assert conversation is not None
        assert conversation.shown == slot
        person.commands("later") if slot in put_off else type_answer(person, conversation, answers)
    person.presses(presses.control(1, "", "continue"))
    while person.conversation is not None and not person.conversation.ended:
        type_answer(person, person.conversation, answers)
    told = cases.run("assess", answers)
    assert len(person.owner.records) == 1
    assert person.owner.records[0].result["verdict"] == told["verdict"]


def test_the_ticks_of_a_question_that_takes_one_answer_are_expired() -> None:
    """Its kind was changed in the YAML since, or somebody made the button himself."""
    for press in ("c:1:owner_time:done", "t:1:owner_time:none:1"):
        person = Person()
        person.commands("assess")
        assert person.presses(press)
        conversation = person.conversation
        assert conversation is not None
        assert (conversation.shown, conversation.answers, conversation.draft) == ("owner_time", (), ())


def test_a_result_is_recorded_once() -> None:
    """Finishing again replaces the record."""
    person = Person()
    person.commands("assess")
    for _ in range(2):
        effects = person.commands("summary")
        assert [effect.number for effect in effects if isinstance(effect, Record)] == [1]
