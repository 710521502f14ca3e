"""The same store on PostgreSQL: what is kept, sent, proved, forgotten and locked there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select

from dialogs.events import ButtonPressed, Event
from dialogs.owner import Owner
from storage import locks, making, migrate, schema
from storage.engine import open_database, reading
from storage.errors import AlreadyRunning
from storage.forgetting import forget
from storage.memory import Memory
from storage.rounds import Claiming, Round, Settling
from storage.store import Store
from storage.tables import METADATA
from tests.storage.sample import APOLOGY, NOW, Turn, apology, said, step, typed


@pytest.fixture
def engine(server_url: str) -> Iterator[Engine]:
    opened = open_database(server_url)
    making.make(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine=engine, apology=apology)


def test_migrations_give_the_tables_of_the_program(engine: Engine) -> None:
    assert migrate.check(engine) == []
    METADATA.drop_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {schema.VERSION_TABLE}")
    migrate.upgrade(engine)
    assert migrate.check(engine) == []


def test_events_count_once_and_their_answers_go_out_in_order(store: Store) -> None:
    store.apply([typed(1, "a"), typed(2, "boom"), typed(3, "record")], step)
    assert [event.id for event in store.apply([typed(3, "record"), typed(4, "b")], step).repeated] == ["3"]
    owner = store.snapshot("terminal", "wang")
    assert [answer.raw for answer in owner.conversations[1].answers] == ["a", "record", "b"]
    assert [record.kind for record in owner.records] == ["vet"]
    sent: list[str] = []
    while claimed := store.claim(NOW, "me", 9):
        (one,) = claimed
        sent.append(said(one.message))
        assert store.settle(one, "sent", NOW)
    assert sent == ["a", "sorry", "record", "b"]


def test_a_round_settles_claims_and_repeats_what_may_be_lost(store: Store) -> None:
    claiming = Claiming(channel="terminal", sender="me", most=9)
    memory = Memory()
    first = store.round(Round(now=NOW, claiming=claiming, events=[typed(1, "a")]), step, memory).claimed
    lost = [Settling(outgoing=one, outcome="unknown") for one in first]
    again = store.round(Round(now=NOW, claiming=claiming, settling=lost), step, memory).claimed
    assert [said(one.message) for one in again] == ["a"]
    sent = [Settling(outgoing=one, outcome="sent", message=7) for one in again]
    press = ButtonPressed(id="2", at=NOW, channel="terminal", chat="li", press="x", under=3)
    done = store.round(Round(now=NOW, claiming=claiming, settling=sent, events=[press]), _broken, memory)
    assert [said(one.message) for one in done.claimed] == [APOLOGY]
    assert len(done.applied.failed) == 1


def _broken(_owner: Owner, _event: Event) -> Turn:
    raise LookupError


def test_case_57_nothing_is_left_of_who_is_forgotten(store: Store) -> None:
    store.apply([typed(1, "a"), typed(2, "record")], step)
    forget(store.engine, "terminal", "wang", NOW)
    with reading(store.engine) as connection:
        kept = [table.name for table in METADATA.sorted_tables if connection.execute(select(table)).first() is not None]
    assert set(kept) <= {"tombstone", "salt"}
    assert store.apply([typed(2, "record")], step).taken == ()


def test_case_28_the_same_owner_is_held_once(server_url: str, engine: Engine) -> None:
    with locks.hold(server_url, "serve"):
        with pytest.raises(AlreadyRunning, match="serve"), locks.hold(server_url, "serve"):
            pass
        with locks.hold(server_url, "terminal:\ud800"):
            pass
    with locks.hold(server_url, "serve"):
        pass
