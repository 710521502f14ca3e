"""Two programs on one database, and a database that is taken away: from outside, as processes."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.telegram.double import Double
from tests.telegram.serving import SECRET, Serve
from tests.telegram.talking import settled

#: Seconds: what a killed program's lease lasts, and the start of a program on a busy machine.
LEASE, START = 15, 15


def run(work: Callable[[Double], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        async with Double() as double:
            return await work(double)

    return asyncio.run(main())


def a_program(double: Double, folder: Path, url: str) -> Serve:
    folder.mkdir()
    # Each listens at an address of its own, and Telegram delivers to one only.
    return Serve(
        double, folder, "ptb", hook=True, LAMPWISE_DATABASE_URL=url, LAMPWISE_ADMIN_IDS="900", flags=("--take-over",)
    )


async def ready(serve: Serve) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{serve.root}/readyz") as answer:
            return answer.status, await answer.text()


async def delivered(serve: Serve, update: dict[str, Any]) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{serve.root}/hook", json=update, headers=headers) as answer:
            return answer.status


async def ended(serve: Serve, seconds: float) -> int:
    assert serve.process is not None
    async with asyncio.timeout(seconds):
        return await serve.process.wait()


async def refused(serve: Serve) -> str:
    """What a start says that comes to nothing."""
    with pytest.raises(AssertionError, match="it ended with 2"):
        await serve.start()
    return serve.said()


def test_a_database_file_that_is_deleted_ends_the_program_with_a_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "lampwise.db"

    async def work(double: Double) -> None:
        admin = double.chat(900)
        async with a_program(double, tmp_path / "1", f"sqlite:///{file}") as serve:
            double.chat(7).says("/menu")
            await settled(double.chat(7), 0)
            file.unlink()
            assert await ended(serve, 20) == 2
            said = serve.said()
            assert (
                f"was deleted or replaced while the program had it open; put the right file in its place: {file}"
                in said
            )
            assert '"what": "file"' in said
            await admin.until(lambda seen: any("（file）" in one.text for one in seen))
        assert not file.exists()

    run(work)


@pytest.mark.slow
def test_case_28_a_second_program_on_a_server_is_refused_and_the_first_goes_on(tmp_path: Path, server_url: str) -> None:
    async def work(double: Double) -> None:
        async with a_program(double, tmp_path / "1", server_url) as first:
            said = await refused(a_program(double, tmp_path / "2", server_url))
            assert "lease-awaited" in said
            assert "another `lampwise serve` runs on this database" in said
            double.chat(7).says("/menu")
            await settled(double.chat(7), 0)
            assert await first.end() == 0
            # A clean end gives the lease back: nobody waits for it.
            third = a_program(double, tmp_path / "3", server_url)
            async with third:
                assert "lease-awaited" not in third.said()

    run(work)


@pytest.mark.slow
def test_case_24_28_a_killed_program_is_followed_within_the_lease(tmp_path: Path, server_url: str) -> None:
    async def work(double: Double) -> None:
        clock = asyncio.get_running_loop().time
        async with a_program(double, tmp_path / "1", server_url) as first:
            await first.kill()
            begun = clock()
            async with a_program(double, tmp_path / "2", server_url) as second:
                assert clock() - begun < LEASE + START
                assert "lease-awaited" in second.said()
                double.chat(7).says("/menu")
                await settled(double.chat(7), 0)

    run(work)


def said_to_people(double: Double) -> int:
    """The admins are told that there is a program that stands still."""
    return sum(call.chat in (7, 8, 9) for call in double.calls("sendMessage"))


@pytest.mark.slow
def test_case_24_who_slept_through_its_lease_writes_and_sends_nothing(tmp_path: Path, server_url: str) -> None:
    """And goes on when the other one has ended."""

    async def work(double: Double) -> None:
        async with a_program(double, tmp_path / "1", server_url) as first:
            double.chat(7).says("/menu")
            await settled(double.chat(7), 0)
            assert first.process is not None
            os.kill(first.process.pid, signal.SIGSTOP)
            async with a_program(double, tmp_path / "2", server_url) as second:
                double.chat(8).says("/menu")
                await settled(double.chat(8), 0)
                await asyncio.sleep(5)
                heard = said_to_people(double)
                os.kill(first.process.pid, signal.SIGCONT)
                update = {"update_id": 987654, "message": double.chat(9).message(text="/menu")}
                assert await delivered(first, update) == 503
                await asyncio.sleep(7)
                status, why = await ready(first)
                assert (status, "lease" in why) == (503, True)
                assert await ready(second) == (200, "ok\n")
                assert await delivered(first, update) == 503
                assert said_to_people(double) == heard
                assert await second.end() == 0
            async with asyncio.timeout(10):
                while "lease" in (await ready(first))[1]:
                    await asyncio.sleep(0.2)
            assert await delivered(first, update) == 200
            await settled(double.chat(9), 0)
            assert "lease-lost" in first.said()
            assert "lease-held-again" in first.said()

    run(work)
