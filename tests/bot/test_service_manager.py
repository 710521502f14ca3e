"""What systemd is told, over a real datagram socket."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from bot.service_manager import ServiceManager, service_manager
from bot.signs_of_life import STUCK, signs_of_life
from storage.errors import DatabaseFull
from tests.bot.serving.fake import talking


@contextmanager
def listening(address: str) -> Iterator[socket.socket]:
    """A service manager's socket; @ stands for an abstract one."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as taker:
        taker.settimeout(5)
        taker.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        yield taker


def waiting(taker: socket.socket) -> list[str]:
    """What has come, a datagram each."""
    taker.setblocking(False)
    found = list[str]()
    try:
        while True:
            found.append(taker.recv(4096).decode())
    except BlockingIOError:
        return found


@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_lines_arrive_as_one_datagram(tmp_path: Path, kind: str) -> None:
    """By a path and by an abstract name, also in Chinese."""
    address = str(tmp_path / "notify") if kind == "path" else f"@lampwise-{uuid4().hex}"
    with listening(address) as taker:
        service_manager({"NOTIFY_SOCKET": address}).tell("READY=1", "STATUS=灯")
        assert taker.recv(4096).decode() == "READY=1\nSTATUS=灯"


@pytest.mark.parametrize("address", ["", "/no/such/place", "@lampwise-nobody-listens", "/" + "x" * 300])
def test_nobody_who_listens_is_no_error(address: str) -> None:
    """Neither without the variable nor with one that leads nowhere."""
    service_manager({"NOTIFY_SOCKET": address}).tell("READY=1")


def test_a_full_queue_holds_nobody_up(tmp_path: Path) -> None:
    """The service manager may be busy for a while."""
    with listening(str(tmp_path / "notify")) as taker:
        for _ in range(2000):
            ServiceManager(address=str(tmp_path / "notify")).tell("WATCHDOG=1")
        assert 0 < len(waiting(taker)) < 2000


@pytest.mark.parametrize(
    ("told", "watchdog"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "60000000"}, 60.0),
        ({"WATCHDOG_USEC": "500000", "WATCHDOG_PID": str(os.getpid())}, 0.5),
        ({"WATCHDOG_USEC": "500000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "²"}, None),
    ],
)
def test_the_watchdog_is_read(told: dict[str, str], watchdog: float | None) -> None:
    """Only where it is meant for this process."""
    assert service_manager(told).watchdog == watchdog


def test_signs_of_life_come_more_often_than_they_are_asked_for() -> None:
    """So that a late one is no hang."""
    assert ServiceManager(watchdog=6.0).every == 2.0
    assert ServiceManager(watchdog=None).every == ServiceManager(watchdog=600.0).every == 10.0


@dataclass
class Watch:
    """Says that something stands still, or not."""

    still: set[str] = field(default_factory=set[str])

    def standing(self) -> set[str]:
        return self.still


@dataclass
class Rounds:
    """Of a database; loop time."""

    last_turn: float


@dataclass
class Served:
    """A program with its rounds."""

    rounds: Rounds


def fed(tmp_path: Path, seconds_ago: float, watch: Watch, watchdog: float | None = 300.0) -> list[str]:
    """What is told at first, where the last round ended so many seconds ago."""

    async def main() -> None:
        serving = Served(Rounds(asyncio.get_running_loop().time() - seconds_ago))
        manager = ServiceManager(address=str(tmp_path / "notify"), watchdog=watchdog)
        task = asyncio.create_task(signs_of_life(manager, serving, watch))
        await asyncio.sleep(0)
        task.cancel()

    with listening(str(tmp_path / "notify")) as taker:
        asyncio.run(main())
        return waiting(taker)


def test_a_living_program_gives_signs_of_life(tmp_path: Path) -> None:
    """Also while something stands still: a restart mends no network."""
    assert fed(tmp_path, 1.0, Watch()) == ["WATCHDOG=1\nSTATUS=serving"]
    (tmp_path / "notify").unlink()
    assert fed(tmp_path, 1.0, Watch({"storage", "polling"})) == ["WATCHDOG=1\nSTATUS=standing still: polling, storage"]


def test_a_stuck_database_gives_none(tmp_path: Path) -> None:
    """Only the status is told."""
    assert fed(tmp_path, STUCK + 1, Watch({"storage"})) == ["STATUS=standing still: storage"]


def test_without_a_watchdog_only_the_status_is_told(tmp_path: Path) -> None:
    """And once only while it stays the same."""
    assert fed(tmp_path, 1.0, Watch(), None) == ["STATUS=serving"]


def test_rounds_that_fail_are_alive_and_those_that_are_stuck_are_not(
    settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk moves the time of the last turn on, a statement that never ends does not."""

    async def main() -> None:
        async with talking(settings_of_ours) as talk:
            rounds = talk.serving.rounds
            with monkeypatch.context() as broken:
                broken.setattr("bot.rounds.PAUSE", 0.0)
                broken.setattr("storage.store.Store.round", full)
                begun = rounds.last_turn
                with pytest.raises(DatabaseFull):
                    await talk.serving.intake.take([{"update_id": 1, "sort": "text", "chat": "7", "text": "x"}])
                await until(lambda: rounds.last_turn > begun)
            entered, released = asyncio.Event(), asyncio.Event()

            async def stuck(_work: object) -> None:
                entered.set()
                await released.wait()

            monkeypatch.setattr(rounds, "_kept", stuck)
            rounds.offer([])
            await entered.wait()
            before = rounds.last_turn
            released.set()
            await until(lambda: rounds.last_turn > before)

    asyncio.run(main())


async def until(holds: Callable[[], bool]) -> None:
    """Wait for it."""
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.001)


def full(*_: Any) -> Any:
    raise DatabaseFull
