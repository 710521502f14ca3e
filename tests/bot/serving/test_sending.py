"""Sends that go wrong, for minutes and hours of virtual time: nothing that was wanted is lost without a word."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from bot.alarms import LATELY
from bot.gateways.base import Delivery, NotSent, Refused, Sent, TokenUnknown, Unknown
from bot.gateways.telegram_text import Page
from bot.outage import LONGEST_TRIAL
from bot.rounds import SWEEP, TooMuch
from bot.watch import Watch
from storage.engine import reading
from storage.outbox import LEASE, REPEATS
from storage.tables import OUTBOX
from tests.bot.serving.fake import FakeClient, Talk, talking
from tests.storm.virtual_time import run

DOWN = NotSent(reason="status 500")
CUT = Unknown(reason="closed")
HOUR = 3600.0

#: (seconds since the start, chat, number of the try) -> what becomes of a send; None: it arrives.
Fate = Callable[[float, str, int], Delivery | None]
Play = Callable[[Talk], Awaitable[None]]


@dataclass
class Server(FakeClient):
    """A server with a fate for each send; `tries` and `arrived` are (seconds, chat, text)."""

    fate: Fate = lambda _at, _chat, _nth: None
    tries: list[tuple[float, str, str]] = field(default_factory=list[tuple[float, str, str]])
    arrived: list[tuple[float, str, str]] = field(default_factory=list[tuple[float, str, str]])

    async def say(self, chat: str, page: Page, *, over: int | None = None, plain: bool = False) -> Delivery:
        if self.hold is not None:
            await self.hold.wait()
        now = asyncio.get_running_loop().time()
        nth = sum(one[1:] == (chat, page.plain) for one in self.tries)
        self.tries.append((now, chat, page.plain))
        fate = self.fate(now, chat, nth)
        if fate is not None:
            return fate
        self.arrived.append((now, chat, page.plain))
        self.newest += 1
        return Sent(message=self.newest)

    def times(self, chat: str) -> list[float]:
        """When the first message of the chat was tried."""
        first = next(said for _, one, said in self.tries if one == chat)
        return [at for at, one, said in self.tries if (one, said) == (chat, first)]


@pytest.fixture
def _hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hours are to be quick: what waits for no moment that is known is looked at rarely."""
    monkeypatch.setattr("bot.rounds.IDLE", 30.0)


def served(database: Path, play: Play, fate: Fate, **changed: Any) -> Server:
    """The server after `play`, by a clock that goes with the loop's."""
    server = Server(fate=fate)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        start = datetime(2026, 3, 2, 1, tzinfo=UTC)

        def sends_by() -> datetime:
            return start + timedelta(seconds=loop.time())

        async with talking(database, server, sends_by=sends_by, **changed) as talk:
            await play(talk)

    run(main())
    return server


async def say(talk: Talk, said: str, *chats: str) -> None:
    """Each of them types this."""
    typed = {"sort": "text", "text": said, "message": 1}
    await talk.serving.intake.take([{"update_id": talk.number(), "chat": chat, **typed} for chat in chats])


def states(talk: Talk) -> Counter[str]:
    """How many messages are in each state."""
    with reading(talk.serving.parts.store.engine) as connection:
        return Counter(connection.execute(text("SELECT state FROM outbox")).scalars())


def given_up(talk: Talk) -> dict[tuple[str, str], int]:
    """What is not zero of what was given up."""
    return {what: count for what, count in talk.serving.parts.tally.given_up.items() if count}


CHATS = tuple(str(number) for number in range(100, 104))


@pytest.mark.parametrize("outcome", [DOWN, TokenUnknown()])
def test_case_21_minutes_of_an_outage_lose_nothing_and_recovery_is_quick(
    settings_of_ours: Path, outcome: Delivery
) -> None:
    async def play(talk: Talk) -> None:
        await say(talk, "/lamps", *CHATS)
        await asyncio.sleep(100)
        await say(talk, "/help", *CHATS)
        await asyncio.sleep(100 + 2 * LONGEST_TRIAL)
        assert set(states(talk)) == {"sent"}
        assert given_up(talk) == {}

    server = served(settings_of_ours, play, lambda at, _chat, _nth: outcome if at < 200 else None)
    assert len(server.arrived) == len({said[1:] for said in server.arrived})
    for chat in CHATS:
        assert len([said for _, one, said in server.arrived if one == chat]) == 3
    # One trial after the other, not every message by itself.
    assert len([at for at, _, _ in server.tries if at < 200]) <= 30


