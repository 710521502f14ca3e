"""Messages go out in order, one a chat at a time, and what may have been delivered is not repeated without end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from dialogs.effects import SendMessage
from dialogs.events import Event
from dialogs.message import Line, Message
from dialogs.owner import Owner
from storage.memory import Memory
from storage.outbox import LEASE, Outgoing, Where
from storage.rounds import Claiming, Round
from storage.store import Store
from storage.tables import OUTBOX
from tests.storage.sample import NOW, Turn, said, step, typed

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


@pytest.mark.parametrize("first", ["a", "remind"])
def test_case_14_what_is_of_unknown_delivery_is_repeated_four_times(store: Store, first: str) -> None:
    put(store, first)
    for attempt in range(1, 6):
        (one,) = store.claim(NOW, "me", 1)
        assert (said(one.message), one.attempt, one.repeats) == (first, attempt, attempt - 1)
        assert store.settle(one, "unknown", NOW)
    put(store, "b")
    assert texts(store.claim(NOW, "me", 1)) == ["b"]
    assert store.pending("terminal", "wang") == 1


def test_case_14_what_is_repeated_waits_for_its_pause(store: Store) -> None:
    put(store, "a")
    (one,) = store.claim(NOW, "me", 1)
    assert store.settle(one, "unknown", NOW, not_before=NOW + 4 * SECOND)
    assert store.claim(NOW + 3 * SECOND, "me", 1) == []
    assert texts(store.claim(NOW + 4 * SECOND, "me", 1)) == ["a"]


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
    again = store.claim(NOW + LEASE, "me", 9)
    assert [(said(one.message), one.attempt) for one in again] == [("a", 2), ("remind", 2)]
    for lives in range(2, 6):
        assert store.release_stale(NOW + lives * LEASE) == 2
        assert len(store.claim(NOW + lives * LEASE, "me", 9)) == (2 if lives < 5 else 0)


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


def test_only_messages_in_passing_give_way_and_the_newest_three_of_them_stay(store: Store) -> None:
    """Whatever waits between them stays, too, and so does all of other chats."""

    def passing(owner: Owner, event: Event) -> Turn:
        told = getattr(event, "text", "")
        return Turn(
            owner=owner,
            effects=(SendMessage(message=Message(lines=(Line(text=told),), passing=told.startswith("p"))),),
        )

    said_there = ["p1", "a", "p2", "p3", "b", "p4", "p5"]
    events = [typed(one, one) for one in said_there] + [typed("li", "p0", chat="li")]
    claiming = Claiming(channel="terminal", sender="me", most=0)
    store.round(Round(now=NOW, claiming=claiming, events=events), passing, Memory())
    came = list[str]()
    while claimed := store.claim(NOW, "me", 1, where=Where(chat="wang")):
        came += texts(claimed)
        store.settle(claimed[0], "sent", NOW)
    assert came == ["a", "p3", "b", "p4", "p5"]
    assert store.pending("terminal", "li") == 1


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"lines": 3}'])
def test_a_message_that_cannot_be_read_does_not_hold_up_its_chat(store: Store, engine: Engine, body: str) -> None:
    put(store, "a")
    with engine.begin() as connection:
        connection.execute(update(OUTBOX).values(body=body))
    put(store, "b")
    assert store.claim(NOW, "me", 9) == []
    assert texts(store.claim(NOW, "me", 9)) == ["b"]
