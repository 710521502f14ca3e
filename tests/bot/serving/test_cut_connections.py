"""A PostgreSQL server whose connections are cut, or which is restarted, loses nothing and blames nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot import rounds
from storage import locks
from storage.engine import reading
from storage.errors import StorageError
from tests.bot.serving.fake import Talk, talking
from tests.storage.cutting import again_and_again, way_to
from tests.storage.server import Server

#: What each person says, and what is to be heard in return.
SCRIPT = (("/lamps", "您做哪一行"), ("工厂", "一个月卖多少"), ("10万", "开了哪些店"), ("/help", "/"))


async def person(talk: Talk, chat: str, enough: Callable[[], bool]) -> int:
    """Goes through the script again and again; each update is delivered until it is taken. How many were."""
    said = 0
    while not enough() or said % len(SCRIPT):
        update = {
            "update_id": talk.number(), "sort": "text", "chat": chat, "text": SCRIPT[said % len(SCRIPT)][0],
            "message": 100 + said,
        }  # fmt: skip
        while True:
            try:
                await talk.serving.intake.take([update])
                break
            except StorageError:
                await asyncio.sleep(0.01)
        said += 1
    return said


async def told(talk: Talk, updates: int) -> None:
    """Each update is in the inbox once and done, each message of the outbox is sent once, and no more was said."""
    async with asyncio.timeout(20):
        while states(talk, "outbox").keys() != {"sent"} or talk.serving.dispatch.kept:
            await asyncio.sleep(0.02)
    assert states(talk, "inbox") == {"done": updates}
    assert len(talk.client.said) + len(talk.client.noted) == states(talk, "outbox")["sent"]
    with reading(talk.serving.parts.store.engine) as connection:
        answered = connection.execute(text("SELECT count(DISTINCT (owner, event)) FROM outbox")).scalar_one()
    assert answered == updates


def states(talk: Talk, table: str) -> dict[str, int]:
    with reading(talk.serving.parts.store.engine) as connection:
        return {str(state): many for state, many in _counted(connection, table)}


def _counted(connection: Any, table: str) -> list[tuple[str, int]]:
    return connection.execute(text(f"SELECT state, count(*) FROM {table} GROUP BY state")).all()


def through(server_url: str, port: int) -> str:
    """The same database by way of a port."""
    name = server_url.split("/")[3].split("?")[0]
    return f"postgresql://postgres@127.0.0.1:{port}/{name}"


async def talked(url: str, trouble: AbstractContextManager[Any], enough: Callable[[], bool]) -> int:
    """Some people talk, in `trouble`, until it is enough; how many updates there were, all of them answered once."""
    with locks.hold(url, "serve") as held:
        async with talking(url, held=held) as talk:
            with trouble:
                spoken = await asyncio.gather(*(person(talk, str(chat), enough) for chat in range(10, 16)))
            assert talk.serving.rounds.waiting == 0
            await told(talk, sum(spoken))
            assert talk.serving.parts.tally.failed_events == 0
            return sum(spoken)


@pytest.mark.parametrize("cuts", [30, pytest.param(300, marks=pytest.mark.slow)])
def test_case_06_cut_connections_lose_no_event_and_no_reply(
    settings_of_ours: Path, server_url: str, postgresql: Server, monkeypatch: pytest.MonkeyPatch, cuts: int
) -> None:
    """Every 10 to 50 ms all of them are cut in the middle of whatever they do."""
    monkeypatch.setattr(rounds, "PAUSE", 0.01)

    def over() -> bool:
        return way.cuts >= cuts

    async def main() -> int:
        # What is not taken in by then is delivered again without trouble.
        trouble = again_and_again(lambda: over() or way.cut())
        return await talked(through(server_url, way.port), trouble, over)

    with way_to(postgresql.socket) as way:
        assert asyncio.run(main()) >= 24


def test_case_06_a_restarted_server_is_found_again(
    settings_of_ours: Path, server_url: str, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connections end with 57P01, it answers with 57P03 for a while; the lease is still ours afterwards."""
    monkeypatch.setattr(rounds, "PAUSE", 0.01)

    async def main() -> int:
        restarted = asyncio.create_task(asyncio.to_thread(postgresql.restart))
        return await talked(server_url, nullcontext(), restarted.done)

    assert asyncio.run(main()) >= 24
