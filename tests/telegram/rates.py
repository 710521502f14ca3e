"""What Telegram lets a bot send: so many in all, in a chat, in a group, counted over windows of a given clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil


@dataclass(slots=True)
class Window:
    """At most `most` in any `seconds`."""

    most: int
    seconds: float
    taken: deque[float] = field(default_factory=deque[float])

    def wait(self, now: float) -> float:
        """Seconds until another one is let through; 0: now."""
        while self.taken and self.taken[0] <= now - self.seconds:
            self.taken.popleft()
        return 0.0 if len(self.taken) < self.most else self.taken[0] + self.seconds - now


class Rates:
    """All windows of one bot. `clock` gives steady seconds."""

    def __init__(self, clock: Callable[[], float], *, all_: int = 30, chat: int = 1, group_a_minute: int = 20) -> None:
        self._clock = clock
        self._all = Window(all_, 1.0)
        self._chat = chat
        self._group = group_a_minute
        self._chats: dict[int, list[Window]] = {}

    def take(self, chat: int) -> int:
        """0 where a message to the chat is let through, and counted; else the whole seconds to wait."""
        windows = [self._all, *self._of(chat)]
        now = self._clock()
        wait = max(window.wait(now) for window in windows)
        if wait <= 0:
            for window in windows:
                window.taken.append(now)
            return 0
        return max(1, ceil(wait))

    def _of(self, chat: int) -> list[Window]:
        if chat not in self._chats:
            group = [Window(self._group, 60.0)] if chat < 0 else []
            self._chats[chat] = [Window(self._chat, 1.0), *group]
        return self._chats[chat]
