"""The start of a serving program: who answers before Telegram could be reached, and whose the updates are.

Nothing is taken away from another program unless `--take-over` says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from bot.gateways.telegram_client import Client, Hooked
from bot.gateways.telegram_http import Cut, NotReached, OtherInstance, TokenRefused
from bot.intake import Intake
from bot.logs import log
from bot.refusal import Refusal
from bot.rounds import TooMuch
from bot.settings import Settings, variable
from bot.watch import Readiness, Watch

#: Seconds between two tries to reach the server.
PAUSE = 2.0

Done = TypeVar("Done")


@dataclass(slots=True)
class Front:
    """What is asked from outside: it is there from the first moment on, and the program behind it comes later."""

    watch: Watch | None = None
    intake: Intake | None = None
    #: Why the server is not reached, as a word.
    waits: str = ""

    def readiness(self) -> Readiness:
        """That of the program, once there is one."""
        if self.watch is not None:
            return self.watch.readiness()
        return Readiness(
            ready=False, lines=(f"starting: server not reached: {self.waits}" if self.waits else "starting",)
        )

    async def take(self, updates: Sequence[object]) -> None:
        """Those of the program, once there is one; before, they are to be delivered again."""
        if self.intake is None:
            raise TooMuch
        await self.intake.take(updates)


async def reached(call: Callable[[], Awaitable[Done]], front: Front, ended: asyncio.Event) -> Done | None:
    """What the call brings, tried until the server answers; None where the program is told to end before.

    Raises Refusal where the token is none.
    """
    while not ended.is_set():
        try:
            return await call()
        except TokenRefused:
            raise bad_token() from None
        except (NotReached, Cut, OtherInstance) as error:
            front.waits = str(error)[:40]
            log("server-not-reached", "warning", reason=front.waits)
        with suppress(TimeoutError):
            async with asyncio.timeout(PAUSE):
                await ended.wait()
    return None


def hook_of(settings: Settings) -> tuple[str, str]:
    """The address of our webhook and its secret; empty where there is none."""
    secret = settings.telegram_webhook_secret
    return settings.telegram_webhook_url or "", secret.get_secret_value() if secret is not None else ""


def hold_to_ours(settings: Settings, found: Hooked, *, take_over: bool) -> None:
    """Raises Refusal where a webhook is set that is not ours, unless it is to be taken over."""
    ours, _ = hook_of(settings)
    if found.url in ("", ours) or take_over:
        return
    # The rest of the address may be somebody's secret.
    host = urlsplit(found.url).hostname or "?"
    instead = f"deliver to {ours}" if ours else "fetch the updates here"
    raise Refusal(
        f"another program has set a webhook for this bot, at {host}; end that program first, or take its updates "
        f"over and {instead}: lampwise serve --take-over"
    )


async def set_hook(client: Client, settings: Settings, found: Hooked) -> None:
    """Have updates delivered to us, or fetch them; raises as the client does."""
    url, secret = hook_of(settings)
    if url or found.url:
        await client.hook(url, secret)


def bad_token() -> Refusal:
    """The server does not know the token."""
    return Refusal(
        f"{variable('telegram_token')}: the server does not know this token (401); copy it again from BotFather"
    )
