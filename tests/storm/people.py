"""People who write while a storm goes on: so many messages a second, each of somebody who waits for no answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.serving import Serving
from tests.storm.strict import StrictClient

#: Numbers of their chats: some of them are owners who wait for a reminder, the others are new.
POOL = range(1, 2_001)
NEW = 10_000_000
#: What is typed where there is no button to press, and at times all the same.
LINES = ("/assess", "/vet", "/menu", "/remind", "服务费是什么", "30万")
#: Of so many one types although he could press.
ONE_IN = 4


@dataclass
class People:
    """`rate` messages a second; `waits` has the seconds until the first message that answers each."""

    serving: Serving
    client: StrictClient
    rate: float
    chance: Random = field(default_factory=lambda: Random(2))
    waits: list[float] = field(default_factory=list[float])
    asked: dict[str, float] = field(default_factory=dict[str, float])
    _number: int = 0

    async def write(self) -> None:
        """Until cancelled."""
        self.client.heard = self._hear
        async with asyncio.TaskGroup() as group:
            while True:
                await asyncio.sleep(self.chance.expovariate(self.rate))
                chat = self._somebody()
                self.asked[chat] = asyncio.get_running_loop().time()
                group.create_task(self._say(chat))

    def _somebody(self) -> str:
        while True:
            number = self.chance.choice(POOL)
            chat = str(number if number % 2 else NEW + number)
            if chat not in self.asked:
                return chat

    async def _say(self, chat: str) -> None:
        buttons = [one.press for one in self.client.buttons.get(chat, ()) if one.press[0] in "at"]
        self._number += 1
        update: dict[str, Any] = {"update_id": self._number, "chat": chat, "message": self.client.newest}
        if buttons and self.chance.randrange(ONE_IN):
            update |= {"sort": "press", "text": self.chance.choice(buttons), "query": "q"}
        else:
            update |= {"sort": "text", "text": self.chance.choice(LINES)}
        await self.serving.intake.take([update])

    def _hear(self, chat: str) -> None:
        asked = self.asked.pop(chat, None)
        if asked is not None:
            self.waits.append(asyncio.get_running_loop().time() - asked)

    def wait_of(self, share: float) -> float:
        """The wait that this share of all does not exceed, in seconds."""
        return sorted(self.waits)[min(len(self.waits) - 1, int(len(self.waits) * share))]
