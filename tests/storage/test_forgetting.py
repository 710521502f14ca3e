"""Who has himself forgotten is gone: from every table and every byte of the files, and nothing more is said to him."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, func, select

from dialogs.effects import ForgetOwner, SendMessage
from dialogs.events import Event, TextReceived
from dialogs.owner import Owner
from storage import backup, forgetting, retention, tombstones
from storage.engine import reading
from storage.export import export
from storage.outbox import LEASE, REPEATS, Outcome
from storage.scrub import scrub
from storage.store import Store
from storage.tables import METADATA, OUTBOX
from tests.storage.sample import NOW, Turn, said, saying, typed
from tests.storage.sample import step as plain_step

CANARY = "kanarienvogel"
#: Tables whose rows belong to nobody.
NOBODYS = {"installation", "lease", "salt", "tombstone"}


def step(owner: Owner, event: Event) -> Turn:
    """ "forget" is what /forget does; the rest is as in the sample."""
    if isinstance(event, TextReceived) and event.text == "forget":
        return Turn(owner=owner, effects=(SendMessage(message=saying("farewell")), ForgetOwner()))
    return plain_step(owner, event)


def rows(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


def send_all(store: Store) -> list[str]:
    texts: list[str] = []
    while claimed := store.claim(NOW, "me", 1):
        texts.append(said(claimed[0].message))
        assert store.settle(claimed[0], "sent", NOW)
    return texts


def files_with(path: Path, *words: str) -> list[str]:
    """Which files beside the database hold any of the words, in UTF-8 or UTF-16, or as JSON escapes them."""
    forms = [word.encode(code) for word in words for code in ("utf-8", "utf-16-le", "unicode-escape")]
    return [file.name for file in sorted(path.parent.iterdir()) if any(form in file.read_bytes() for form in forms)]


def talk(store: Store, chat: str, word: str, events: int) -> None:
    for number in range(events):
        store.apply([typed(f"{chat}-{number}", f"{word} {number} " * (1 + number * 7 % 40), chat=chat)], step)
        store.apply([typed(f"{chat}-r{number}", "record", chat=chat)], step)


@pytest.fixture
def others(store: Store) -> Store:
    """A database with others in it, who must not notice anything."""
    talk(store, "li", "lamp", 12)
    return store


def test_every_table_goes_with_its_owner_or_belongs_to_nobody() -> None:
    """A new table must say what happens to its rows when the owner is forgotten."""
    for table in METADATA.sorted_tables:
        if table.name not in {*NOBODYS, "owner"}:
            (key,) = table.c.owner.foreign_keys
            assert key.ondelete == "CASCADE", table.name


def test_case_57_forgetting_removes_all_rows_of_one_and_none_of_another(others: Store) -> None:
    before = rows(others.engine)
    li = others.snapshot("terminal", "li")
    talk(others, "wang", CANARY, 5)
    assert forgetting.forget(others.engine, "terminal", "wang", NOW)
    left = rows(others.engine)
    assert left.pop("salt") == 1
    assert left.pop("tombstone") == 10
    assert left == before
    assert others.snapshot("terminal", "li") == li
    assert export(others.engine, "terminal", "wang", NOW) is None


def test_case_51_nobody_is_forgotten_where_nobody_is(store: Store) -> None:
    assert not forgetting.forget(store.engine, "terminal", "wang", NOW)
    assert rows(store.engine) == {}


@pytest.mark.parametrize("by", ["command", "event"])
def test_case_57_no_byte_is_left_in_the_database_the_wal_or_a_backup_made_after(
    others: Store, path: Path, url: str, by: str
) -> None:
    chat = f"{CANARY}-name"
    talk(others, chat, f"{CANARY}灯具厂", 40)
    while claimed := others.claim(NOW, "me", 5):
        for one in claimed:
            others.settle(one, "sent", NOW)
    assert files_with(path, CANARY) != []
    if by == "command":
        forgetting.forget(others.engine, "terminal", chat, NOW)
    else:
        assert others.apply([typed("end", "forget", chat=chat)], step).forgotten == (("terminal", chat),)
        assert send_all(others) == ["farewell"]
    assert files_with(path, CANARY, "灯具厂", "farewell") == []
    backup.backup(url, path.parent / "after.db")
    assert files_with(path, CANARY, "灯具厂", "farewell") == []


def test_case_57_pieces_that_pages_kept_are_gone_even_if_others_were_at_work_meanwhile(
    others: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Random(3)
    for number in range(60):
        batch: list[Event] = []
        for place in range(12):
            chat, many = chance.choice(["li", "zhao", "wang"]), chance.choice([1, 3, 20, 100])
            text = f"{CANARY if chat == 'wang' else 'lamp'} " * many
            batch.append(typed(f"n{number}-{place}", text, chat=chat))
        others.apply(batch, step)
    with monkeypatch.context() as patch, reading(others.engine) as reader:
        patch.setattr("storage.scrub.BUSY_TIMEOUT", 1)
        reader.execute(select(OUTBOX.c.id)).first()
        assert forgetting.forget(others.engine, "terminal", "wang", NOW)
        assert not scrub(others.engine)
    assert files_with(path, CANARY) != []
    retention.purge(others.engine, NOW, timedelta(days=1))
    assert files_with(path, CANARY) == []


def test_the_search_for_bytes_is_not_blind(others: Store, path: Path) -> None:
    talk(others, "wang", CANARY, 3)
    assert scrub(others.engine)
    assert "lampwise.db" in files_with(path, CANARY)


def test_case_57_an_event_that_is_delivered_again_creates_nothing(store: Store) -> None:
    store.apply([typed(1, CANARY)], step)
    store.apply([typed(2, "forget")], step)
    send_all(store)
    before = rows(store.engine)
    again = store.apply([typed(1, CANARY), typed(2, "forget")], step)
    assert (again.taken, again.forgotten) == ((), ())
    assert len(again.repeated) == 2
    assert rows(store.engine) == before == {"salt": 1, "tombstone": 2}


def test_case_57_the_same_id_on_another_channel_is_another_event(store: Store) -> None:
    store.apply([typed(1, CANARY)], step)
    forgetting.forget(store.engine, "terminal", "wang", NOW)
    assert len(store.apply([typed(1, channel="telegram")], step).taken) == 1


def test_case_57_tombstones_hold_no_id_and_stand_for_48_hours(store: Store, path: Path) -> None:
    store.apply([typed("update-4711", CANARY)], step)
    forgetting.forget(store.engine, "terminal", "wang", NOW)
    assert files_with(path, "4711") == []
    almost = NOW + tombstones.KEPT - timedelta(seconds=1)
    assert retention.purge(store.engine, almost, timedelta(days=1)).tombstones == 0
    assert rows(store.engine) == {"salt": 1, "tombstone": 1}
    assert retention.purge(store.engine, NOW + tombstones.KEPT, timedelta(days=1)).tombstones == 1
    assert rows(store.engine) == {}


def test_who_writes_again_is_a_stranger(store: Store) -> None:
    store.apply([typed(1, CANARY)], step)
    store.apply([typed(2, "forget"), typed(3, "hello")], step)
    assert [answer.raw for answer in store.snapshot("terminal", "wang").conversations[1].answers] == ["hello"]
    assert send_all(store) == ["farewell", "hello"]


def test_a_batch_with_several_who_leave_serves_everybody(store: Store) -> None:
    batch = [typed(1, "a"), typed(2, "x", chat="li"), typed(3, "forget"), typed(4, "boom"), typed(5, "y", chat="li")]
    applied = store.apply([*batch, typed(6, "forget", chat="li"), typed(7, "b")], step)
    assert [event.id for event in applied.taken] == ["1", "2", "3", "5", "6", "7"]
    assert [failure.event for failure in applied.failed] == ["4"]
    assert applied.forgotten == (("terminal", "wang"), ("terminal", "li"))
    assert list(store.snapshot("terminal", "wang").conversations) == [1]
    assert store.snapshot("terminal", "li").conversations == {}


def test_case_58_what_is_unsent_is_cancelled_and_nothing_follows_the_confirmation(store: Store) -> None:
    store.apply([typed(1, "first"), typed(2, "remind"), typed(3, "second")], step)
    (in_flight,) = store.claim(NOW, "me", 1)
    store.apply([typed(4, "forget")], step)
    assert store.claim(NOW, "other", 9) == [], "the confirmation waits for what is on its way"
    assert store.settle(in_flight, "sent", NOW)
    assert send_all(store) == ["farewell"]
    assert store.claim(NOW + LEASE, "me", 9) == []
    assert "outbox" not in rows(store.engine)


@pytest.mark.parametrize("outcome", ["ready", "unknown", "failed", "cancelled"])
def test_case_58_what_was_on_its_way_is_never_sent_again(store: Store, path: Path, outcome: Outcome) -> None:
    store.apply([typed(1, CANARY)], step)
    (in_flight,) = store.claim(NOW, "me", 1)
    store.apply([typed(2, "forget")], step)
    assert files_with(path, CANARY) == []
    assert store.settle(in_flight, outcome, NOW)
    assert send_all(store) == ["farewell"]
    assert "outbox" not in rows(store.engine)


def test_case_58_a_sender_that_died_with_his_message_holds_the_confirmation_up_for_a_lease(store: Store) -> None:
    store.apply([typed(1, CANARY)], step)
    store.claim(NOW, "gone", 1)
    store.apply([typed(2, "forget")], step)
    assert store.release_stale(NOW + LEASE) == 1
    assert send_all(store) == ["farewell"]


def test_a_farewell_may_be_repeated_but_is_never_kept(store: Store) -> None:
    store.apply([typed(1, CANARY), typed(2, "forget")], step)
    unknown: list[Outcome] = ["unknown"] * (1 + REPEATS["reply"])
    outcomes: list[Outcome] = ["ready", *unknown]
    for outcome in outcomes:
        (claimed,) = store.claim(NOW, "me", 1)
        assert said(claimed.message) == "farewell"
        assert store.settle(claimed, outcome, NOW)
    assert "outbox" not in rows(store.engine)


def test_a_farewell_that_cannot_be_delivered_goes_with_the_tombstones(store: Store) -> None:
    store.apply([typed(1, CANARY), typed(2, "forget")], step)
    retention.purge(store.engine, NOW + tombstones.KEPT, timedelta(days=9))
    assert rows(store.engine) == {}


def test_forgetting_is_one_transaction(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.apply([typed(1, CANARY)], step)
    before = store.snapshot("terminal", "wang")

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tombstones, "_new_salt", fail)
    for attempt in (
        lambda: forgetting.forget(store.engine, "terminal", "wang", NOW),
        lambda: store.apply([typed(2, "more"), typed(3, "forget")], step),
    ):
        with pytest.raises(KeyboardInterrupt):
            attempt()
        assert store.snapshot("terminal", "wang") == before


def test_what_came_in_and_was_sent_is_kept_for_a_time_and_answers_for_ever(store: Store) -> None:
    store.apply([typed(1, "record"), replace(typed(2, "later"), at=NOW + timedelta(days=30))], step)
    send_all(store)
    kept = store.snapshot("terminal", "wang")
    purged = retention.purge(store.engine, NOW + timedelta(days=30, seconds=1), timedelta(days=30))
    assert (purged.events, purged.messages, purged.tombstones) == (1, 2, 0)
    assert store.snapshot("terminal", "wang") == kept
    assert retention.purge(store.engine, NOW + timedelta(days=30, seconds=1), timedelta(days=30)).events == 0
    with reading(store.engine) as connection:
        assert connection.execute(select(OUTBOX.c.id)).all() == []


def test_what_is_unsent_is_never_purged(store: Store) -> None:
    store.apply([typed(1, "soon")], step)
    retention.purge(store.engine, NOW + timedelta(days=999), timedelta(days=1))
    assert send_all(store) == ["soon"]


def test_less_than_a_day_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="a day"):
        retention.purge(store.engine, NOW, timedelta(hours=23))
