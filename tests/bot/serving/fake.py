"""A Telegram without a network or a library: keeps what it is told, answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.advisor import apology
from bot.command_table import CommandTable
from bot.gateways.base import Delivery, Sent
from bot.gateways.telegram_client import Hooked, Me, Profile
from bot.gateways.telegram_http import File
from bot.gateways.telegram_incoming import Incoming
from bot.gateways.telegram_text import Page
from bot.given import built, settings
from bot.link import TokenSeen
from bot.serving import Parts, Serving
from bot.settings import Settings
from bot.texts import own_texts
from dialogs.compile import Book
from dialogs.message import Button
from storage.engine import reading
from storage.locks import Held, HeldFile
from storage.opening import open_newest
from storage.store import Store

ME = Me(id=42, name="lamp_bot")


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The moment."""
        return self.now

    def move(self, seconds: float) -> None:
        """Later."""
        self.now += timedelta(seconds=seconds)


@dataclass
class FakeClient:
    """`said` has (chat, replaced message or None, text); `outcomes` come first, afterwards all goes well.

    The note on privacy that every newcomer gets always arrives; whom it was sent to stands in `noted`.
    """

    outcomes: list[Delivery] = field(default_factory=list[Delivery])
    said: list[tuple[str, int | None, str]] = field(default_factory=list[tuple[str, int | None, str]])
    noted: list[str] = field(default_factory=list[str])
    plain: list[str] = field(default_factory=list[str])
    buttons: dict[str, tuple[Button, ...]] = field(default_factory=dict[str, tuple[Button, ...]])
    answered: list[str] = field(default_factory=list[str])
    files: list[tuple[str, str, bytes]] = field(default_factory=list[tuple[str, str, bytes]])
    profiles: list[Profile] = field(default_factory=list[Profile])
    menus: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    token_seen: TokenSeen = field(default_factory=TokenSeen)
    hook_now: Hooked = field(default_factory=Hooked)
    newest: int = 100
    hold: asyncio.Event | None = None
    at_once: int = 0
    most_at_once: int = 0

    async def open(self) -> Me:
        return ME

    async def close(self) -> None:
        pass

    async def say(self, chat: str, page: Page, *, over: int | None = None, plain: bool = False) -> Delivery:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        if self.hold is not None:
            await self.hold.wait()
        self.at_once -= 1
        if "/privacy" in page.plain and "/forget" in page.plain and not page.buttons and page.plain.count("\n") == 1:
            self.noted.append(chat)
            self.newest += 1
            return Sent(message=self.newest)
        self.said.append((chat, over, page.plain))
        self.plain += [page.plain] if plain else []
        if page.buttons:
            self.buttons[chat] = tuple(button for row in page.buttons for button in row)
        if self.outcomes:
            return self.outcomes.pop(0)
        self.newest += over is None
        return Sent(message=over or self.newest)

    async def hand(self, chat: str, file: File, page: Page) -> Delivery:
        self.files.append((chat, *file))
        return Sent(message=self.newest)

    async def answer(self, query: str) -> None:
        self.answered.append(query)

    async def typing(self, chat: str) -> None:
        pass

    async def introduce(self, profile: Profile) -> None:
        self.profiles.append(profile)

    async def menu(self, chat: str, commands: Sequence[tuple[str, str]]) -> None:
        self.menus.append((chat, dict(commands)["help"]))

    async def updates(self, offset: int, wait: int) -> Sequence[object]:
        raise NotImplementedError

    async def hook(self, url: str, secret: str) -> None:
        self.hook_now = Hooked(url=url)

    async def hooked(self) -> Hooked:
        return self.hook_now

    def read(self, update: Mapping[str, Any]) -> Incoming:
        """The update is an Incoming's fields; one without `sort` cannot be read."""
        told = {name: value for name, value in update.items() if name != "update_id"}
        return Incoming(update=update["update_id"], sort=told.pop("sort"), **told)


class Talk:
    """One running bot on the dialogs of the tests, and what people do to it."""

    def __init__(self, serving: Serving, client: FakeClient, clock: Clock) -> None:
        self.serving, self.client, self.clock = serving, client, clock
        self._number = 0

    async def come(self, *updates: dict[str, Any]) -> None:
        """These are delivered, and all that is due goes out."""
        await self.serving.intake.take([{"update_id": self.number(), **update} for update in updates])
        await self.settle()

    async def type(self, text: str, chat: str = "7", **more: Any) -> None:
        """Somebody types."""
        self.client.newest += 1
        await self.come({"sort": "text", "chat": chat, "text": text, "message": self.client.newest, **more})

    async def press(self, label: str, chat: str = "7", message: int | None = None) -> None:
        """Somebody presses a button of the last message that has any."""
        press = next(button.press for button in self.client.buttons[chat] if button.label == label)
        on = self.client.newest if message is None else message
        await self.come({"sort": "press", "chat": chat, "text": press, "message": on, "query": "q"})

    async def settle(self) -> None:
        """Until nothing is on its way and nothing that is due waits, or for a second where it has to wait."""
        until = asyncio.get_running_loop().time() + 1
        while asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.005)
            waits = self.serving.dispatch.kept or self.serving.parts.tally.in_flight or self.serving.rounds.waiting
            if not waits and not self._due():
                return

    def _due(self) -> bool:
        due = text(
            "SELECT 1 FROM outbox WHERE state = 'sending'"
            " OR state = 'ready' AND (not_before IS NULL OR not_before <= :now)"
        )
        with reading(self.serving.parts.store.engine) as connection:
            return connection.execute(due, {"now": f"{self.clock.now:%Y-%m-%d %H:%M:%S.%f}"}).first() is not None

    def number(self) -> int:
        """The next update's."""
        self._number += 1
        return self._number

    @property
    def last(self) -> str:
        """What was said last."""
        return self.client.said[-1][2]


@asynccontextmanager
async def talking(
    database: Path | str,
    client: FakeClient | None = None,
    *,
    sends_by: Callable[[], datetime] | None = None,
    held: Held | None = None,
    **changed: Any,
) -> AsyncGenerator[Talk]:
    """A running bot; its settings are those of the environment, `changed`. `sends_by`: unless all by one clock.

    `database` is a file, or an address.
    """
    off = dict.fromkeys(("limit_user", "limit_send", "limit_chat", "limit_group"), "0")
    told: Settings = settings().model_copy(update={**off, **changed})
    book, table = built(told, "telegram", "zh-Hans")
    clock, client = Clock(), client or FakeClient()
    url = database if isinstance(database, str) else f"sqlite:///{database}"
    held = held or HeldFile()
    serving = Serving(replace(_parts(told, book, table, url, client, clock, held), sends_by=sends_by, held=held), ME)
    task = asyncio.create_task(serving.rounds.run())
    try:
        yield Talk(serving, client, clock)
    finally:
        await serving.drain(task)
        await asyncio.gather(task, return_exceptions=True)
        serving.parts.store.engine.dispose()


def _parts(
    told: Settings, book: Book, table: CommandTable, url: str, client: FakeClient, clock: Clock, held: Held
) -> Parts:
    store = Store(engine=held.fenced(open_newest(url)), apology=lambda owner: apology(book, owner))
    return Parts(
        settings=told, book=replace(book, library=None), table=table, texts=own_texts("gateways/telegram.yaml"),
        store=store, client=client, clock=clock,
    )  # fmt: skip
