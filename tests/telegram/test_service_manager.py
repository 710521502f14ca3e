"""`lampwise serve` under a service manager: what it is told from the start to the end."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from tests.telegram.double import Double
from tests.telegram.gateways import run
from tests.telegram.models import JUDGES
from tests.telegram.serving import Serve


def test_serve_tells_that_it_is_ready_alive_and_ending(tmp_path: Path) -> None:
    """In this order, over the socket in NOTIFY_SOCKET."""

    async def work() -> list[str]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as taker:
            taker.bind(str(tmp_path / "notify"))
            taker.setblocking(False)
            async with (
                Double(JUDGES["ptb"]) as double,
                Serve(double, tmp_path, "ptb", NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="300000") as serve,
            ):
                said = await heard(taker, "STATUS=serving")
                said += await heard(taker, "WATCHDOG=1")
                assert await serve.end() == 0
                return said + await heard(taker, "STOPPING=1")

    said = run(work())
    assert said[0] == "READY=1"
    assert said.count("STOPPING=1") == 1
    assert "WATCHDOG=1" in said[said.index("STATUS=serving") + 1 :]


async def heard(taker: socket.socket, wanted: str) -> list[str]:
    """The lines up to the one that is wanted."""
    said = list[str]()
    async with asyncio.timeout(20):
        while wanted not in said:
            said += (await asyncio.get_running_loop().sock_recv(taker, 4096)).decode().split("\n")
    return said
