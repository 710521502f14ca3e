"""A press proves that the message with that button has arrived: no copy of it follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from dialogs.effects import SendMessage
from dialogs.events import ButtonPressed, Event
from dialogs.message import Button, Line, Message
from dialogs.owner import Owner
from storage.memory import Memory
from storage.outbox import Outgoing
from storage.rounds import Claiming, Round, Settling
from storage.store import Store
from tests.storage.sample import NOW, Turn, typed

SECOND = timedelta(seconds=1)


def step(owner: Owner, event: Event) -> Turn:
    """A question with one button, which carries what was typed."""
    press = getattr(event, "text", "next")
    question = Message(lines=(Line(text="?"),), buttons=((Button(label="yes", press=press),),))
    return Turn(owner=owner, effects=(SendMessage(message=question),))


def pressed(press: str, chat: str = "wang", under: int = 11) -> ButtonPressed:
    return ButtonPressed(id=f"{chat} {press}", at=NOW, channel="terminal", chat=chat, press=press, under=under)


def turn(store: Store, *events: Event, first_time: bool = False, most: int = 9) -> list[str]:
    """One round; the presses of what is to be sent now."""
    return [_press(one) for one in claim(store, *events, first_time=first_time, most=most)]


def claim(store: Store, *events: Event, first_time: bool = False, most: int = 9) -> Sequence[Outgoing]:
    claiming = Claiming(channel="terminal", sender="me", most=most, first_time=first_time)
    return store.round(Round(now=NOW + SECOND, claiming=claiming, events=events), step, Memory(0)).claimed


def _press(claimed: Outgoing) -> str:
    return claimed.message.buttons[0][0].press


def asked(store: Store) -> None:
    """Question a has arrived as number 10, and is on its way once more when its sender dies."""
    (claimed,) = claim(store, typed(0, "a"))
    settling = [Settling(outgoing=claimed, outcome="sent", message=10)]
    store.round(
        Round(now=NOW, claiming=Claiming(channel="terminal", sender="me", most=0), settling=settling), step, Memory(0)
    )
    assert turn(store, typed(1, "a")) == ["a"]
    store.release_channel("terminal", NOW)


def test_what_was_answered_is_not_asked_again(store: Store) -> None:
    asked(store)
    assert turn(store, pressed("a")) == ["next"]
    assert store.pending("terminal", "wang") == 1


def test_what_is_still_on_its_way_counts_as_arrived_too(store: Store) -> None:
    """The press came before the channel's own word; a crash after that repeats nothing."""
    assert turn(store, typed(1, "a")) == ["a"]
    assert turn(store, pressed("a"), most=0) == []
    store.release_channel("terminal", NOW)
    assert turn(store) == ["next"]


def test_the_same_button_under_an_older_message_proves_nothing(store: Store) -> None:
    """After a step back the same question is asked again."""
    asked(store)
    assert turn(store, pressed("a", under=10)) == ["a"]


def test_the_press_of_another_message_or_chat_proves_nothing(store: Store) -> None:
    asked(store)
    assert turn(store, pressed("b"), pressed("a", chat="li")) == ["a", "next"]


def test_what_may_have_arrived_can_be_left_out_and_holds_up_its_own_chat_alone(store: Store) -> None:
    asked(store)
    assert turn(store, typed(2, "b"), typed(3, "c", chat="li"), first_time=True) == ["c"]
    assert turn(store) == ["a"]
