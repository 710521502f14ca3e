"""What a message or a membership means, whichever library has read it: both call its parts what Telegram calls them.

Not its job: presses, of which each library is spared another part.
"""

from __future__ import annotations

from typing import Protocol

from bot.gateways.telegram_incoming import Incoming, Sort

_PRIVATE = "private"
#: Who blocked us has "kicked" us.
_OUT = ("kicked", "left")


class Chat(Protocol):
    """Where it was said."""

    @property
    def id(self) -> int: ...
    @property
    def type(self) -> str: ...


class User(Protocol):
    """Who said it."""

    @property
    def language_code(self) -> str | None: ...


class Member(Protocol):
    """What we are in a chat."""

    @property
    def status(self) -> str: ...


class Membership(Protocol):
    """A change of what we are in a chat."""

    @property
    def chat(self) -> Chat: ...
    @property
    def from_user(self) -> User: ...
    @property
    def new_chat_member(self) -> Member: ...


class Message(Protocol):
    """What was said."""

    @property
    def chat(self) -> Chat: ...
    @property
    def from_user(self) -> User | None: ...
    @property
    def message_id(self) -> int: ...
    @property
    def text(self) -> str | None: ...
    @property
    def media_group_id(self) -> str | None: ...
    @property
    def forward_origin(self) -> object | None: ...
    @property
    def migrate_to_chat_id(self) -> int | None: ...


def is_private(chat: Chat) -> bool:
    """Whether only one person reads there."""
    return chat.type == _PRIVATE


def membership(update: int, change: Membership) -> Incoming:
    """The person blocked us, or let us in again."""
    return Incoming(
        update=update, sort="left" if change.new_chat_member.status in _OUT else "returned", chat=str(change.chat.id),
        private=is_private(change.chat), language=change.from_user.language_code or "",
    )  # fmt: skip


def message(update: int, said: Message, *, edited: bool, holds_more: bool) -> Incoming:
    """What was said; `holds_more`: something besides text, such as a picture."""
    if said.migrate_to_chat_id is not None:
        new = str(said.migrate_to_chat_id)
        return Incoming(update=update, sort="migrated", chat=str(said.chat.id), private=False, text=new)
    user = said.from_user
    return Incoming(
        update=update, sort=_sort(said, edited=edited, holds_more=holds_more), chat=str(said.chat.id),
        private=is_private(said.chat), language=(user.language_code or "") if user is not None else "",
        text=said.text or "", message=said.message_id, album=said.media_group_id or "",
        forwarded=said.forward_origin is not None,
    )  # fmt: skip


def _sort(said: Message, *, edited: bool, holds_more: bool) -> Sort:
    if edited:
        return "edited"
    if said.text is not None:
        return "text"
    return "other" if holds_more else "ignored"
