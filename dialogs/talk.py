"""One event's surroundings: the book, the owner as he is now, the moment; and the turn that comes out of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs import presses
from dialogs.compile import Book
from dialogs.effects import Effect, SendMessage
from dialogs.flow import Flow
from dialogs.fold import Position, position
from dialogs.message import Button, Line, Message
from dialogs.owner import Answer, Conversation, How, Owner
from dialogs.speaking import Speaker

#: The commands that the menu shows beside the dialogs, in the order of bot/commands.yaml.
MENU = frozenset({"agencies", "compare", "answers", "language", "help"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What came of an event: the owner as he is now, and what shall happen, in order."""

    owner: Owner
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What every answer of ours is made from; changed only by making a new one."""

    book: Book
    owner: Owner
    at: datetime
    #: Where conversations stand that were asked for in this turn, each with the answers it was folded from.
    stands: dict[tuple[str, int], tuple[tuple[Answer, ...], Position]] = field(
        default_factory=dict[tuple[str, int], tuple[tuple[Answer, ...], Position]], repr=False, compare=False
    )

    @property
    def speaker(self) -> Speaker:
        """Speaks the owner's language, on his own calendar."""
        return Speaker(self.book, self.owner.language, self.at.astimezone(ZoneInfo(self.owner.timezone)).date())

    @property
    def current(self) -> Conversation | None:
        """The conversation in focus, where its flow still exists."""
        conversation = self.owner.conversations.get(self.owner.focus)
        return conversation if conversation is not None and conversation.flow in self.book.flows else None

    def flow(self, conversation: Conversation) -> Flow:
        """The flow of a conversation."""
        return self.book.flows[conversation.flow]

    def stand(self, conversation: Conversation) -> Position:
        """Where a conversation stands now."""
        answers = conversation.answers
        # The answers are held beside the position, so that no others can come to have their id.
        key = conversation.flow, id(answers)
        if key not in self.stands:
            self.stands[key] = answers, position(self.flow(conversation), answers)
        return self.stands[key][1]

    def answer(self, slot: str, how: How, value: object = None, raw: str = "") -> Answer:
        """An entry for a conversation's list, of this moment."""
        return Answer(slot=slot, how=how, value=value, raw=raw[:500], at=self.at)

    def focused(self, conversation: Conversation) -> Talk:
        """With the conversation kept and in focus."""
        conversations = {**self.owner.conversations, conversation.number: conversation}
        return replace(self, owner=replace(self.owner, conversations=conversations, focus=conversation.number))

    def unfocused(self) -> Talk:
        """With no conversation in focus."""
        return replace(self, owner=replace(self.owner, focus=0))

    def turn(self, *messages: Message, effects: Iterable[Effect] = ()) -> Turn:
        """The turn that says `messages`."""
        return Turn(owner=self.owner, effects=(*effects, *(SendMessage(message=message) for message in messages)))

    def say(self, key: str, **values: str) -> Turn:
        """A turn of one phrase."""
        return self.turn(Message(lines=(self.speaker.line(key, "plain", **values),)))

    def menu(self, *before: Line, first: Iterable[tuple[Button, ...]] = ()) -> Turn:
        """What can be done, as buttons, the rows `first` before all; the lines `before` come first."""
        named = [(name, says) for name, says in self.book.commands.items() if name in self.book.flows or name in MENU]
        others = [(flow.id, flow.title) for flow in self.book.flows.values() if not self.book.commands]
        buttons = [
            (Button(label=self.speaker.text(says), press=presses.command(name)),) for name, says in (*named, *others)
        ]
        heading = self.speaker.line("menu-heading", "heading")
        return self.turn(Message(lines=(*before, heading), buttons=(*first, *buttons), numbered=True))


def in_passing(turn: Turn) -> Turn:
    """The turn, whose messages are only of use until the person writes again."""
    effects = tuple(
        replace(effect, message=replace(effect.message, passing=True)) if isinstance(effect, SendMessage) else effect
        for effect in turn.effects
    )
    return replace(turn, effects=effects)
