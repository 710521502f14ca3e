"""Rounds go on whatever happens: what cannot be kept is found and set aside, what can be tried again is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import text

from bot.gateways.base import Sent
from bot.rounds import Arrival
from dialogs.events import TextReceived
from storage.engine import reading
from storage.errors import DatabaseUnreachable, StorageError
from storage.store import Done, Store
from tests.bot.serving.fake import FakeClient, Talk, talking

#: What the database is made to refuse, as an event's answer or in whatever it is kept.
POISON = "99999999"


def played(url: str, play: Callable[[Talk], Awaitable[None]], client: FakeClient | None = None) -> FakeClient:
    """The client after `play`."""

    async def main() -> FakeClient:
        async with talking(url, client) as talk:
            await play(talk)
            return talk.client

    return asyncio.run(main())


def rows(talk: Talk, query: str) -> list[tuple[Any, ...]]:
    with reading(talk.serving.parts.store.engine) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def refuse(talk: Talk, table: str, column: str) -> None:
    """From now on the database takes no row of the table with the poison in it."""
    engine = talk.serving.parts.store.engine
    check = f"NEW.{column} LIKE '%{POISON}%'"
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {table} ADD CHECK ({column} NOT LIKE '%{POISON}%')"))
            return
        for what in ("INSERT", "UPDATE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER refuse_{table}_{what} BEFORE {what} ON {table} WHEN {check}"
                " BEGIN SELECT RAISE(ABORT, 'no'); END"
            )


async def at_the_money(talk: Talk, *chats: str) -> None:
    """These people are asked for a sum."""
    for chat in chats:
        await talk.type("/lamps", chat=chat)
        await talk.type("工厂", chat=chat)


def typed(talk: Talk, chat: str, said: str) -> dict[str, Any]:
    return {"update_id": talk.number(), "sort": "text", "chat": chat, "text": said, "message": 500}


async def together(talk: Talk, *updates: dict[str, Any]) -> list[BaseException | None]:
    """Each is delivered by itself, all in one round; how each ended."""
    taken = [talk.serving.intake.take([one]) for one in updates]
    ended = await asyncio.gather(*taken, return_exceptions=True)
    await talk.settle()
    return ended


def answered(client: FakeClient, chat: str) -> str:
    return next(said for to, _, said in reversed(client.said) if to == chat)


def test_what_the_database_refuses_is_kept_as_failed_and_the_others_are_answered(either: str) -> None:
    """Its owner is told, and it may be tried again."""

    async def play(talk: Talk) -> None:
        chats = [str(number) for number in range(10, 19)]
        await at_the_money(talk, *chats)
        refuse(talk, "conversation", "answers")
        said = {chat: POISON if chat == "14" else "10万" for chat in chats}
        assert set(await together(talk, *(typed(talk, chat, what) for chat, what in said.items()))) == {None}
        (failed,) = talk.serving.parts.store.failed()
        assert failed.raw["chat"] == "14"
        assert failed.error.startswith("StatementRefused at ")
        assert talk.serving.parts.tally.failed_events == 1
        assert rows(talk, "SELECT count(*) FROM inbox WHERE state = 'ignored'") == [(0,)]
        assert all("开了哪些店" in answered(talk.client, chat) for chat in chats if chat != "14")
        assert "出错了" in answered(talk.client, "14")
        await talk.type("5万", chat="14")
        assert "开了哪些店" in answered(talk.client, "14")

    played(either, play)


def test_of_what_cannot_be_kept_at_all_it_is_known_that_it_came(either: str) -> None:
    """Without its content; a delivery of it is not taken in again."""

    async def play(talk: Talk) -> None:
        await at_the_money(talk, "7", "8")
        refuse(talk, "inbox", "raw")
        poison = typed(talk, "7", POISON)
        assert await together(talk, poison, typed(talk, "8", "10万")) == [None, None]
        (failed,) = talk.serving.parts.store.failed()
        assert (failed.raw, failed.error) == ({}, "StatementRefused")
        assert "开了哪些店" in answered(talk.client, "8")
        await talk.serving.intake.take([poison])
        assert len(talk.serving.parts.store.failed()) == 1

    played(either, play)


@pytest.mark.parametrize("chat", ["\ud800", "7\x00", "\udfff8"])
def test_case_43_a_chat_that_no_database_can_name_ends_nothing(either: str, chat: str) -> None:
    async def play(talk: Talk) -> None:
        assert await together(talk, typed(talk, chat, "/lamps"), typed(talk, "8", "/lamps")) == [None, None]
        await talk.type("工厂", chat="8")
        assert "一个月卖多少" in answered(talk.client, "8")

    played(either, play)


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd(TextReceived):
    """An event with a field that Python itself cannot make JSON of."""

    odd: object = field(default_factory=object)


def test_a_mistake_of_ours_in_one_event_is_that_events_alone(either: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is raised, it ends neither the rounds nor what the others wait for."""

    async def play(talk: Talk) -> None:
        now = talk.clock()
        odd = Odd(id="odd", at=now, channel="telegram", chat="7", text="a")
        sound = TextReceived(id="sound", at=now, channel="telegram", chat="8", text="/lamps")
        offered = [talk.serving.rounds.offer([Arrival(event=one)]) for one in (odd, sound)]
        assert await asyncio.gather(*offered) == [None, None]
        await talk.settle()
        (failed,) = talk.serving.parts.store.failed()
        assert failed.event == "odd"
        assert talk.client.said[-1][0] == "8"

    played(either, play)
    assert "not-kept" in capsys.readouterr().out


