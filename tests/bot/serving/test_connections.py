"""Slow clients: each request has a deadline, and too many connections make way for those that say something."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest

from bot import listening, web
from bot.connections import GRACE, Connections
from bot.tally import Tally
from bot.watch import Readiness
from tests.bot.serving.test_web import ask, free_port
from tests.telegram.gateways import run

HEAD = b"POST /hook HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: 0123456789abcdef\r\n"
#: What a slow client has said so far: nothing, half a head, a head and half a body.
HALVES = (
    b"",
    b"\r\n",
    b"GET",
    HEAD,
    HEAD + b"Content-Length: 99\r\n\r\n{",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
)


class Well:
    """Is well, and takes nothing in."""

    def readiness(self) -> Readiness:
        return Readiness(ready=True, lines=("ok",))

    async def take(self, updates: Any) -> None:
        pass


async def opened(held: AsyncExitStack, port: int, said: bytes) -> asyncio.StreamReader:
    """A connection on which nothing more is said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    held.callback(writer.close)
    writer.write(said)
    return reader


async def listens(held: AsyncExitStack) -> int:
    """The port where the webhook and the probes are."""
    port = free_port()
    routes = [web.webhook("/hook", "0123456789abcdef", Well()), *web.probes(Well(), Tally())]
    await web.listen({f"127.0.0.1:{port}": routes}, held)
    return port


@pytest.mark.parametrize("said", HALVES, ids=range(len(HALVES)))
@pytest.mark.parametrize("before", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"], ids=["new", "used"])
def test_who_does_not_finish_is_cut_off(monkeypatch: pytest.MonkeyPatch, said: bytes, before: bytes) -> None:
    """On a new connection, and on one that has asked for something before."""
    monkeypatch.setattr(listening, "DEADLINE", 0.1)
    monkeypatch.setattr(listening, "KEEP_ALIVE", 1)

    async def main() -> None:
        async with AsyncExitStack() as held, asyncio.timeout(20):
            port = await listens(held)
            reader = await opened(held, port, before + said)
            answer = b""
            with suppress(ConnectionError):
                answer = await reader.read(-1)
            assert answer.startswith(b"HTTP/1.1 200") is bool(before)
            assert answer.count(b"HTTP/1.1") == bool(before)

    run(main())


def test_a_drop_now_and_then_does_not_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline is that of the whole request."""
    monkeypatch.setattr(listening, "DEADLINE", 0.2)

    async def main() -> None:
        async with AsyncExitStack() as held, asyncio.timeout(20):
            reader, writer = await asyncio.open_connection("127.0.0.1", await listens(held))
            held.callback(writer.close)
            writer.write(HEAD)
            while not reader.at_eof() and reader.exception() is None:
                writer.write(b"a: b\r\n")
                await asyncio.sleep(0.02)

    run(main())


def test_a_head_without_end_is_cut_off() -> None:
    """Long before the deadline: it would fill the memory."""

    async def main() -> None:
        async with AsyncExitStack() as held, asyncio.timeout(5):
            reader = await opened(held, await listens(held), HEAD + b"a: b\r\n" * listening.MOST_HEAD)
            with suppress(ConnectionError):
                assert await reader.read() == b""

    run(main())


@pytest.mark.parametrize("grace", [0.0, 3600.0])
def test_half_open_connections_keep_nobody_out(monkeypatch: pytest.MonkeyPatch, grace: float) -> None:
    """Eleven hundred from one address, while others from the same place are answered at once."""
    monkeypatch.setattr("bot.connections.GRACE", grace)

    async def main() -> None:
        async with AsyncExitStack() as held, asyncio.timeout(30):
            port = await listens(held)
            for number in range(1100):
                await opened(held, port, HALVES[number % len(HALVES)])
                if number % 100 == 0:
                    async with asyncio.timeout(5):
                        assert (await ask(port, "GET", "/healthz"))[0] == 200
            async with asyncio.timeout(5):
                token = {"X_Telegram_Bot_Api_Secret_Token": "0123456789abcdef"}
                assert (await ask(port, "POST", "/hook", b'{"update_id": 1}', **token))[0] == 200

    run(main())


# ---- Who gives way


def register(most_by_address: int = 2, most: int = 4) -> tuple[Connections, list[str]]:
    """With the names of those that were cut."""
    return Connections(most_by_address=most_by_address, most=most), []


def come(held: Connections, cut: list[str], *names: str, since: float = 0.0) -> list[bool]:
    """Connections `address-number`, a minute after one another; which of them were let in."""
    return [
        held.admit(name, name.partition("-")[0], lambda name=name: cut.append(name), since + 60.0 * number)
        for number, name in enumerate(names)
    ]


def test_the_oldest_of_an_address_gives_way() -> None:
    held, cut = register()
    assert come(held, cut, "a-1", "b-1", "a-2", "a-3", "a-4") == [True] * 5
    assert cut == ["a-1", "a-2"]


def test_many_that_come_at_one_time_are_heard_out_while_there_is_room() -> None:
    """Through a proxy all come from one address."""
    held, cut = register(most=3)
    for number in range(3):
        assert held.admit(number, "a", lambda: cut.append("a"), 100.0 + number * GRACE / 3)
    assert cut == []
    assert held.admit(3, "a", lambda: None, 100.9)
    assert cut == ["a"]


def test_who_is_answered_gives_way_to_nobody() -> None:
    held, cut = register(most=3)
    come(held, cut, "a-1", "a-2")
    held.busy("a-1")
    held.busy("a-2")
    assert come(held, cut, "a-3", since=600) == [True]
    held.busy("a-3")
    assert come(held, cut, "b-1", since=700) == [False]
    held.waits("a-1", 800)
    assert come(held, cut, "b-1", since=900) == [True]
    assert cut == ["a-1"]


def test_of_all_the_address_with_most_gives_way() -> None:
    held, cut = register(most_by_address=3)
    come(held, cut, "b-1", "a-1", "a-2", "a-3", "c-1")
    assert cut == ["a-1"]


def test_who_is_gone_leaves_room_once() -> None:
    held, cut = register()
    come(held, cut, "a-1", "a-2")
    held.gone("a-1")
    held.gone("a-1")
    held.waits("a-1", 300)
    held.busy("a-1")
    assert come(held, cut, "a-3", since=300) == [True]
    assert cut == []
