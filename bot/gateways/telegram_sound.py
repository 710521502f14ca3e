"""Holds what a library read in an update to what Telegram promises: python-telegram-bot checks no types at all.

Also the raw form in which an update is kept that cannot be read. Pure.
"""

from __future__ import annotations

import json
import re

from bot.gateways.telegram_incoming import Incoming

#: Characters of an update that could not be read: enough to see what it was.
MOST_RAW = 20_000
#: Characters of an id that Telegram makes: of a press, of an album. Its own have some 20.
MOST_ID = 256
#: Ids of chats have 52 significant bits at most, those of messages 31.
_CHAT = re.compile(r"-?[1-9][0-9]{0,15}")
_MOST_MESSAGE = 2**31


class Unsound(ValueError):
    """A part of an update is not what Telegram promises; the text names the part."""


def sound(incoming: Incoming) -> Incoming:
    """The same; raises Unsound where a part is of another type, or cannot be an id."""
    for name in ("sort", "chat", "language", "text", "query", "album"):
        if not isinstance(getattr(incoming, name), str):
            raise Unsound(name)
    for name in ("private", "forwarded"):
        if not isinstance(getattr(incoming, name), bool):
            raise Unsound(name)
    if not _is_message(incoming.message):
        raise Unsound("message")
    if max(len(incoming.query), len(incoming.album)) > MOST_ID:
        raise Unsound("id")
    _hold_chats(incoming)
    return incoming


def _hold_chats(incoming: Incoming) -> None:
    """What is for nobody needs no chat."""
    if incoming.sort == "ignored":
        return
    for chat in [incoming.chat, incoming.text] if incoming.sort == "migrated" else [incoming.chat]:
        if not _CHAT.fullmatch(chat):
            raise Unsound("chat")


def _is_message(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < _MOST_MESSAGE


def raw_form(update: object) -> str:
    """As JSON in ASCII, cut; what was no JSON is the text itself, and what cannot be written is nothing."""
    # NUL and lone halves of a surrogate pair, which no database takes, are escaped either way.
    if isinstance(update, str):
        return update[:MOST_RAW].encode("unicode_escape").decode()[:MOST_RAW]
    try:
        return json.dumps(update)[:MOST_RAW]
    except (ValueError, TypeError, RecursionError):
        return ""
