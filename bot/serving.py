"""The parts of a serving program, joined: what comes in, is kept and is sent, for one bot.

Not its job: the process around it (`serve_command`), HTTP for others (`web`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import partial

from bot.advisor import apology
from bot.clock import Clock
from bot.command_table import CommandTable
from bot.counted import CountedAnswers, TimedStep
from bot.dispatch import Dispatch
from bot.gateways.base import Delivery
from bot.gateways.http_post import MAY_WRITE
from bot.gateways.telegram import Telegram
from bot.gateways.telegram_client import Client, Me
from bot.gateways.telegram_http import File
from bot.gateways.telegram_incoming import CHANNEL, Reader
from bot.gateways.telegram_step import TelegramStep
from bot.intake import Intake
from bot.rates import Buckets, Rate, Windows
from bot.rounds import Rounds
from bot.settings import Settings
from bot.tally import Tally
from bot.telegram_files import TelegramFiles
from dialogs.compile import Book
from dialogs.message import Message
from dialogs.wording import Wording
from storage.locks import Held, HeldFile
from storage.store import Store
from storage.turns import Step

#: Seconds that a program which is told to end may take for what is on its way.
DRAIN = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a bot is made of."""

    settings: Settings
    book: Book
    table: CommandTable
    texts: dict[str, Wording]
    store: Store
    client: Client
    clock: Clock
    #: What waits and claims of the sender are measured by; None: by `clock`. That one may stand still.
    sends_by: Clock | None = None
    tally: Tally = field(default_factory=Tally)
    #: A webhook that another program has set may be taken away from it.
    take_over: bool = False
    #: What makes this the one program that serves.
    held: Held = field(default_factory=HeldFile)


class Serving:
    """One bot, from its first update to its last send."""

    def __init__(self, parts: Parts, me: Me) -> None:
        """Nothing runs yet."""
        self.parts = parts
        self.me = me
        settings, sends_by = parts.settings, parts.sends_by or parts.clock
        self.dispatch = Dispatch(
            CHANNEL, self._deliver, sends_by, parts.tally,
            Windows(Rate.read(settings.limit_send)), Windows(Rate.read(settings.limit_chat)),
            Windows(Rate.read(settings.limit_group)),
        )  # fmt: skip
        self.rounds = Rounds(parts.store, self._step(parts.book), self.dispatch, sends_by, parts.tally, parts.held)
        self.intake = Intake(
            parts.client, Reader(table=parts.table, links=_links(parts.book), bot=me.name), self.rounds, parts.clock,
            Buckets(Rate.read(settings.limit_user)), parts.tally,
        )  # fmt: skip
        self._telegram = Telegram(client=parts.client, make=self._made, note=self.intake.sent)
        self._files = TelegramFiles(book=parts.book, store=parts.store, clock=parts.clock)

    def take_up(self, book: Book) -> None:
        """Go on with another book, as a whole: conversations stand where their answers lead in it."""
        store = replace(self.parts.store, apology=partial(apology, book))
        self.parts = replace(self.parts, book=book, store=store)
        self.rounds.take_up(store, self._step(book))
        self.intake.reader = replace(self.intake.reader, links=_links(book))
        self._files = replace(self._files, book=book)

    def _step(self, book: Book) -> Step:
        tally, library = self.parts.tally, book.library
        counted = book if library is None else replace(book, library=CountedAnswers(library, tally))
        step = TelegramStep(book=counted, texts=self.parts.texts, link=f"https://t.me/{self.me.name}")
        return TimedStep(step, tally)

    async def drain(self, rounds: asyncio.Task[None] | None = None) -> None:
        """Nothing comes in any more: let what is on its way arrive, and keep what became of it.

        `rounds` is the task that runs them: its round is finished first, since it may have claimed messages.
        """
        self.dispatch.closing = True
        self.rounds.end()
        ends = [asyncio.wait({rounds}, timeout=DRAIN)] if rounds is not None else []
        await asyncio.gather(self.dispatch.drain(DRAIN), *ends)
        if rounds is not None and not rounds.done():
            rounds.cancel()
            await asyncio.wait({rounds}, timeout=1)
        await self.rounds.close()

    async def _deliver(self, chat: str, message: Message) -> Delivery:
        # Of this send alone: each has a task of its own.
        MAY_WRITE.set(self.parts.held.holds)
        return await self._telegram.deliver(chat, message)

    async def _made(self, chat: str, wish: str) -> File | None:
        return await asyncio.to_thread(self._files.make, chat, wish)


def _links(book: Book) -> Collection[str]:
    """A link is anybody's: it may lead somewhere, but do nothing that cannot be taken back."""
    return book.commands.keys() - {"forget", "export"}
