"""A record that is dropped is gone with the conversations that led to it, in one batch as in several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from dialogs.effects import DropRecord
from dialogs.events import Event, TextReceived
from dialogs.owner import Conversation, Owner
from storage.store import Store
from tests.storage.sample import Turn, a_record, typed


def step(owner: Owner, event: Event) -> Turn:
    """ "keep N" keeps record N and the conversation N that led to it; "drop N" drops both."""
    assert isinstance(event, TextReceived)
    wanted, number = event.text.split()[0], int(event.text.split()[1])
    others = {key: one for key, one in owner.conversations.items() if key != number}
    if wanted == "keep":
        led = Conversation(number=number, flow="vet", record=number, ended="finished", misses=len(event.id))
        return Turn(
            owner=replace(owner, conversations={**others, number: led}), effects=(a_record(number, subject=event.id),)
        )
    left = tuple(one for one in owner.records if one.number != number)
    return Turn(
        owner=replace(owner, conversations=others, records=left), effects=(DropRecord(kind="vet", number=number),)
    )


def events(texts: Iterable[str]) -> list[TextReceived]:
    return [typed(f"e{place}", text) for place, text in enumerate(texts)]


SCRIPTS = [
    ["keep 1", "drop 1"],
    ["keep 1", "keep 2", "drop 1"],
    ["keep 1", "drop 1", "keep 1"],
    ["keep 1", "keep 2", "drop 2", "keep 2", "drop 1"],
    ["drop 7"],
]


@pytest.mark.parametrize("script", SCRIPTS, ids=" ".join)
@pytest.mark.parametrize("batch", [1, 2, 9])
def test_what_is_dropped_is_gone_and_what_comes_after_is_new(store: Store, script: list[str], batch: int) -> None:
    """However the events are bundled, the same is left."""
    happened = events(script)
    for start in range(0, len(happened), batch):
        store.apply(happened[start : start + batch], step)
    expected: dict[int, str] = {}
    for event in happened:
        wanted, number = event.text.split()[0], int(event.text.split()[1])
        expected.pop(number, None)
        if wanted == "keep":
            expected[number] = event.id
    owner = store.snapshot("terminal", "wang")
    assert {one.number: one.subject for one in owner.records} == expected
    assert set(owner.conversations) == set(expected)


def test_a_conversation_that_led_elsewhere_stays(store: Store) -> None:
    """Only those that led to the dropped record go, even where a step forgets to give one back."""

    def forgetful(owner: Owner, event: Event) -> Turn:
        return Turn(owner=replace(owner, conversations={}), effects=(DropRecord(kind="vet", number=1),))

    store.apply(events(["keep 1", "keep 2"]), step)
    store.apply([typed("last")], forgetful)
    assert set(store.snapshot("terminal", "wang").conversations) == {2}
