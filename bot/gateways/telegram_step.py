"""The step of a Telegram chat: that of the dialogs, with what only this channel brings in and how it takes messages.

Pure, as every step. A message that is too long or that comes with a document becomes several here, so that each is
kept, sent and repeated by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.gateways.telegram_incoming import Tapped, TooFast, Unreadable
from bot.gateways.telegram_text import MOST_CAPTION, parts
from dialogs.compile import Book
from dialogs.effects import Effect, SendMessage
from dialogs.events import Event
from dialogs.message import Line, Message
from dialogs.owner import Owner
from dialogs.step import step
from dialogs.talk import Turn
from dialogs.wording import Wording
from dialogs.yours import EXPORT

#: The two files of an export, each a message of its own.
EXPORTS = (f"{EXPORT}:json", f"{EXPORT}:csv")

_UNREADABLE = {"other": "not-text", "edited": "edited", "group": "in-group"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramStep:
    """`texts` are those of telegram.yaml; `link` leads to the chat with the bot."""

    book: Book
    texts: Mapping[str, Wording]
    link: str

    def __call__(self, owner: Owner, event: Event) -> Turn:
        """Answer one event."""
        match event:
            case Unreadable():
                return self._told(owner, _UNREADABLE[event.what])
            case TooFast():
                return self._told(owner, "too-fast")
            case _:
                turn = step(self.book, owner, event)
                return replace(turn, effects=tuple(_shaped(turn.effects, _place(event))))

    def _told(self, owner: Owner, key: str) -> Turn:
        text = self.texts[key].fill(owner.language, {"link": self.link})
        return Turn(owner=owner, effects=(SendMessage(message=Message(lines=(Line(text=text),))),))


def _place(event: Event) -> int:
    """Our message whose place the answer takes if what it shows may go (`storage.staying` knows); 0: none."""
    return event.message if isinstance(event, Tapped) else 0


def _shaped(effects: Iterable[Effect], over: int) -> Iterator[Effect]:
    """The effects; the first message takes the place of message `over`, if it may. A later one would stand above it."""
    for effect in effects:
        if not isinstance(effect, SendMessage):
            yield effect
            continue
        for message in _several(effect.message):
            yield replace(effect, message=replace(message, over=over) if message.replaces and over else message)
            over = 0


def _several(message: Message) -> Iterator[Message]:
    if message.document is None:
        yield from parts(message)
        return
    text = replace(message, document=None)
    *first, caption = parts(text, MOST_CAPTION)
    yield from parts(text) if first else ()
    with_file = replace(caption, replaces=False) if not first else Message(lines=())
    if message.document != EXPORT:
        yield replace(with_file, document=message.document)
        return
    yield replace(with_file, buttons=(), document=EXPORTS[0])
    yield Message(lines=(), buttons=with_file.buttons, document=EXPORTS[1])