def test_a_number_that_no_column_holds_costs_the_number_and_no_message(either: str) -> None:
    """What Telegram calls a message is its own affair; that it has arrived is known."""
    client = FakeClient(outcomes=[Sent(message=2**70)])

    async def play(talk: Talk) -> None:
        await talk.type("/menu")
        await talk.type("/help")
        assert rows(talk, "SELECT DISTINCT state FROM outbox") == [("sent",)]

    assert len(played(either, play, client).said) == 2


class Failing:
    """Makes the rounds fail: `raises` says for a round's events what it ends with, before or after its commit."""

    def __init__(
        self, patch: pytest.MonkeyPatch, raises: Callable[[set[str]], Exception | None], *, after: bool
    ) -> None:
        real = Store.round

        def round_(store: Store, work: Any, step: Any, memory: Any) -> Done:
            error = raises({event.chat for event in work.events})
            if error is not None and not after:
                raise error
            done = real(store, work, step, memory)
            if error is not None:
                raise error
            return done

        patch.setattr(Store, "round", round_)


def test_where_the_database_fails_while_a_culprit_is_sought_nobody_is_blamed(
    either: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept by then is told so, the rest is delivered again and answered; nothing is kept as failed."""
    state = {"cut": False}

    def raises(chats: set[str]) -> Exception | None:
        if state["cut"] and len(chats) > 2:
            return ValueError("something of these")
        return DatabaseUnreachable() if state["cut"] and chats & {"16"} else None

    async def play(talk: Talk) -> None:
        chats = [str(number) for number in range(10, 18)]
        await at_the_money(talk, *chats)
        state["cut"] = True
        updates = [typed(talk, chat, "10万") for chat in chats]
        ended = await together(talk, *updates)
        assert [one is None for one in ended] == [True] * 6 + [False] * 2
        assert all(isinstance(one, StorageError) for one in ended if one is not None)
        state["cut"] = False
        assert set(await together(talk, *updates)) == {None}
        assert rows(talk, "SELECT DISTINCT state FROM inbox") == [("done",)]
        said = [(chat, text) for chat, _, text in talk.client.said if "开了哪些店" in text]
        assert sorted(chat for chat, _ in said) == chats

    Failing(monkeypatch, raises, after=False)
    played(either, play)


@pytest.mark.parametrize("error", [DatabaseUnreachable(), OSError(24, "too many files"), MemoryError()])
def test_the_machine_is_no_events_fault(either: str, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    state = {"down": True}
    Failing(monkeypatch, lambda chats: error if state["down"] and chats else None, after=False)

    async def play(talk: Talk) -> None:
        update = typed(talk, "7", "/lamps")
        (ended,) = await together(talk, update)
        assert isinstance(ended, StorageError)
        state["down"] = False
        assert await together(talk, update) == [None]
        assert rows(talk, "SELECT state FROM inbox") == [("done",)]

    assert len(played(either, play).said) == 1


def test_what_was_claimed_in_a_commit_that_was_told_to_have_failed_goes_out_once(
    either: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection ended between the commit and its answer; the update is delivered again."""
    state = {"cut": True}

    def raises(chats: set[str]) -> Exception | None:
        if chats and state["cut"]:
            state["cut"] = False
            return DatabaseUnreachable()
        return None

    Failing(monkeypatch, raises, after=True)

    async def play(talk: Talk) -> None:
        update = typed(talk, "7", "/lamps")
        (ended,) = await together(talk, update)
        assert isinstance(ended, DatabaseUnreachable)
        assert await together(talk, update) == [None]
        assert rows(talk, "SELECT DISTINCT state, repeats FROM outbox") == [("sent", 0)]

    assert len(played(either, play).said) == 1


def test_a_message_on_its_way_is_not_taken_for_a_lost_one(either: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A round fails while it is sent: it goes out once."""
    state = {"cut": False}
    Failing(monkeypatch, lambda _chats: DatabaseUnreachable() if state["cut"] else None, after=False)
    client = FakeClient(hold=asyncio.Event())

    async def play(talk: Talk) -> None:
        assert client.hold is not None
        await talk.serving.intake.take([typed(talk, "7", "/lamps")])
        while not client.at_once:
            await asyncio.sleep(0.005)
        state["cut"] = True
        (ended,) = await asyncio.gather(talk.serving.intake.take([typed(talk, "7", "/menu")]), return_exceptions=True)
        assert isinstance(ended, DatabaseUnreachable)
        state["cut"] = False
        await talk.serving.intake.take([typed(talk, "8", "/menu")])
        client.hold.set()
        await talk.settle()
        assert rows(talk, "SELECT DISTINCT state, repeats FROM outbox") == [("sent", 0)]

    assert sorted(chat for chat, _, _ in played(either, play, client).said) == ["7", "8"]
