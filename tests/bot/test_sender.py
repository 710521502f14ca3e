"""What is in the outbox goes out in order, and what becomes of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.gateways.base import Blocked, Capabilities, Outcome, Refused, RetryAfter, Sent, Unknown
from bot.sender import Sender
from dialogs.effects import SendMessage
from dialogs.events import Event, TextReceived
from dialogs.message import Line, Message
from dialogs.owner import Owner
from dialogs.talk import Turn
from storage import migrate
from storage.engine import open_database
from storage.store import Store

START = datetime(2026, 3, 1, tzinfo=UTC)


class Recorder:
    """A channel that keeps what it is given, and answers as it is told."""

    channel = "test"
    capabilities = Capabilities(buttons=True, edits=False)

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.got: list[str] = []

    def send(self, chat: str, message: Message) -> Outcome:
        """The next of the outcomes; afterwards all goes well."""
        self.got.append(message.lines[0].text)
        return self.outcomes.pop(0) if self.outcomes else Sent()


def says(text: str) -> Message:
    """A message of one line."""
    return Message(lines=(Line(text=text),))


def twice(owner: Owner, event: Event) -> Turn:
    """Answers with two messages."""
    return Turn(owner=owner, effects=tuple(SendMessage(message=says(text)) for text in ("one", "two")))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An outbox with two replies to one chat."""
    engine = open_database(f"sqlite:///{tmp_path / 'lampwise.db'}")
    migrate.upgrade(engine)
    store = Store(engine=engine, apology=lambda owner: says("sorry"))
    store.apply([TextReceived(id="1", at=START, channel="test", chat="wang", text="hi")], twice)
    yield store
    engine.dispose()


def test_all_goes_out_in_order_and_once(store: Store) -> None:
    """A second look finds nothing."""
    gateway = Recorder()
    sender = Sender(store, gateway, lambda: START)
    assert [message.lines[0].text for message in sender.send("wang")] == ["one", "two"]
    assert sender.send("wang") == []
    assert gateway.got == ["one", "two"]


@pytest.mark.parametrize(
    ("outcome", "got"),
    [
        (Sent(), ["one", "two"]),
        (Refused(reason="too long"), ["one", "two"]),
        (Blocked(), ["one", "two"]),
        (Unknown(reason="timeout"), ["one", "one", "two"]),
        (RetryAfter(wait=timedelta(seconds=35)), ["one"]),
    ],
)
def test_what_becomes_of_a_message(store: Store, outcome: Outcome, got: list[str]) -> None:
    """A reply that may be lost is sent once more; while a channel wants rest, nothing overtakes."""
    gateway = Recorder(outcome)
    Sender(store, gateway, lambda: START).send("wang")
    assert gateway.got == got


def test_after_the_wait_it_goes_on(store: Store) -> None:
    """Test case 13: no earlier, in order."""
    gateway = Recorder(RetryAfter(wait=timedelta(seconds=35)))
    now = [START]
    sender = Sender(store, gateway, lambda: now[0])
    sender.send("wang")
    now[0] = START + timedelta(seconds=34)
    assert sender.send("wang") == []
    now[0] = START + timedelta(seconds=35)
    sender.send("wang")
    assert gateway.got == ["one", "one", "two"]
