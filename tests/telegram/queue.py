"""Updates on their way to the bot: kept until they are confirmed, and delivered again until then.

By long polling they come all together from an offset on; to a webhook one after the other of each chat, presses apart
from messages, again and again with growing pauses until it answers 2xx.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiohttp

#: Of presses, so that their queue is another than that of the person's messages.
_PRESSES = 3 * 2**33
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0


@dataclass(slots=True, kw_only=True)
class Hook:
    """A webhook that is set."""

    url: str
    secret: str
    most: int = 40


@dataclass(slots=True)
class Queue:
    """Of one bot. Each chance is that of any update."""

    chance: Random
    twice: float = 0.0
    swapped: float = 0.0
    number: int = 100_000
    waiting: dict[int, dict[str, Any]] = field(default_factory=dict[int, dict[str, Any]])
    #: How often each update was handed out.
    handed: dict[int, int] = field(default_factory=dict[int, int])
    hook: Hook | None = None
    #: Status codes of the webhook, in order.
    statuses: list[int] = field(default_factory=list[int])
    _came: asyncio.Event = field(default_factory=asyncio.Event)
    _lines: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    _tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict[int, asyncio.Task[None]])
    _poll: int = 0

    def put(self, line: int, update: dict[str, Any]) -> int:
        """Take an update in, for the line of its chat; its number."""
        self.number += 1
        self.waiting[self.number] = {"update_id": self.number, **update}
        self._lines.setdefault(line + _PRESSES * ("callback_query" in update), []).append(self.number)
        self._came.set()
        self._deliver()
        return self.number

    def again(self, number: int, update: dict[str, Any]) -> None:
        """Deliver an update that was confirmed already once more."""
        self.waiting[number] = update
        self._lines.setdefault(-number, []).append(number)
        self._came.set()
        self._deliver()

    # ---- Long polling

    def confirm(self, below: int) -> None:
        """What has a lower number is not delivered again, but now and then nevertheless."""
        for number in [one for one in self.waiting if one < below]:
            update = self.waiting.pop(number)
            if self.chance.random() < self.twice:
                self.number += 1
                # The platform counts it as a new one only in its own order: its number is that of before.
                asyncio.get_running_loop().call_later(self.chance.random(), self._twice, number, update)

    def _twice(self, number: int, update: dict[str, Any]) -> None:
        self.waiting[number] = update
        self._came.set()

    async def poll(self, offset: int, most: int, seconds: float) -> Sequence[dict[str, Any]] | None:
        """What waits from the offset on; None: another poll began meanwhile."""
        self._poll += 1
        mine = self._poll
        # Who still waits is told that there is another now.
        self._came.set()
        if offset > 0:
            self.confirm(offset)
        await asyncio.sleep(0)
        end = asyncio.get_running_loop().time() + seconds
        while not self.waiting and (left := end - asyncio.get_running_loop().time()) > 0:
            self._came.clear()
            try:
                await asyncio.wait_for(self._came.wait(), left)
            except TimeoutError:
                break
            if mine != self._poll:
                return None
        return self._taken(sorted(self.waiting)[:most])

    def _taken(self, numbers: Sequence[int]) -> Sequence[dict[str, Any]]:
        for number in numbers:
            self.handed[number] = self.handed.get(number, 0) + 1
        return [self.waiting[number] for number in numbers]

    # ---- Webhook

    def set_hook(self, hook: Hook | None) -> None:
        """From now on by webhook, or by polling."""
        self.hook = hook
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self._deliver()

    def _deliver(self) -> None:
        for line, numbers in self._lines.items() if self.hook else ():
            if numbers and (line not in self._tasks or self._tasks[line].done()):
                self._tasks[line] = asyncio.get_running_loop().create_task(self._line(line))
                # What came while it ended is not left behind.
                self._tasks[line].add_done_callback(lambda _: self._deliver())

    async def _line(self, line: int) -> None:
        async with aiohttp.ClientSession() as session:
            pause = FIRST_PAUSE
            while self._lines[line] and self.hook:
                if len(self._lines[line]) > 1 and self.chance.random() < self.swapped:
                    self._lines[line][:2] = self._lines[line][1::-1]
                number = self._lines[line][0]
                if number not in self.waiting:
                    self._lines[line].pop(0)
                    continue
                status, wait = await self._post(session, self.hook, number)
                self.statuses.append(status)
                if 200 <= status < 300:
                    self._delivered(line, number)
                    pause = FIRST_PAUSE
                else:
                    await asyncio.sleep(wait or pause)
                    pause = min(LONGEST_PAUSE, pause * 2)

    def _delivered(self, line: int, number: int) -> None:
        # One that comes twice stays at the head of its line.
        if self.chance.random() >= self.twice:
            self._lines[line].remove(number)
            self.waiting.pop(number, None)

    async def _post(self, session: aiohttp.ClientSession, hook: Hook, number: int) -> tuple[int, float]:
        self._taken([number])
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": hook.secret}
        body = json.dumps(self.waiting[number]).encode()
        limits = aiohttp.ClientTimeout(total=60)
        try:
            async with session.post(hook.url, data=body, headers=headers, timeout=limits) as answer:
                await answer.read()
                wait = answer.headers.get("Retry-After", "")
                return answer.status, float(wait) if wait.isdigit() else 0.0
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 0, 0.0

    async def close(self) -> None:
        """Deliver no more."""
        self.hook = None
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
