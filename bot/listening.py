"""Listens for HTTP on a place of this machine, so that slow clients keep nobody out. The only door to uvicorn.

uvicorn has a limit for idle connections only: half a header, or a body that never ends, it waits for without end.
Not its job: what is answered (`web`).
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import AsyncExitStack
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.connections import Connections
from bot.logs import log
from bot.refusal import Refusal

#: Seconds in which a request must be there as a whole, from the connection or the request's first byte on.
DEADLINE = 10.0
#: Seconds in which an answer must be taken: Telegram itself waits for one as long.
ANSWER = 60.0
#: Seconds for which an idle connection is kept.
KEEP_ALIVE = 5
#: Bytes of a head; Telegram's has some 300.
MOST_HEAD = 16 * 1024
#: Connections that wait to be accepted. More are not taken at once, so that files do not run out.
BACKLOG = 128


async def listen_at(place: str, app: Any, held: AsyncExitStack) -> None:
    """Answer by an ASGI app at `place` (host:port), until `held` ends; raises Refusal where it is taken."""
    connections = Connections()

    class Bounded(_Bounded):
        register = connections

    config = uvicorn.Config(
        app, http=Bounded, ws="none", log_config=None, access_log=False, lifespan="off", server_header=False,
        date_header=False, timeout_graceful_shutdown=5, backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE, proxy_headers=False,
    )  # fmt: skip
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[_socket(place)]))
    held.push_async_callback(_end, server, task)
    log("listening", place=place)


class _Bounded(HttpToolsProtocol):
    """A connection with a deadline for each request and each answer, and a place in the register."""

    register: Connections
    _timer: asyncio.TimerHandle | None = None
    _head: int = 0
    _in_head: bool = True
    #: A request has begun, and is not there as a whole.
    _in_request: bool = False

    def connection_made(self, transport: Any) -> None:
        """Take the place, or be gone at once."""
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        if not self.register.admit(self, address, transport.abort, self.loop.time()):
            transport.abort()
            return
        self._within(DEADLINE)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._stop()
        self.register.gone(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some of a request."""
        if self._timer is None:
            self._within(DEADLINE)
        super().data_received(data)
        self._head += len(data)
        if self._in_head and self._head > MOST_HEAD:
            self.transport.abort()

    def on_message_begin(self) -> None:
        """Another request, maybe in the same bytes as the end of the one before."""
        super().on_message_begin()
        self._head, self._in_head, self._in_request = 0, True, True

    def on_headers_complete(self) -> None:
        """The body follows."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is there, and is answered, unless it was refused before it was read."""
        self._in_request = False
        self._stop()
        if not self.cycle.response_complete:
            self.register.busy(self)
            self._within(ANSWER)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is written; the next request may be there as a whole, in part, or not at all."""
        self._stop()
        if self._in_request:
            self._within(DEADLINE)
        elif self.pipeline:
            self._within(ANSWER)
        if self._in_request or not self.pipeline:
            self.register.waits(self, self.loop.time())
        super().on_response_complete()

    def timeout_keep_alive_handler(self) -> None:
        """Idle for too long: also where the answer was never taken."""
        self.transport.abort()

    def _within(self, seconds: float) -> None:
        self._timer = self.loop.call_later(seconds, self._late)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        self.transport.abort()


class _Server(uvicorn.Server):
    """Leaves signals to the program around it."""

    def capture_signals(self) -> Any:
        """None are caught."""
        return _NOTHING


class _Nothing:
    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass


_NOTHING = _Nothing()


async def _end(server: uvicorn.Server, task: asyncio.Task[None]) -> None:
    server.should_exit = True
    await asyncio.wait({task}, timeout=6)


def _socket(place: str) -> socket.socket:
    host, _, port = place.rpartition(":")
    try:
        return socket.create_server((host.strip("[]"), int(port)), family=_family(host), backlog=BACKLOG)
    except OSError as error:
        raise Refusal(f"{place}: cannot listen there ({error.strerror or type(error).__name__})") from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
