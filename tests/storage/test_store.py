"""What is applied is kept once and whole, or not at all."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, func, select

from dialogs.effects import SendMessage
from dialogs.events import Event, TextReceived
from dialogs.message import Message
from dialogs.owner import Answer, Conversation, Owner
from storage import engine as engine_module
from storage import schema
from storage.engine import open_database, reading
from storage.errors import DatabaseBusy, DatabaseFull, StatementRefused
from storage.store import MOST_EVENTS, Store
from storage.tables import INBOX, METADATA, OUTBOX
from tests.storage.sample import APOLOGY, NOW, Turn, a_record, apology, said, saying, step, typed


def count(engine: Engine, table: str) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(METADATA.tables[table])).scalar_one()


def answers(store: Store, chat: str = "wang") -> list[str]:
    conversation = store.snapshot("terminal", chat).conversations.get(1)
    return [answer.raw for answer in conversation.answers] if conversation else []


def waiting(store: Store) -> list[str]:
    """All that is to be said, in order; it counts as sent afterwards."""
    texts: list[str] = []
    while claimed := store.claim(NOW, "me", 10):
        for one in claimed:
            texts.append(said(one.message))
            store.settle(one, "sent", NOW)
    return texts


def test_an_owner_who_was_never_met_is_shown_as_he_would_begin(engine: Engine) -> None:
    store = Store(engine=engine, apology=apology, language="en", timezone="Europe/Rome")
    expected = Owner(channel="terminal", chat="wang", language="en", timezone="Europe/Rome")
    assert store.snapshot("terminal", "wang") == expected
    assert count(engine, "owner") == 0


def test_what_step_gives_is_kept(store: Store) -> None:
    applied = store.apply([typed(1, "a"), typed(2, "record")], step)
    owner = store.snapshot("terminal", "wang")
    assert applied.taken == (typed(1, "a"), typed(2, "record"))
    assert owner.focus == 1
    assert owner.conversations[1].draft == ("a", "b")
    assert [(kept.number, kept.answers, kept.result, kept.at) for kept in owner.records] == [
        (1, {"n": 2}, {"score": 1.5}, NOW)
    ]
    assert answers(store) == ["a", "record"]
    assert waiting(store) == ["a", "record"]


def test_the_same_record_again_replaces_it(store: Store) -> None:
    for text in ("first", "second"):
        store.apply([typed(text, text)], record_of_text)
    assert [kept.result for kept in store.snapshot("terminal", "wang").records] == [{"is": "second"}]


def record_of_text(owner: Owner, one: Event) -> Turn:
    assert isinstance(one, TextReceived)
    return Turn(owner=owner, effects=(a_record(result={"is": one.text}),))


def test_case_1_an_event_twice_in_a_row_counts_once(store: Store) -> None:
    store.apply([typed(1, "a")], step)
    again = store.apply([typed(1, "a"), typed(2, "b")], step)
    assert (again.repeated, again.taken) == ((typed(1, "a"),), (typed(2, "b"),))
    assert answers(store) == ["a", "b"]
    assert waiting(store) == ["a", "b"]


def test_case_1_an_event_twice_in_a_batch_counts_once(store: Store) -> None:
    applied = store.apply([typed(1, "a"), typed(1, "a")], step)
    assert (len(applied.taken), len(applied.repeated)) == (1, 1)
    assert answers(store) == ["a"]


def test_the_same_id_on_another_channel_is_another_event(store: Store) -> None:
    assert len(store.apply([typed(1), typed(1, channel="telegram")], step).taken) == 2


def test_case_2_an_event_in_two_threads_counts_once(store: Store, engine: Engine) -> None:
    events = [typed(number) for number in range(60)]

    def apply_all(_: int) -> int:
        return sum(len(store.apply([one], step).taken) for one in events)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(apply_all, range(2))) == 60
    assert (count(engine, "inbox"), count(engine, "outbox"), len(answers(store))) == (60, 60, 60)


def test_case_4_ids_may_start_anew_lower(store: Store) -> None:
    assert len(store.apply([typed(900), typed(5)], step).taken) == 2


def test_case_8_a_step_that_raises_spoils_only_its_event(store: Store) -> None:
    applied = store.apply([typed(1, "a"), typed(2, "boom"), typed(3, "b"), typed(4, "c", chat="li")], step)
    assert [one.id for one in applied.taken] == ["1", "3", "4"]
    assert answers(store) == ["a", "b"]
    assert answers(store, "li") == ["c"]
    assert sorted(waiting(store)) == ["a", "b", "c", APOLOGY]
    (failure,) = store.failed()
    assert (failure,) == applied.failed
    assert failure.raw["text"] == "boom"
    assert failure.error.startswith("ValueError at storage/sample.py:")
    assert "luck" not in failure.error


def test_case_8_a_failed_event_is_not_tried_again_by_itself(store: Store) -> None:
    store.apply([typed(1, "boom")], step)
    assert len(store.apply([typed(1, "boom")], step).repeated) == 1
    assert waiting(store) == [APOLOGY]


@pytest.mark.parametrize("value", [Decimal(1), float("nan"), object()])
def test_case_8_an_answer_that_is_not_json_is_the_events_fault(store: Store, value: Any) -> None:
    answer = Answer(slot="s", how="given", value=value, at=NOW)
    changed = {1: Conversation(number=1, flow="vet", answers=(answer,))}
    bad = store.apply([typed(1)], lambda owner, _: Turn(owner=replace(owner, conversations=changed)))
    assert len(bad.failed) == 1
    assert store.snapshot("terminal", "wang").conversations == {}
    assert len(store.apply([typed(2)], step).taken) == 1


def test_case_8_an_effect_in_an_unknown_lane_is_the_events_fault(store: Store) -> None:
    effect = SendMessage(message=saying("x"), lane="fast")
    assert len(store.apply([typed(1)], lambda owner, _: Turn(owner=owner, effects=(effect,))).failed) == 1


def test_case_8_an_owner_cannot_be_moved(store: Store) -> None:
    applied = store.apply([typed(1)], lambda owner, _: Turn(owner=replace(owner, chat="li")))
    assert len(applied.failed) == 1


def test_case_8_an_apology_that_fails_still_keeps_the_event(engine: Engine) -> None:
    def mute(_: Owner) -> Message:
        raise KeyError

    store = Store(engine=engine, apology=mute)
    (failure,) = store.apply([typed(1, "boom")], step).failed
    assert "the apology failed too: KeyError" in failure.error
    assert len(store.failed()) == 1


def test_case_6_a_storage_error_leaves_nothing(store: Store, engine: Engine) -> None:
    store.apply([typed(1, "a")], step)
    # The outbox is written last: all the rest has been written by then.
    execute(engine, "CREATE TRIGGER broken BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'broken'); END")
    with pytest.raises(StatementRefused):
        store.apply([typed(2, "b"), typed(3, "c", chat="li")], step)
    execute(engine, "DROP TRIGGER broken")
    assert (count(engine, "owner"), count(engine, "inbox"), count(engine, "outbox")) == (1, 1, 1)
    assert answers(store) == ["a"]
    assert len(store.apply([typed(2, "b")], step).taken) == 1


def execute(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_case_6_a_busy_database_is_tried_three_times(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def busy(*_: object) -> None:
        tries.append(1)
        raise DatabaseBusy

    monkeypatch.setattr(engine_module, "_write_once", busy)
    with pytest.raises(DatabaseBusy):
        store.apply([typed(1)], step)
    assert len(tries) == engine_module.TRIES


def test_case_25_a_full_disk_writes_nothing_and_heals_by_itself(store: Store, engine: Engine) -> None:
    store.apply([typed(0, "a")], step)
    limit_pages(engine, extra=3)
    with pytest.raises(DatabaseFull):
        fill(store)
    kept = len(answers(store))
    assert (count(engine, "inbox"), count(engine, "outbox")) == (kept, kept)
    limit_pages(engine, extra=10_000)
    store.apply([typed("later", "b")], step)
    assert answers(store)[-1] == "b"


def fill(store: Store) -> None:
    for number in itertools.count(1):
        store.apply([typed(number, "x" * 2000)], step)


def limit_pages(engine: Engine, extra: int) -> None:
    with reading(engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + extra}")


def test_case_32_no_connection_is_held_while_a_message_is_sent(store: Store, engine: Engine) -> None:
    out: list[object] = []
    event.listen(engine, "checkout", lambda connection, *_: out.append(connection))
    event.listen(engine, "checkin", lambda connection, *_: out.remove(connection))
    store.apply([typed(1)], step)
    assert store.claim(NOW, "me", 1)
    assert out == []


def test_case_43_what_no_database_keeps_is_replaced_on_intake(store: Store) -> None:
    store.apply([typed("\ud800", "a\ud800b\0c")], step)
    assert answers(store) == ["a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"]
    assert len(store.apply([typed("\ud800", "a")], step).repeated) == 1


def test_more_events_than_a_short_transaction_takes_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="at once"):
        store.apply([typed(number) for number in range(MOST_EVENTS + 1)], step)


def test_only_what_changed_is_written(store: Store, engine: Engine) -> None:
    store.apply([typed(1)], step)
    before = store.snapshot("terminal", "wang")
    store.apply([typed(2)], lambda owner, _: Turn(owner=replace(owner, language="en")))
    assert store.snapshot("terminal", "wang") == replace(before, language="en")
    with reading(engine) as connection:
        assert connection.execute(select(INBOX.c.state)).scalars().all() == ["done", "done"]
        assert connection.execute(select(func.count(OUTBOX.c.id))).scalar_one() == 1


keepable = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
moments = st.datetimes(timezones=st.timezones())
counts = st.integers(0, 2**31)
answer_lists = st.lists(
    st.builds(
        Answer,
        slot=keepable,
        how=st.sampled_from(["given", "not-sure", "later", "withdrawn"]),
        value=json_values,
        raw=st.text(max_size=20),
        at=moments,
    ),
    max_size=4,
).map(tuple)
conversations = st.lists(
    st.builds(
        Conversation,
        number=counts,
        flow=keepable,
        answers=answer_lists,
        flow_hash=keepable,
        draft=st.lists(keepable, max_size=3).map(tuple),
        about=keepable,
        shown=keepable,
        misses=counts,
        record=counts,
        ended=st.sampled_from(["", "finished", "cancelled"]),
    ),
    max_size=3,
).map(lambda many: {one.number: one for one in many})
objects = st.dictionaries(st.text(max_size=5), json_values, max_size=3)
records = st.lists(
    st.builds(a_record, kind=keepable, number=counts, subject=keepable, answers=objects, result=objects), max_size=3
)
owners = st.builds(
    Owner,
    channel=st.just("terminal"),
    chat=st.just("?"),
    language=st.sampled_from(["zh-Hans", "zh-Hant", "en"]),
    timezone=keepable,
    focus=counts,
    privacy_shown=st.booleans(),
    conversations=conversations,
)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('lasting')}/lampwise.db")
    schema.ensure(engine)
    yield Store(engine=engine, apology=apology)
    engine.dispose()


fresh = itertools.count()


@given(owner=owners, kept=records)
def test_an_owner_comes_back_as_step_gave_him(lasting: Store, owner: Owner, kept: list[Any]) -> None:
    here = replace(owner, chat=f"owner {next(fresh)}")
    lasting.apply([typed(here.chat, chat=here.chat)], lambda *_: Turn(owner=here, effects=tuple(kept)))
    found = lasting.snapshot("terminal", here.chat)
    assert replace(found, records=()) == here
    last = {(record.kind, record.number): record for record in kept}
    assert [(one.kind, one.number) for one in found.records] == sorted(last)
    for one in found.records:
        record = last[one.kind, one.number]
        assert (one.answers, one.result, one.subject) == (record.answers, record.result, record.subject)


texts = st.lists(st.tuples(st.sampled_from(["w", "l"]), st.sampled_from(["a", "boom", "record", "remind"])), max_size=8)


@given(texts)
def test_a_batch_leaves_what_the_same_events_leave_one_by_one(lasting: Store, said_: list[tuple[str, str]]) -> None:
    run = next(fresh)
    seen: dict[str, list[Owner]] = {"whole": [], "single": []}

    def watched(owner: Owner, one: Event) -> Turn:
        way = one.chat.split()[0]
        seen[way].append(replace(owner, chat=owner.chat.removeprefix(way)))
        return step(owner, one)

    def events(way: str) -> list[Event]:
        return [typed(f"{way} {run} {at}", text, chat=f"{way} {run} {who}") for at, (who, text) in enumerate(said_)]

    lasting.apply(events("whole"), watched)
    for one in events("single"):
        lasting.apply([one], watched)
    lasting.apply(events("whole"), watched)
    assert seen["whole"] == seen["single"]
    for who in ("w", "l"):
        whole, single = (lasting.snapshot("terminal", f"{way} {run} {who}") for way in seen)
        assert replace(whole, chat="") == replace(single, chat="")
        assert len({lasting.pending("terminal", f"{way} {run} {who}") for way in seen}) == 1


def test_case_12_a_channel_that_asks_three_times_has_one_effect(store: Store) -> None:
    """Whatever names its messages: an id counts once a channel, and is another's on another."""
    for _ in range(3):
        store.apply([typed("corp:msg-1", "10", channel="wecom")], step)
    store.apply([typed("corp:msg-1", "20")], step)
    assert len(store.snapshot("wecom", "wang").conversations[1].answers) == 1
    assert waiting(store) == ["10", "20"]
