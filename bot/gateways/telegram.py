"""Telegram as a channel: sends a message as Telegram takes it, and has another way ready where it does not.

Not its job: order, limits and repeats (`bot.dispatch`), the library (`telegram_ptb`, `telegram_aiogram`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.gateways.base import Delivery, Gone, Refused, Sent, Unparsed
from bot.gateways.telegram_client import Client
from bot.gateways.telegram_http import File
from bot.gateways.telegram_text import Page, page
from bot.logs import log
from dialogs.message import Message

#: (chat, what is wished for) -> the file; None: there is nothing to make it from any more.
Make = Callable[[str, str], Awaitable[File | None]]
#: (chat, message): our message is now the newest there.
Note = Callable[[str, int | None], None]


_NO_CAPTION = Page(html="", plain="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram:
    """The chats of one bot."""

    client: Client
    make: Make
    note: Note

    async def deliver(self, chat: str, message: Message) -> Delivery:
        """Say it; what goes wrong on the way is an outcome."""
        shown = page(message)
        if message.document is not None:
            outcome = await self._hand(chat, message.document, shown if message.lines else _NO_CAPTION)
        else:
            outcome = await self._say(chat, shown, message.over)
        if isinstance(outcome, Sent):
            self.note(chat, outcome.message)
        return outcome

    async def _say(self, chat: str, shown: Page, over: int | None) -> Delivery:
        outcome = await self.client.say(chat, shown, over=over)
        if isinstance(outcome, Gone):
            over = None
            outcome = await self.client.say(chat, shown)
        if isinstance(outcome, Unparsed):
            # Our own markup is wrong: the person gets the words, and somebody is told.
            log("markup-refused", "error")
            outcome = await self.client.say(chat, shown, over=over, plain=True)
        return outcome

    async def _hand(self, chat: str, wish: str, shown: Page) -> Delivery:
        file = await self.make(chat, wish)
        return Refused(reason="nothing to make it from") if file is None else await self.client.hand(chat, file, shown)