def test_case_15_the_pauses_are_doubled_up_to_a_minute(settings_of_ours: Path) -> None:
    async def play(talk: Talk) -> None:
        await say(talk, "/help", "7")
        await asyncio.sleep(300)

    server = served(settings_of_ours, play, lambda at, _chat, _nth: DOWN)
    at = server.times("7")
    pauses = [later - earlier for earlier, later in pairwise(at)]
    wanted = [1, 2, 4, 8, 16, 32, 60]
    assert [pause / due for pause, due in zip(pauses, wanted, strict=False)] == pytest.approx([1] * 7, abs=0.11)


def test_the_later_messages_of_a_chat_wait_and_other_chats_go_on(settings_of_ours: Path) -> None:
    async def play(talk: Talk) -> None:
        await say(talk, "/lamps", "7")
        await say(talk, "/help", "7", "8")
        await asyncio.sleep(5)
        assert {chat for _, chat, _ in server_of(talk).arrived} == {"8"}
        await asyncio.sleep(200)

    server = served(settings_of_ours, play, lambda at, chat, _nth: DOWN if chat == "7" and at < 60 else None)
    said = [said for _, chat, said in server.arrived if chat == "7"]
    order = [said for _, chat, said in sorted(server.tries) if chat == "7"]
    assert said == list(dict.fromkeys(order))
    assert len(said) == 3


def server_of(talk: Talk) -> Server:
    """The played server."""
    assert isinstance(talk.client, Server)
    return talk.client


