"""Makes the document that a message wishes for when the message is sent, so that the outbox never holds one.

For channels that cannot hand over a file, it is written beside the database and its path is said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from bot import document_files
from bot.clock import Clock
from bot.export_files import save
from dialogs.compile import Book
from dialogs.documents import wish
from dialogs.documents.wish import Wish
from dialogs.message import Line, Message
from dialogs.yours import EXPORT
from storage.export import export
from storage.store import Store


@dataclass(slots=True, kw_only=True)
class Attachments:
    """For the chats of `channel`; copies of all data go to `exports`."""

    book: Book
    store: Store
    clock: Clock
    channel: str
    exports: Path

    def complete(self, chat: str, message: Message) -> Message:
        """The message with the paths of what it wished for, or with what stood in the way."""
        wished = wish.read(message.document or "")
        if wished is not None:
            return self._printed(chat, message, wished)
        if message.document != EXPORT:
            return message
        exported = export(self.store.engine, self.channel, chat, self.clock())
        if exported is None:
            return message
        try:
            files = save(self.book, exported, self.exports)
        except OSError as error:
            return self._failed(chat, error)
        # The folder on a line of its own: a path that is broken in two cannot be copied.
        where = (Line(text=str(self.exports)), *(Line(text=file.name, style="item") for file in files))
        return replace(message, lines=(*message.lines, *where))

    def _printed(self, chat: str, message: Message, wished: Wish) -> Message:
        owner = self.store.snapshot(self.channel, chat)
        try:
            folder = self.exports.with_name(document_files.FOLDER)
            file = document_files.write_wished(self.book, owner, self.clock(), wished, folder)
        except OSError as error:
            return self._failed(chat, error)
        if file is None:
            return Message(lines=(Line(text=self.book.phrases["document-none"].fill(owner.language)),))
        return replace(message, lines=(*message.lines, Line(text=str(file), style="item")))

    def _failed(self, chat: str, error: OSError) -> Message:
        language = self.store.snapshot(self.channel, chat).language
        reason = error.strerror or type(error).__name__
        return Message(lines=(Line(text=self.book.phrases["export-failed"].fill(language, {"reason": reason})),))
