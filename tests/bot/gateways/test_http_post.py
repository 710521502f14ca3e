"""Our own HTTP: what it reads of an answer, and what it says where none comes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from bot.gateways.http_post import Cut, NotReached, Server

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def asked(serve: Serve, times: int = 1, timeout: float = 2.0) -> list[tuple[int, bytes]]:
    """What `times` posts to such a server give."""

    async def main() -> list[tuple[int, bytes]]:
        listening = await asyncio.start_server(serve, "127.0.0.1", 0)
        server = Server(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
        try:
            return [await server.post("/x", b"{}", "application/json", timeout) for _ in range(times)]
        finally:
            await server.close()
            listening.close()

    return asyncio.run(main())


def answering(*pieces: bytes, ends: bool = False) -> Serve:
    """A server that answers each question with these pieces."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, EOFError, asyncio.CancelledError):
            while await reader.readuntil(b"{}"):
                for piece in pieces:
                    writer.write(piece)
                    await asyncio.sleep(0.005)
                if ends:
                    break
        writer.close()

    return serve


@pytest.mark.parametrize(
    ("pieces", "ends", "wanted"),
    [
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",), False, (200, b"ok")),
        ((b"HTTP/1.1 429 Too", b" Many\r\ncontent-LENGTH: 4\r", b"\n\r\nbo", b"dy"), False, (429, b"body")),
        ((CHUNKED, b"2;x=y\r\nde\r\n0\r\n\r\n"), False, (200, b"abcde")),
        ((b"HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n<html>",), True, (502, b"<html>")),
        ((b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",), True, (200, b"")),
    ],
)  # fmt: skip
def test_an_answer_is_read_however_it_comes(pieces: tuple[bytes, ...], ends: bool, wanted: tuple[int, bytes]) -> None:
    """In pieces, in chunks, or up to the end of the connection; twice, since connections are used again."""
    assert asked(answering(*pieces, ends=ends), times=2) == [wanted] * 2


@pytest.mark.parametrize(
    "pieces", [(), (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok",), (b"nonsense\r\n\r\n",), (b"HTTP/1.1 200",)]
)
def test_case_14_what_ends_before_the_answer_may_have_had_its_effect(pieces: tuple[bytes, ...]) -> None:
    """The question was written, so nobody knows."""
    with pytest.raises(Cut):
        asked(answering(*pieces, ends=True))


def test_case_14_so_does_what_takes_too_long() -> None:
    """Whatever may still come."""
    with pytest.raises(Cut, match="timeout"):
        asked(answering(), timeout=0.05)


def test_case_15_nobody_there_means_surely_no_effect() -> None:
    """Then it may be tried again freely."""

    async def main() -> None:
        await Server("http://127.0.0.1:9").post("/x", b"", "text/plain", 1)

    with pytest.raises(NotReached):
        asyncio.run(main())
