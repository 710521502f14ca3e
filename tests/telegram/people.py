"""The people who talk to a bot through the double: what they do, as updates, and what they see.

Not its job: delivering the updates (`queue`), taking the bot's calls (`double`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.markup import Entity

#: (chat, update without its number) -> its number.
Post = Callable[[int, dict[str, Any]], int]

#: What people are called; it may stand in no log.
NAME = "CANARY <王> & Co"

BOT = {"id": 42, "is_bot": True, "first_name": "Lampwise", "username": "lampwise_bot"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a chat shows of one message of the bot's, as it is now. `times` counts its changes."""

    id: int
    text: str
    entities: tuple[Entity, ...] = ()
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    file: tuple[str, bytes] | None = None
    times: int = 1

    def labels(self) -> list[str]:
        """Of the buttons, in reading order."""
        return [label for row in self.buttons for label, _ in row]

    def press_of(self, label: str) -> str:
        """What the button that begins so carries."""
        return next(press for row in self.buttons for said, press in row if said.startswith(label))


@dataclass(slots=True)
class Chat:
    """One chat of the bot, with one person who speaks. A negative id is a group."""

    id: int
    post: Post
    language: str = "zh-hans"
    #: Every message and every change of one, in the order in which it happened.
    seen: list[Shown] = field(default_factory=list[Shown])
    #: The messages as they stand now.
    messages: dict[int, Shown] = field(default_factory=dict[int, Shown])
    blocked: bool = False
    #: Where a group went.
    moved_to: int = 0
    newest: int = 0
    #: All that the person typed.
    said: list[str] = field(default_factory=list[str])
    answered: list[str] = field(default_factory=list[str])
    queries: dict[str, float] = field(default_factory=dict[str, float])
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def person(self) -> dict[str, Any]:
        """Who speaks, as Telegram tells it."""
        return {"id": abs(self.id), "is_bot": False, "first_name": NAME, "language_code": self.language}

    @property
    def place(self) -> dict[str, Any]:
        """The chat, as Telegram tells it."""
        if self.id < 0:
            return {"id": self.id, "type": "supergroup", "title": "灯饰群"}
        return {"id": self.id, "type": "private", "first_name": NAME}

    def message(self, **content: Any) -> dict[str, Any]:
        """A new message in the chat, by the person unless `content` says otherwise."""
        self.newest += 1
        return {"message_id": self.newest, "date": 1772413200, "chat": self.place, "from": self.person, **content}

    def says(self, text: str, **content: Any) -> int:
        """Types something; a leading slash makes it a command."""
        self.said.append(text)
        word = text.split()[0] if text.split() else ""
        marks = [{"type": "bot_command", "offset": 0, "length": len(word)}] if word.startswith("/") else []
        told = {"text": text, **({"entities": marks} if marks else {}), **content}
        return self.post(self.id, {"message": self.message(**told)})

    def sends(self, **content: Any) -> int:
        """Sends anything else: sticker=…, voice=…"""
        return self.post(self.id, {"message": self.message(**content)})

    def presses(self, label: str, message: int | None = None) -> int:
        """Presses the button that begins so, of the newest message that has it, or of the one named."""
        with_it = [one for one in self.messages.values() if any(said.startswith(label) for said in one.labels())]
        shown = self.messages[message] if message is not None else max(with_it, key=lambda one: one.id)
        return self.presses_data(shown.press_of(label), shown.id)

    def presses_data(self, press: str, message: int) -> int:
        """Presses a button that carries this, whether there is one or not."""
        query = f"{self.id}-{len(self.queries)}"
        self.queries[query] = asyncio.get_running_loop().time()
        ours = {"message_id": message, "date": 1772413200, "chat": self.place, "from": BOT, "text": "…"}
        told = {"id": query, "from": self.person, "chat_instance": "1", "data": press, "message": ours}
        return self.post(abs(self.id), {"callback_query": told})

    def blocks(self, *, blocked: bool = True) -> int:
        """Stops the bot, or lets it in again."""
        self.blocked = blocked
        states = [{"user": BOT, "status": status} for status in ("kicked", "member")]
        new, old = states if blocked else states[::-1]
        if new["status"] == "kicked":
            new = {**new, "until_date": 0}
        else:
            old = {**old, "until_date": 0}
        change = {"chat": self.place, "from": self.person, "date": 1772413200}
        return self.post(self.id, {"my_chat_member": {**change, "old_chat_member": old, "new_chat_member": new}})

    def show(self, shown: Shown) -> None:
        """The bot's message appears, or changes."""
        self.messages[shown.id] = shown
        self.seen.append(shown)
        self._changed.set()

    async def sees(self, wanted: str, *, seconds: float = 10) -> Shown:
        """The newest message once it holds these words."""
        return await self.until(lambda seen: wanted in seen[-1].text, seconds=seconds)

    async def until(self, holds: Callable[[Sequence[Shown]], bool], *, seconds: float = 10) -> Shown:
        """The newest message once this holds of all that was seen; TimeoutError otherwise."""
        async with asyncio.timeout(seconds):
            while not (self.seen and holds(self.seen)):
                self._changed.clear()
                await self._changed.wait()
        return self.seen[-1]
