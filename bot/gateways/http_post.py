"""Posts over HTTP/1.1 and reads the answer: only what the Bot API needs, for a tenth of the CPU of a general client.

Connections are kept and used again. It is exact about what surely did not go out. Not its job: trying again.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

#: Seconds for which an idle connection is used again; servers close theirs after a minute or more.
IDLE = 25.0
#: Seconds for making a connection.
CONNECT = 10.0
#: Bytes of an answer: a hundred updates are far less.
MOST_BYTES = 64 * 1024 * 1024


class NotReached(Exception):
    """The server could not be connected to, so that the call surely had no effect."""


class Cut(Exception):
    """The connection ended before an answer came: the call may have had its effect."""


@dataclass(slots=True)
class _Head:
    """What the head of an answer says; `length` is None where the body is chunked or ends with the connection."""

    status: int
    length: int | None
    chunked: bool
    keeps: bool
    body_at: int


class Server:
    """One server, by the address of its root; at most `most` connections are kept."""

    def __init__(self, root: str, most: int = 32) -> None:
        parts = urlsplit(root)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._name = parts.netloc.rpartition("@")[2]
        self._idle: deque[tuple[_Connection, float]] = deque(maxlen=most)
        self._open: set[_Connection] = set()

    async def post(self, path: str, body: bytes, content_type: str, timeout: float) -> tuple[int, bytes]:
        """The status and the body of the answer within `timeout` seconds; raises NotReached or Cut."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._name}\r\nContent-Type: {content_type}\r\n"
            f"Content-Length: {len(body)}\r\nAccept: */*\r\n\r\n"
        )
        connection = self._kept() or await self._connected()
        status, answer = await connection.ask(head.encode("latin-1") + body, timeout)
        if connection.is_usable:
            self._idle.append((connection, asyncio.get_running_loop().time()))
        else:
            connection.close()
        return status, answer

    async def close(self) -> None:
        """End all connections."""
        self._idle.clear()
        for connection in tuple(self._open):
            connection.close()
        # One turn of the loop, in which they are really closed.
        await asyncio.sleep(0)

    def _kept(self) -> _Connection | None:
        oldest = asyncio.get_running_loop().time() - IDLE
        while self._idle:
            connection, used = self._idle.pop()
            if connection.is_usable and used > oldest:
                return connection
            connection.close()
        return None

    async def _connected(self) -> _Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT):
                _, connection = await loop.create_connection(
                    lambda: _Connection(self._open), self._host, self._port, ssl=self._tls
                )
        except (OSError, TimeoutError) as error:
            # The error's own text may hold more than a log should.
            raise NotReached(type(error).__name__) from None
        return connection


class _Connection(asyncio.Protocol):
    """One connection: one question at a time."""

    def __init__(self, register: set[_Connection]) -> None:
        self._register = register
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._buffer = bytearray()
        self._head: _Head | None = None
        self.is_usable = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not every loop's transports are of asyncio's own classes.
        self._transport = cast(asyncio.Transport, transport)
        self._register.add(self)
        self.is_usable = True

    def connection_lost(self, exc: Exception | None) -> None:
        self._register.discard(self)
        self.is_usable = False
        if self._head is not None and self._head.length is None and not self._head.chunked and exc is None:
            self._done(bytes(self._buffer[self._head.body_at :]))
        self._broken(type(exc).__name__ if exc is not None else "closed")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        try:
            self._read()
        except ValueError:
            self.is_usable = False
            self._broken("not HTTP")

    async def ask(self, question: bytes, timeout: float) -> tuple[int, bytes]:
        """Send and wait; afterwards the connection may not be usable any more."""
        transport = self._transport
        if transport is None or transport.is_closing():
            raise NotReached("closed")
        self._buffer.clear()
        self._head = None
        loop = asyncio.get_running_loop()
        self._answer = loop.create_future()
        timer = loop.call_later(timeout, self._broken, "timeout")
        transport.write(question)
        try:
            return await self._answer
        except BaseException:
            self.close()
            raise
        finally:
            timer.cancel()
            self._answer = None

    def close(self) -> None:
        """It is used no more."""
        self.is_usable = False
        if self._transport is not None:
            self._transport.close()

    def _read(self) -> None:
        if self._head is None:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self._head = _head(bytes(self._buffer[:end]), end + 4)
        head = self._head
        if len(self._buffer) > MOST_BYTES:
            raise ValueError
        if head.length is not None and len(self._buffer) >= head.body_at + head.length:
            self._done(bytes(self._buffer[head.body_at : head.body_at + head.length]))
        elif head.chunked and (body := _unchunked(self._buffer, head.body_at)) is not None:
            self._done(body)

    def _done(self, body: bytes) -> None:
        if self._head is None or self._answer is None or self._answer.done():
            return
        self.is_usable = self.is_usable and self._head.keeps
        self._answer.set_result((self._head.status, body))

    def _broken(self, reason: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Cut(reason))


def _head(lines: bytes, body_at: int) -> _Head:
    """Raises ValueError for what is no HTTP."""
    first, *others = lines.split(b"\r\n")
    version, status, *_ = first.split(b" ", 2)
    if not version.startswith(b"HTTP/1."):
        raise ValueError
    told = {name.strip().lower(): value.strip().lower() for name, _, value in (line.partition(b":") for line in others)}
    chunked = b"chunked" in told.get(b"transfer-encoding", b"")
    length = told.get(b"content-length")
    says = told.get(b"connection", b"keep-alive" if version.endswith(b"1.1") else b"close")
    return _Head(
        status=int(status), length=None if chunked or length is None else int(length), chunked=chunked,
        keeps=says != b"close" and (chunked or length is not None), body_at=body_at,
    )  # fmt: skip


def _unchunked(buffer: bytearray, at: int) -> bytes | None:
    """The body out of its chunks; None while some are missing. Raises ValueError."""
    body = bytearray()
    while True:
        end = buffer.find(b"\r\n", at)
        if end < 0:
            return None
        size = int(bytes(buffer[at:end]).partition(b";")[0], 16)
        at = end + 2
        if len(buffer) < at + size + 2:
            return None
        if size == 0:
            return bytes(body)
        body += buffer[at : at + size]
        at += size + 2
