"""Tells systemd how the program is, over the datagram socket that NOTIFY_SOCKET names (see sd_notify(3)).

Without NOTIFY_SOCKET nothing is told. Not its job: deciding what counts as alive (`serve_command`).
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

READY, STOPPING, WATCHDOG = "READY=1", "STOPPING=1", "WATCHDOG=1"
#: Seconds between two looks where the service manager asks for no signs of life.
EVERY = 10.0
#: systemd counts in microseconds.
_MICRO = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceManager:
    """`address` is the socket, empty for none; `watchdog` is the seconds after which silence counts as a hang."""

    address: str = ""
    watchdog: float | None = None

    @property
    def every(self) -> float:
        """Seconds between two signs of life: a third of the watchdog's time, so that a late one does no harm."""
        return EVERY if self.watchdog is None else min(EVERY, self.watchdog / 3)

    def tell(self, *lines: str) -> None:
        """Send these lines as one datagram; where nobody takes it, the program goes on all the same."""
        if not self.address:
            return
        address = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as way:
            # A full queue of the service manager must not hold up the loop.
            way.setblocking(False)
            way.sendto("\n".join(lines).encode(), address)

    async def feed(self, is_alive: Callable[[], bool], status: Callable[[], str]) -> None:
        """Until cancelled: a sign of life while `is_alive`, and the status as one line whenever it changes."""
        if not self.address:
            return
        told = ""
        while True:
            now = status()
            lines = [WATCHDOG] * (self.watchdog is not None and is_alive()) + [f"STATUS={now}"] * (now != told)
            if lines:
                self.tell(*lines)
            told = now
            await asyncio.sleep(self.every)


def service_manager(environment: Mapping[str, str] = os.environ) -> ServiceManager:
    """The one that started this process; the watchdog of another process (WATCHDOG_PID) is not ours to feed."""
    micro, owner = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
    is_ours = owner in ("", str(os.getpid()))
    watchdog = int(micro) / _MICRO if micro.isascii() and micro.isdigit() and int(micro) and is_ours else None
    return ServiceManager(address=environment.get("NOTIFY_SOCKET", ""), watchdog=watchdog)
