"""What a serving program answers over HTTP: Telegram's deliveries, and how it is. The door to Starlette.

Telegram is told 200 once its update is on the disk. Not its job: what an update causes, the numbers of /metrics,
connections (`listening`).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Protocol
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.listening import listen_at
from bot.rounds import TooMuch
from bot.tally import Tally
from bot.watch import Readiness
from bot.web_access import may_see_numbers
from storage.errors import StorageError

#: Bytes of one delivery; Telegram's are far smaller.
MOST_BYTES = 256 * 1024
#: Seconds after which Telegram shall come again.
RETRY_AFTER = {"Retry-After": "5"}

_HEADER = "x-telegram-bot-api-secret-token"


class Receiver(Protocol):
    """Takes updates in."""

    async def take(self, updates: Sequence[object]) -> None:
        """All of them; raises StorageError or TooMuch, and then they are to be delivered again."""
        ...


class Watched(Protocol):
    """Knows whether the program gets on."""

    def readiness(self) -> Readiness:
        """How it is now."""
        ...


def webhook(path: str, proof: str, intake: Receiver, tally: Tally | None = None) -> BaseRoute:
    """Where deliveries arrive; only who knows `proof` is listened to."""

    counts = (tally or Tally()).deliveries

    def counted(outcome: str, answer: Response) -> Response:
        counts[outcome] += 1
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


def probes(watch: Watched, tally: Tally, admin_token: str = "") -> Sequence[BaseRoute]:
    """How the program is: alive, ready, and in numbers, these only for who may see them (`web_access`)."""

    async def healthy(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> Response:
        found = watch.readiness()
        return PlainTextResponse("".join(f"{line}\n" for line in found.lines), 200 if found.ready else 503)

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
        await listen_at(place, Starlette(routes=routes), held)


async def _body(request: Request) -> bytes | None:
    """The body; None where it is too long, of which no more is read, or did not come to its end."""
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
        return None
    return bytes(body)


async def _taken(intake: Receiver, body: bytes) -> tuple[str, Response]:
    """What became of a delivery, and the answer to it."""
    try:
        update: object = json.loads(body)
    except (ValueError, RecursionError):
        # It is kept all the same: refused, it would be delivered again for a day, and hold up all others.
        update = body.decode("utf-8", "backslashreplace")
    try:
        await intake.take([update])
    except (StorageError, TooMuch):
        return "later", Response(status_code=503, headers=RETRY_AFTER)
    return "taken" if isinstance(update, dict) else "unreadable", Response()


def path_of(address: str) -> str:
    """The path of a public address."""
    return urlsplit(address).path or "/"
