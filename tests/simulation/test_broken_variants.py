"""The simulator is not blind: a program that is broken in one way is found, by the right check, in few seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, true

from dialogs.events import Event
from dialogs.owner import Owner
from dialogs.talk import Turn
from storage import event_rows, outbox, store
from tests.simulation import process
from tests.simulation.checks import findings
from tests.simulation.marking import FAILS
from tests.simulation.process import SOUND, Variant
from tests.simulation.world import World

#: A broken program that this many seeds do not find is one that the simulator cannot see.
SEEDS = 30

Break = Callable[[pytest.MonkeyPatch], None]


def found_in(folder: Path, variant: Variant = SOUND, alone: bool | None = None) -> Iterator[str]:
    """The kinds of findings of one seed after the other."""
    for seed in range(100, 100 + SEEDS):
        with World(folder, seed, variant=variant, trouble=3, alone=alone) as world:
            world.play()
            found = findings(world)
        yield from (sentence.split(":")[0] for sentence in found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variant", "kind"),
    [
        (Variant(confirms_first=True), "lost"),
        (Variant(settles_first=True), "lost"),
        (Variant(ignores_waits=True), "early"),
    ],
    ids=["confirms before the commit", "settles before it sends", "does not wait"],
)
def test_a_process_that_does_it_in_the_wrong_order_is_found(tmp_path: Path, variant: Variant, kind: str) -> None:
    assert kind in found_in(tmp_path, variant)


def takes_repeats(patch: pytest.MonkeyPatch) -> None:
    """No unique key: what comes again counts again."""
    taken = iter(range(10**6))

    def divide(_: Connection, events: Iterable[Event]) -> tuple[list[Event], list[Event]]:
        return [replace(event, id=f"{event.id} {next(taken)}") for event in events], []

    patch.setattr(event_rows, "divide", divide)


def claims_messages(patch: pytest.MonkeyPatch) -> None:
    """One message at a time, instead of one a chat: several of a chat are on their way at once."""

    def none_of_the_lane_before(_: Any, *conditions: Any) -> Any:
        return true()

    patch.setattr(outbox, "_none", none_of_the_lane_before)
    # Not the statement that was kept from before.
    patch.setattr(outbox, "_heads", getattr(outbox._heads, "__wrapped__", outbox._heads))


def repeats_for_ever(patch: pytest.MonkeyPatch) -> None:
    """What may have arrived is sent until it surely has."""
    patch.setattr(outbox, "REPEATS", {"reply": 99, "reminder": 99})


def never_repeats_reminders(patch: pytest.MonkeyPatch) -> None:
    """What was promised before: never twice, which is never where the first was lost."""
    patch.setattr(outbox, "REPEATS", {"reply": 4, "reminder": 0})


def never_repeats(patch: pytest.MonkeyPatch) -> None:
    """What a killed sender had on its way is given up."""
    patch.setattr(outbox, "REPEATS", {"reply": 0, "reminder": 0})


def forgets_the_draft(patch: pytest.MonkeyPatch) -> None:
    """Ticks are not kept."""
    own = store.snapshot.conversation_row

    def without(*arguments: Any) -> dict[str, Any]:
        return {**own(*arguments), "draft": "[]"}

    patch.setattr(store.snapshot, "conversation_row", without)


def forgets_the_owner_between(patch: pytest.MonkeyPatch) -> None:
    """Of several events of one owner in a batch each starts from a stranger."""
    patch.setattr("storage.turns.Taken.as_read", lambda taken: Owner(channel="telegram", chat=taken.owner.chat))


def remembers_too_long(patch: pytest.MonkeyPatch) -> None:
    """What was remembered of owners is believed although the transaction came to nothing."""
    patch.setattr("storage.memory.Memory.clear", lambda memory: None)
    patch.setattr("storage.memory.Memory.begin", lambda memory, connection: None)


def says_less(patch: pytest.MonkeyPatch) -> None:
    """The second message of a turn is left out, but by the reference it is due."""
    own = process.step

    def step(owner: Owner, event: Event) -> Turn:
        turn = own(owner, event)
        return replace(turn, effects=turn.effects[:1])

    patch.setattr(process, "step", step)


def gives_up_a_whole_batch(patch: pytest.MonkeyPatch) -> None:
    """One event that fails takes the others of its batch with it."""
    own = event_rows.divide

    def divide(connection: Connection, events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
        fresh, repeated = own(connection, events)
        return ([] if any(getattr(event, "text", "") == FAILS for event in fresh) else fresh), repeated

    patch.setattr(event_rows, "divide", divide)


#: Who remembers owners is alone.
ALONE: dict[Break, bool] = {remembers_too_long: True}

BROKEN: list[tuple[Break, str]] = [
    (takes_repeats, "double"),
    (claims_messages, "order"),
    (repeats_for_ever, "double"),
    (never_repeats_reminders, "lost"),
    (never_repeats, "lost"),
    (forgets_the_draft, "wrong"),
    (forgets_the_owner_between, "wrong"),
    (remembers_too_long, "wrong"),
    (says_less, "lost"),
    (gives_up_a_whole_batch, "lost"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("breaks", "kind"), BROKEN, ids=[breaks.__name__ for breaks, _ in BROKEN])
def test_a_broken_store_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: Break, kind: str) -> None:
    breaks(monkeypatch)
    assert kind in found_in(tmp_path, alone=ALONE.get(breaks))
