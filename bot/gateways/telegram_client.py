"""What a Telegram library is to us: a client that sends, and a reader of updates. Two modules provide it.

No state, order, repeats or limits of theirs: these are the sender's and the store's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Protocol, cast

from bot.gateways.base import (
    Blocked,
    Delivery,
    Gone,
    Migrated,
    NotSent,
    Refused,
    RetryAfter,
    Sent,
    TokenUnknown,
    Unknown,
    Unparsed,
)
from bot.gateways.telegram_http import Cut, Declined, File, NotReached
from bot.gateways.telegram_incoming import Incoming
from bot.gateways.telegram_text import Page
from bot.link import TokenSeen

#: What Telegram says of an edit that changes nothing: it was made already.
_NOT_MODIFIED = "message is not modified"
#: What it says of a message that cannot be edited any more.
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
#: What it says of markup.
_UNPARSED = ("can't parse entities", "can't parse")
#: What it says, with 400, of a chat that will never be.
_NO_CHAT = ("chat not found", "user is deactivated", "peer_id_invalid", "user not found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Our own account; `name` without the @."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooked:
    """How the webhook is, as getWebhookInfo says."""

    #: Where Telegram delivers to; empty: no webhook is set.
    url: str = ""
    #: Updates that wait to be delivered.
    pending: int = 0
    #: When a delivery last failed, in Unix time; 0: never.
    failed_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What people see of the bot before they talk: `commands` are (name, what it does)."""

    #: An IETF tag; empty: for all other languages.
    language: str
    commands: Sequence[tuple[str, str]]
    description: str
    short: str


class Client(Protocol):
    """One library with one token. What goes wrong with a message is an outcome, never an exception."""

    @property
    def token_seen(self) -> TokenSeen:
        """What the server said of the token lately."""
        ...

    async def open(self) -> Me:
        """Connect and find out who we are; raises TokenRefused, NotReached or Cut."""
        ...

    async def close(self) -> None:
        """End all connections."""
        ...

    async def say(self, chat: str, page: Page, *, over: int | None = None, plain: bool = False) -> Delivery:
        """Send, or put in the place of our message `over`; `plain` without markup."""
        ...

    async def hand(self, chat: str, file: File, page: Page) -> Delivery:
        """Send a file with a caption."""
        ...

    async def answer(self, query: str) -> None:
        """Tell a pressed button that it was heard; if that fails, nothing is lost."""
        ...

    async def typing(self, chat: str) -> None:
        """Show for some seconds that an answer is being made; if that fails, nothing is lost."""
        ...

    async def introduce(self, profile: Profile) -> None:
        """Set the menu of commands and the descriptions; if that fails, they stay as they were."""
        ...

    async def menu(self, chat: str, commands: Sequence[tuple[str, str]]) -> None:
        """Set the menu of one chat, in the place of that of its person's phone; if that fails, it stays."""
        ...

    async def updates(self, offset: int, wait: int) -> Sequence[object]:
        """What has come since `offset`, waiting up to `wait` seconds; raises as `telegram_http` says.

        Each should be an object; what cannot be read is a text, and anything else may stand there.
        """
        ...

    async def hook(self, url: str, secret: str) -> None:
        """Have updates delivered to `url`; empty: no more. Raises TokenRefused, NotReached or Cut."""
        ...

    async def hooked(self) -> Hooked:
        """How the webhook is; raises TokenRefused, NotReached or Cut."""
        ...

    def read(self, update: Mapping[str, Any]) -> Incoming:
        """What an update says; raises whatever the library raises on what it cannot read."""
        ...


def outcome(error: NotReached | Cut | Declined, *, editing: bool) -> Delivery:
    """What it means for a message that its call ended so, whichever library made the call."""
    match error:
        case NotReached():
            return NotSent(reason=str(error))
        case Cut():
            return Unknown(reason=str(error))
        case Declined():
            return _declined(error.status, error.answer, editing=editing)


def _declined(status: int, answer: Mapping[str, Any], *, editing: bool) -> Delivery:
    told: Any = answer.get("parameters")
    parameters = cast(dict[str, Any], told) if isinstance(told, dict) else {}
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return TokenUnknown()
        case HTTPStatus.NOT_FOUND if answer:
            return TokenUnknown()
        case HTTPStatus.TOO_MANY_REQUESTS if (wait := parameters.get("retry_after")) and isinstance(wait, int | float):
            return RetryAfter(wait=timedelta(seconds=wait))
        case HTTPStatus.FORBIDDEN if answer:
            return Blocked()
        case HTTPStatus.BAD_REQUEST if new := parameters.get("migrate_to_chat_id"):
            return Migrated(chat=str(new))
        case HTTPStatus.BAD_REQUEST:
            return refused(str(answer.get("description", "")), editing=editing) or Refused(reason="400")
        case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.FORBIDDEN | HTTPStatus.NOT_FOUND:
            # A page of somebody between us and the server, who may let the next call through.
            return NotSent(reason=f"status {status}")
        case _ if status < HTTPStatus.BAD_REQUEST:
            return NotSent(reason=f"status {status}")
        case _:
            return Refused(reason=str(status))


def refused(description: str, *, editing: bool) -> Delivery | None:
    """What a 400 means by its words; None where nothing is known of them."""
    said = description.lower()
    if editing and _NOT_MODIFIED in said:
        return Sent()
    if editing and any(words in said for words in _GONE):
        return Gone()
    if any(words in said for words in _UNPARSED):
        return Unparsed()
    return Blocked() if any(words in said for words in _NO_CHAT) else None
