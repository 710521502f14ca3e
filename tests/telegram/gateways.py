"""Both libraries' clients, each with a double whose judge is the other library."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Literal, TypeVar, cast

from bot.gateways.telegram_client import Client
from bot.gateways.telegram_library import client
from tests.telegram.double import TOKEN, Double
from tests.telegram.models import JUDGES

Library = Literal["ptb", "aiogram"]
LIBRARIES: tuple[Library, ...] = ("ptb", "aiogram")
CHAT = 1001

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """In a loop of its own, for a minute at most."""

    async def limited() -> Result:
        async with asyncio.timeout(60):
            return await work

    return asyncio.run(limited())


@asynccontextmanager
async def talking(library: Library) -> AsyncIterator[tuple[Double, Client]]:
    """A client that knows who it is, and a double with one chat."""
    async with Double(JUDGES[library]) as double:
        double.chat(CHAT)
        one = client(library, double.root, TOKEN)
        try:
            await one.open()
            yield double, one
        finally:
            await one.close()


def reader(library: str) -> Client:
    """A client that is never opened: it reads updates."""
    return client(cast(Library, library), "http://127.0.0.1:9", TOKEN)
