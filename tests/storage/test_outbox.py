"""Messages go out in order, one a chat at a time, and what may have been delivered is not repeated without end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from storage.outbox import LEASE, Outgoing, Where
from storage.store import Store
from storage.tables import OUTBOX
from tests.storage.sample import NOW, said, step, typed

SECOND = timedelta(seconds=1)


def put(store: Store, *texts: str, chat: str = "wang", channel: str = "terminal") -> None:
    store.apply([typed(f"{chat} {text}", text, chat=chat, channel=channel) for text in texts], step)


def texts(claimed: list[Outgoing]) -> list[str]:
    return [said(one.message) for one in claimed]


def test_a_chat_has_one_message_on_its_way_and_they_keep_their_order(store: Store) -> None:
    put(store, "a", "b")
    put(store, "c", chat="li")
    first = store.claim(NOW, "me", 10)
    assert texts(first) == ["a", "c"]
    assert store.claim(NOW, "me", 10) == []
    assert store.settle(first[0], "sent", NOW)
    assert texts(store.claim(NOW, "me", 10)) == ["b"]
    assert store.pending("terminal", "wang") == 1


def test_a_reply_goes_before_a_reminder(store: Store) -> None:
    put(store, "remind", "a")
    (reply,) = store.claim(NOW, "me", 10)
    assert (said(reply.message), reply.lane) == ("a", "reply")
    store.settle(reply, "sent", NOW)
    assert texts(store.claim(NOW, "me", 10)) == ["remind"]


def test_a_limit_gives_the_oldest_and_lanes_can_be_left_out(store: Store) -> None:
    put(store, "a", chat="1")
    put(store, "b", chat="2")
    put(store, "remind", chat="3")
    assert texts(store.claim(NOW, "me", 5, lanes=("reminder",))) == ["remind"]
    assert texts(store.claim(NOW, "me", 1)) == ["a"]


def test_a_sender_takes_only_its_own_chats(store: Store) -> None:
    put(store, "a")
    put(store, "b", channel="telegram")
    put(store, "c", chat="li")
    assert texts(store.claim(NOW, "me", 9, where=Where(channel="telegram"))) == ["b"]
    assert texts(store.claim(NOW, "me", 9, where=Where(channel="terminal", chat="li"))) == ["c"]


def test_case_13_what_was_surely_not_sent_waits_and_keeps_its_place(store: Store) -> None:
    put(store, "a", "b", "remind")
    (first,) = store.claim(NOW, "me", 10)
    assert store.settle(first, "ready", NOW, not_before=NOW + 35 * SECOND)
    assert store.claim(NOW + 34 * SECOND, "me", 10) == []
    (again,) = store.claim(NOW + 35 * SECOND, "me", 10)
    assert (said(again.message), again.attempt) == ("a", 2)


def test_a_reminder_that_waits_does_not_hold_up_a_reply(store: Store) -> None:
    put(store, "remind")
    (reminder,) = store.claim(NOW, "me", 1)
    store.settle(reminder, "ready", NOW, not_before=NOW + timedelta(days=1))
    put(store, "a")
    assert texts(store.claim(NOW, "me", 9)) == ["a"]


def test_case_14_a_reply_of_unknown_delivery_is_sent_once_more(store: Store) -> None:
    put(store, "a", "b")
    for attempt in (1, 2):
        (one,) = store.claim(NOW, "me", 1)
        assert (said(one.message), one.attempt) == ("a", attempt)
        assert store.settle(one, "unknown", NOW)
    assert texts(store.claim(NOW, "me", 1)) == ["b"]


def test_case_14_a_reminder_of_unknown_delivery_is_not_repeated(store: Store) -> None:
    put(store, "remind")
    (one,) = store.claim(NOW, "me", 1)
    assert store.settle(one, "unknown", NOW)
    assert store.claim(NOW, "me", 1) == []
    assert store.pending("terminal", "wang") == 0


@pytest.mark.parametrize("outcome", ["failed", "cancelled"])
def test_what_is_given_up_does_not_hold_up_the_next(store: Store, outcome: str) -> None:
    put(store, "a", "b")
    (one,) = store.claim(NOW, "me", 1)
    store.settle(one, "failed" if outcome == "failed" else "cancelled", NOW)
    assert texts(store.claim(NOW, "me", 1)) == ["b"]


def test_case_23_a_lease_that_ran_out_is_taken_back(store: Store) -> None:
    put(store, "a")
    put(store, "remind", chat="li")
    store.claim(NOW, "gone", 9)
    assert store.release_stale(NOW + LEASE - SECOND) == 0
    assert store.release_stale(NOW + LEASE) == 2
    (again,) = store.claim(NOW + LEASE, "me", 9)
    assert (said(again.message), again.attempt) == ("a", 2)
    assert store.release_stale(NOW + 2 * LEASE) == 1
    assert store.claim(NOW + 2 * LEASE, "me", 9) == []


def test_case_24_who_was_paused_past_his_lease_cannot_settle(store: Store) -> None:
    put(store, "a")
    (paused,) = store.claim(NOW, "paused", 1)
    store.release_stale(NOW + LEASE)
    assert not store.settle(paused, "sent", NOW + LEASE)
    (taken,) = store.claim(NOW + LEASE, "paused", 1)
    assert not store.settle(paused, "sent", NOW + LEASE)
    assert store.settle(taken, "sent", NOW + LEASE)
    assert not store.settle(taken, "sent", NOW + LEASE)


def test_case_34_a_clock_set_back_does_not_keep_a_lease_for_a_year(store: Store) -> None:
    put(store, "a")
    store.claim(NOW, "gone", 1)
    assert store.release_stale(NOW - timedelta(days=365)) == 1


def test_who_holds_a_chat_need_not_wait_for_the_lease_of_his_forerunner(store: Store) -> None:
    put(store, "a")
    put(store, "b", chat="li")
    store.claim(NOW, "gone", 9)
    assert store.release_chat("terminal", "wang", NOW) == 1
    assert texts(store.claim(NOW, "me", 9)) == ["a"]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"lines": 3}'])
def test_a_message_that_cannot_be_read_does_not_hold_up_its_chat(store: Store, engine: Engine, body: str) -> None:
    put(store, "a")
    with engine.begin() as connection:
        connection.execute(update(OUTBOX).values(body=body))
    put(store, "b")
    assert store.claim(NOW, "me", 9) == []
    assert texts(store.claim(NOW, "me", 9)) == ["b"]
