"""What a serving program answers over HTTP: Telegram's deliveries, and how it is. The door to Starlette and uvicorn.

Telegram is told 200 once its update is on the disk. Not its job: what an update causes, the numbers of /metrics.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any, cast
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.intake import Intake
from bot.logs import log
from bot.refusal import Refusal
from bot.rounds import TooMuch
from bot.tally import Tally
from bot.watch import Watch
from bot.web_access import may_see_numbers
from storage.errors import StorageError

#: Bytes of one delivery; Telegram's are far smaller.
MOST_BYTES = 256 * 1024
#: Seconds after which Telegram shall come again.
RETRY_AFTER = {"Retry-After": "5"}
#: Deliveries that are taken in at a time; beyond, Telegram comes again.
MOST_AT_A_TIME = 500

_HEADER = "x-telegram-bot-api-secret-token"


def webhook(path: str, proof: str, intake: Intake, tally: Tally) -> BaseRoute:
    """Where deliveries arrive; only who knows `proof` is listened to."""

    def counted(outcome: str, answer: Response) -> Response:
        tally.deliveries[outcome] += 1
        return answer

    async def deliver(request: Request) -> Response:
        given = request.headers.get(_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, proof.encode()):
            return counted("secret", Response(status_code=401))
        body = await _body(request)
        if body is None:
            return counted("long", Response(status_code=413))
        return counted(*await _taken(intake, body))

    return Route(path, deliver, methods=["POST"])


def probes(watch: Watch, tally: Tally, admin_token: str = "") -> Sequence[BaseRoute]:
    """How the program is: alive, ready, and in numbers, these only for who may see them (`web_access`)."""

    async def healthy(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> Response:
        standing = sorted(watch.standing())
        if standing:
            return PlainTextResponse(f"standing still: {', '.join(standing)}\n", 503)
        return PlainTextResponse("".join(f"{line}\n" for line in ("ok", *sorted(watch.notices()))))

    async def metrics(request: Request) -> Response:
        if not may_see_numbers(request.client.host if request.client else "", request.headers, admin_token):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        # Only now: who does not ask for numbers need not load what writes them.
        from bot.metrics import CONTENT_TYPE, written

        return Response(written(tally), media_type=CONTENT_TYPE)

    return [Route("/healthz", healthy), Route("/readyz", ready), Route("/metrics", metrics)]


async def listen(places: dict[str, list[BaseRoute]], held: AsyncExitStack) -> None:
    """Answer at each place (host:port) by its routes, until `held` ends; raises Refusal where a place is taken."""
    for place, routes in places.items():
        config = uvicorn.Config(
            Starlette(routes=routes), log_config=None, access_log=False, lifespan="off", server_header=False,
            date_header=False, timeout_graceful_shutdown=5, limit_concurrency=MOST_AT_A_TIME,
        )  # fmt: skip
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=[_socket(place)]))
        held.push_async_callback(_end, server, task)
        log("listening", place=place)


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
        return socket.create_server((host.strip("[]"), int(port)), family=_family(host), backlog=512)
    except OSError as error:
        raise Refusal(f"{place}: cannot listen there ({error.strerror or type(error).__name__})") from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


async def _body(request: Request) -> bytes | None:
    """The body; None where it is too long, of which no more is read."""
    told = request.headers.get("content-length", "0")
    if not told.isdigit() or int(told) > MOST_BYTES:
        return None
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)


async def _taken(intake: Intake, body: bytes) -> tuple[str, Response]:
    """What became of a delivery, and the answer to it."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        update = None
    if not isinstance(update, dict):
        # It would be delivered again for a day, and hold up all others.
        log("delivery-unreadable", "warning", bytes=len(body))
        return "unreadable", Response()
    try:
        await intake.take([cast(dict[str, Any], update)])
    except (StorageError, TooMuch):
        return "later", Response(status_code=503, headers=RETRY_AFTER)
    return "taken", Response()


def path_of(address: str) -> str:
    """The path of a public address."""
    return urlsplit(address).path or "/"