@pytest.mark.usefixtures("_hours")
def test_case_15_a_reply_is_tried_for_an_hour_and_its_giving_up_is_heard_of(
    settings_of_ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the log, as a number, and by the admins, for an hour; the message after it has its own hour."""

    async def play(talk: Talk) -> None:
        watch = Watch(talk.serving)
        await say(talk, "/help", "7")
        await asyncio.sleep(HOUR - 60)
        assert given_up(talk) == {}
        await asyncio.sleep(180)
        assert given_up(talk) == {("reply", "expired"): 1}
        assert states(talk)["expired"] == 1
        assert "sending" in watch.standing()
        assert watch.notices() == {"sends"}
        await watch.look()
        await watch.look()
        await asyncio.sleep(LATELY + 60)
        assert watch.notices() == ({"sends"} if given_up(talk)["reply", "expired"] > 1 else set())

    server = served(settings_of_ours, play, lambda _at, chat, _nth: DOWN if chat == "7" else None, admin_ids="900")
    assert [said for _, chat, said in server.arrived if chat == "900" and "（sends）" in said]
    said = capsys.readouterr().out
    assert "action=given-up" in said
    assert "why=expired" in said


def test_case_14_a_minute_of_cut_connections_loses_no_reply(settings_of_ours: Path) -> None:
    """None of the cut sends has arrived; so few tries as may be made reach beyond the minute."""

    async def play(talk: Talk) -> None:
        await say(talk, "/help", *CHATS)
        await asyncio.sleep(180)
        assert set(states(talk)) == {"sent"}

    server = served(settings_of_ours, play, lambda at, _chat, _nth: CUT if at < 60 else None)
    assert max(Counter(one[1:] for one in server.tries).values()) <= 1 + REPEATS["reply"]


def test_case_14_what_always_stays_uncertain_is_given_up_after_a_stated_number(settings_of_ours: Path) -> None:
    """The copies are bounded, and the giving-up is told."""

    async def play(talk: Talk) -> None:
        await say(talk, "/help", "7")
        await asyncio.sleep(600)
        assert given_up(talk) == {("reply", "unknown"): 1}

    server = served(settings_of_ours, play, lambda _at, _chat, _nth: CUT)
    assert set(Counter(one[1:] for one in server.tries).values()) == {1 + REPEATS["reply"]}


@pytest.mark.usefixtures("_hours")
def test_an_outage_uses_up_the_tries_of_nobody(settings_of_ours: Path) -> None:
    """Ten minutes, forty chats: one at a time is tried, at most every few seconds."""
    chats = [str(number) for number in range(200, 240)]

    async def play(talk: Talk) -> None:
        await say(talk, "/menu", *chats)
        await asyncio.sleep(600 + 2 * LONGEST_TRIAL)
        assert given_up(talk) == {}
        assert set(states(talk)) == {"sent"}

    server = served(settings_of_ours, play, lambda at, _chat, _nth: DOWN if at < 600 else None)
    assert len([at for at, _, _ in server.tries if at < 600]) < 60


@pytest.mark.usefixtures("_hours")
def test_a_token_that_is_refused_costs_no_message_however_long(settings_of_ours: Path) -> None:
    async def play(talk: Talk) -> None:
        await say(talk, "/help", "7")
        await asyncio.sleep(1.2 * HOUR)
        assert not talk.serving.dispatch.knows_token
        await asyncio.sleep(120)
        assert talk.serving.dispatch.knows_token
        assert given_up(talk) == {}

    server = served(settings_of_ours, play, lambda at, _chat, _nth: TokenUnknown() if at < 1.2 * HOUR else None)
    assert len(server.arrived) == 1


def test_what_is_refused_for_good_is_told_and_holds_nobody_up(
    settings_of_ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def play(talk: Talk) -> None:
        await say(talk, "/help", "7")
        await asyncio.sleep(1)
        await say(talk, "/help", "7")
        await asyncio.sleep(1)
        assert given_up(talk) == {("reply", "failed"): 1}

    server = served(settings_of_ours, play, lambda at, _chat, _nth: Refused(reason="400") if at < 1 else None)
    assert len(server.arrived) == 1
    assert "reason=400" in capsys.readouterr().out


def test_case_29_an_end_sends_or_gives_back_all_that_was_claimed(settings_of_ours: Path) -> None:
    """The server hangs: what has begun may have arrived; what has not is ready, and nothing stays on its way."""

    async def play(talk: Talk) -> None:
        serving = talk.serving
        talk.client.hold = asyncio.Event()
        await say(talk, "/help", *(str(number) for number in range(300, 320)))
        await asyncio.sleep(1)
        assert states(talk)["sending"] == 8
        began = asyncio.get_running_loop().time()
        await serving.drain()
        assert asyncio.get_running_loop().time() - began < 10
        assert set(states(talk)) == {"ready"}
        with reading(serving.parts.store.engine) as connection:
            repeats = Counter(connection.execute(text("SELECT repeats FROM outbox")).scalars())
        assert repeats == {0: 12, 1: 8}
        with pytest.raises(TooMuch):
            await say(talk, "/help", "7")

    served(settings_of_ours, play, lambda _at, _chat, _nth: None)


def test_case_29_what_the_last_round_claims_is_given_back(settings_of_ours: Path) -> None:
    """It runs when the end comes, and nobody sends any more what it claims."""

    async def play(talk: Talk) -> None:
        serving = talk.serving
        await say(talk, "/help", "7")
        claiming = serving.dispatch.claiming()
        serving.dispatch.closing = True
        serving.dispatch.claiming = lambda: claiming
        await asyncio.sleep(2)
        serving.dispatch.claiming = lambda: replace(claiming, most=0)
        await serving.drain()
        assert set(states(talk)) <= {"ready", "sent"}

    served(settings_of_ours, play, lambda _at, _chat, _nth: None)


def test_a_claim_that_nobody_settles_is_taken_back_while_running(settings_of_ours: Path) -> None:
    """By the rule for a crash: it may have arrived, and goes out once more."""

    async def play(talk: Talk) -> None:
        await say(talk, "/help", "7")
        await asyncio.sleep(2)
        engine = talk.serving.parts.store.engine
        until = talk.serving.parts.sends_by
        assert until is not None
        with engine.begin() as connection:
            connection.execute(update(OUTBOX).values(state="sending", sender="lost", lease_until=until() + LEASE))
        await asyncio.sleep(LEASE.total_seconds() - 1)
        assert set(states(talk)) == {"sending"}
        await asyncio.sleep(SWEEP + 2)
        assert set(states(talk)) == {"sent"}

    assert len(served(settings_of_ours, play, lambda _at, _chat, _nth: None).arrived) == 2


def test_who_sends_a_thousand_messages_is_told_what_fits_the_last(settings_of_ours: Path) -> None:
    """What was said in passing gives way to the newest; what asked for something, and files, all come."""

    async def play(talk: Talk) -> None:
        for number in range(100):
            await say(
                talk, {10: "/privacy", 20: "/export", 30: "/lamps", 31: "/cancel"}.get(number, f"嗯{number}吗"), "7"
            )
            await say(talk, "/menu", "8") if number == 50 else None
            await asyncio.sleep(0.1)
        await asyncio.sleep(10)
        assert set(states(talk)) == {"sent", "cancelled"}
        assert states(talk)["cancelled"] > 60

    server = served(settings_of_ours, play, lambda _at, _chat, _nth: None, limit_chat="1/s")
    said = [said for _, chat, said in server.arrived if chat == "7"]
    assert len(said) < 25
    assert any("/forget" in one for one in said)
    assert any("您做哪一行" in one for one in said)
    assert [name.rpartition(".")[2] for _, name, _ in server.files] == ["json", "csv"]
    last = max(at for at, chat, _ in server.arrived if chat == "7")
    assert 10 <= last < 16
    assert next(at for at, chat, _ in server.arrived if chat == "8") == pytest.approx(5, abs=0.5)
