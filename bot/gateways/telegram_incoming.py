"""What came in from Telegram, free of the library that read it, and the event that it means.

Not its job: reading Telegram's JSON (`telegram_ptb`, `telegram_aiogram`), what is answered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.command_table import SLASHES, CommandTable
from dialogs.events import ButtonPressed, CommandGiven, Event, RemindersDue, RemindersUnheard, TextReceived

CHANNEL = "telegram"

#: text, press: what they say. other: a picture, a voice, a sticker. edited: a changed message. left, returned: the
#: person blocked us, or let us in again. migrated: the group has a new id. ignored: nothing that is for us.
Sort = Literal["text", "press", "other", "edited", "left", "returned", "migrated", "ignored"]

#: Longer texts are cut: nothing that we ask needs as much, and nothing is searched with as much.
MOST_TEXT = 4096

#: What a deep link (t.me/BOT?start=…) may name besides a command.
_GO_ON = "continue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One update. `text` is what was typed, what a button carried, or the new id of a chat."""

    update: int
    sort: Sort
    chat: str = ""
    private: bool = True
    #: The person's language as his phone has it, an IETF tag.
    language: str = ""
    text: str = ""
    #: The message it is about: of the person, or ours whose button was pressed; 0 where unknown.
    message: int = 0
    #: To be answered at once, by its id, so that the button stops turning.
    query: str = ""
    #: Several pictures that were sent as one.
    album: str = ""
    forwarded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped(ButtonPressed):
    """`message` is the one whose place the answer may take; 0: it is not the last of the chat, or unknown."""

    message: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable(Event):
    """Something that we cannot read was sent; `what`: other, edited or group."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFast(Event):
    """More came than one person may send; what came since is not answered."""


#: Every kind of event that is taken in on this channel, by the name under which it is kept.
_ALL = (TextReceived, CommandGiven, ButtonPressed, Tapped, Unreadable, TooFast, RemindersDue, RemindersUnheard)
KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in _ALL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Tells what an update means. `links` are the commands that a deep link may give, `bot` our own name, without @."""

    table: CommandTable
    links: Collection[str]
    bot: str

    def event(self, incoming: Incoming, at: datetime, last: int) -> Event | None:
        """The event; None where there is nothing to answer. `last` is the newest message known in the chat, or 0."""
        told: dict[str, Any] = {"id": str(incoming.update), "at": at, "channel": CHANNEL, "chat": incoming.chat}
        if not incoming.private:
            return Unreadable(what="group", **told) if self._is_for_us(incoming) else None
        match incoming.sort:
            case "text":
                return self._said(incoming, told)
            case "press":
                is_last = incoming.message >= last
                place = incoming.message if is_last else 0
                return Tapped(press=incoming.text, under=incoming.message, message=place, **told)
            case "other":
                # The pictures of an album are one event.
                told |= {"id": f"album {incoming.album}"} if incoming.album else {}
                return Unreadable(what="other", **told)
            case "edited":
                return Unreadable(what="edited", **told)
            case _:
                return None

    def _said(self, incoming: Incoming, told: dict[str, Any]) -> Event:
        text = incoming.text[:MOST_TEXT]
        command = None if incoming.forwarded else self.table.named(self._without_our_name(text))
        if command is None:
            return TextReceived(text=text, **told)
        name, argument = command
        return self._linked(argument, told) if name == "start" else CommandGiven(name=name, argument=argument, **told)

    def _linked(self, payload: str, told: dict[str, Any]) -> Event:
        """What a deep link wants: a command, to go on, or just to begin (its code is kept with the event)."""
        if payload == _GO_ON:
            return CommandGiven(name="resume", **told)
        if payload in self.links:
            return CommandGiven(name=payload, **told)
        return CommandGiven(name="start", argument=payload[:64], **told)

    def _without_our_name(self, text: str) -> str:
        """`/vet@our_bot 1` is `/vet 1`."""
        word, space, rest = text.partition(" ")
        command, at, name = word.partition("@")
        return f"{command}{space}{rest}" if at and name.lower() == self.bot.lower() else text

    def _is_for_us(self, incoming: Incoming) -> bool:
        """In a group, only what is said to us by name or what begins with a slash alone."""
        if incoming.sort != "text" or incoming.forwarded or not incoming.text.startswith(SLASHES):
            return False
        _, at, name = incoming.text.split(maxsplit=1)[0].partition("@")
        return not at or name.lower() == self.bot.lower()


def meant_language(tag: str) -> str | None:
    """The language of ours that is nearest to a person's own; None where there is none."""
    parts = tag.lower().replace("_", "-").split("-")
    if parts[0] == "zh":
        return "zh-Hant" if {"hant", "tw", "hk", "mo"} & set(parts) else "zh-Hans"
    return "en" if tag else None
