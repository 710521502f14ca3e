"""Makes the document that a message wishes for when it is sent, as bytes: nothing of it lies on the server's disk."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.export_files import json_text, sheet_text
from bot.gateways.telegram_http import File
from bot.gateways.telegram_incoming import CHANNEL
from bot.gateways.telegram_step import EXPORTS
from bot.pictures import shown
from dialogs.compile import Book
from dialogs.documents import wish
from dialogs.documents.making import made
from dialogs.speaking import Speaker
from storage.export import export
from storage.store import Store

_STEM = "lampwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramFiles:
    """For the chats of one bot."""

    book: Book
    store: Store
    clock: Clock

    def make(self, chat: str, wished: str) -> File | None:
        """The file; None where there is nothing to make it from any more. Raises StorageError."""
        if wished in EXPORTS:
            return self._exported(chat, wished)
        meant = wish.read(wished)
        if meant is None:
            return None
        owner = self.store.snapshot(CHANNEL, chat)
        now = self.clock()
        today = now.astimezone(ZoneInfo(owner.timezone)).date()
        document = made(self.book, self.book.sources, owner, Speaker(self.book, owner.language, today), meant, now)
        if document is None:
            return None
        document = shown(document)
        return document.name, document.content

    def _exported(self, chat: str, wished: str) -> File | None:
        exported = export(self.store.engine, CHANNEL, chat, self.clock())
        if exported is None:
            return None
        if wished == EXPORTS[0]:
            return f"{_STEM}.json", json_text(exported).encode()
        return f"{_STEM}.csv", sheet_text(self.book, exported).encode()
