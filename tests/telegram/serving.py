"""`lampwise serve` as a process of its own, talking to the double."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from dialogs.message import Message
from dialogs.owner import Owner
from storage.engine import open_database
from storage.store import Store
from tests.conftest import CANARY
from tests.telegram.double import TOKEN, Double

ROOT = Path(__file__).absolute().parents[2]
SECRET = "CANARY-secret-of-the-hook"
#: No limits of our own: a test of these sets them.
_FREE = {f"LAMPWISE_LIMIT_{name}": "0" for name in ("USER", "SEND", "CHAT", "GROUP")}


class Serve:
    """One database with one program after the other on it."""

    def __init__(
        self,
        double: Double,
        folder: Path,
        library: str,
        *,
        hook: bool = False,
        flags: Sequence[str] = (),
        **settings: str,
    ) -> None:
        self.folder = folder
        self.flags = flags
        self._double = double
        self._log = folder / "serve.log"
        port = _free_port()
        #: Where it answers, if it is hooked.
        self.root = f"http://127.0.0.1:{port}"
        hooked = {
            "LAMPWISE_TELEGRAM_WEBHOOK_URL": f"{self.root}/hook",
            "LAMPWISE_TELEGRAM_WEBHOOK_SECRET": SECRET,
            "LAMPWISE_TELEGRAM_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
            # One server for all of it.
            "LAMPWISE_WEB_LISTEN": f"127.0.0.1:{port}",
        }
        self._settings = {
            **_FREE,
            "LAMPWISE_DATABASE_URL": f"sqlite:///{folder}/lampwise.db",
            # Nothing of the person's who runs this is touched.
            "XDG_DATA_HOME": str(folder),
            "LAMPWISE_TELEGRAM_TOKEN": TOKEN,
            "LAMPWISE_TELEGRAM_LIBRARY": library,
            "LAMPWISE_TELEGRAM_API_ROOT": double.root,
            **(hooked if hook else {}),
            **settings,
        }
        self.process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        await self.start(*self.flags)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.process is not None and self.process.returncode is None:
            await self.kill()
        assert self._let_out() == []

    def _let_out(self) -> list[str]:
        """test_case_53: what stands in the log and should not: secrets, names, and what people said."""
        typed = {text for chat in self._double.chats.values() for text in chat.said if not text.startswith("/")}
        log = self.said()
        return [word for word in (CANARY, *(text for text in typed if len(text) > 2)) if word in log]

    async def start(self, *flags: str) -> None:
        """Start it, and wait until it listens to the double."""
        begun = asyncio.get_running_loop().time()
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-B", "-m", "bot", "serve", *flags, cwd=ROOT, stdin=asyncio.subprocess.DEVNULL,
                stdout=log, stderr=log, env={**os.environ, **self._settings},
            )  # fmt: skip
        while not self._listens(begun):
            if self.process.returncode is not None:
                raise AssertionError(f"it ended with {self.process.returncode}: {self.said()[-2000:]}")
            if asyncio.get_running_loop().time() > begun + 60:
                raise AssertionError(f"it does not listen: {self.said()[-2000:]}")
            await asyncio.sleep(0.01)

    def _listens(self, begun: float) -> bool:
        return self._double.polled > begun or any(
            call.at > begun and call.told.get("url") for call in self._double.calls("setWebhook")
        )

    async def kill(self) -> None:
        """As by kill -9."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    async def end(self) -> int:
        """As a service is stopped; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            return await self.process.wait()

    async def command(self, *given: str) -> str:
        """What another command prints, on the same database and with the same clock."""
        told = await asyncio.create_subprocess_exec(
            sys.executable, "-B", "-m", "bot", *given, cwd=ROOT, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, env={**os.environ, **self._settings},
        )  # fmt: skip
        out, _ = await told.communicate()
        assert told.returncode == 0
        return out.decode()

    def said(self) -> str:
        """All that it logged."""
        return self._log.read_text("utf-8", "replace")

    def owner(self, chat: int) -> Owner:
        """What it keeps on the person of a chat."""
        engine = open_database(self._settings["LAMPWISE_DATABASE_URL"])
        try:
            return Store(engine=engine, apology=_none_needed).snapshot("telegram", str(chat))
        finally:
            engine.dispose()


def _none_needed(_: Owner) -> Message:
    raise AssertionError("nothing is applied here")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
