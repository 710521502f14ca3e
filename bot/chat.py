"""One owner's conversation in a terminal: what each typed line means, and where a start takes him up again.

Not its job: building the parts (`chat_command`), how things look (`gateways.terminal`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

from bot.advisor import Advisor
from bot.clock import Clock
from bot.command_table import LEAVE, CommandTable
from bot.gateways.terminal import Terminal
from bot.sender import Sender
from dialogs.events import ButtonPressed, CommandGiven, Event, TextReceived

AnEvent = TypeVar("AnEvent", bound=Event)


class Chat:
    """The conversation of the owner `name`."""

    def __init__(
        self, advisor: Advisor, sender: Sender, terminal: Terminal, table: CommandTable, clock: Clock, name: str
    ) -> None:
        """Each part is of this terminal alone."""
        self._advisor = advisor
        self._sender = sender
        self._terminal = terminal
        self._table = table
        self._clock = clock
        self._name = name
        self._ids = _ids()

    def resume(self, language: str | None) -> None:
        """Go on where the owner left off, in `language` from now on where one is given."""
        self._sender.take_over(self._name)
        switches = language not in (None, self._language())
        if switches:
            self._advisor.take_silently(self._event(CommandGiven, name="language", argument=language))
        self._terminal.language = self._language()
        left = self._sender.send(self._name)
        # What a sudden end had left unsaid asks by itself.
        if switches or not any(message.buttons for message in left):
            self._answer(self._event(CommandGiven, name="resume"))

    def listen(self, read: Callable[[], str]) -> None:
        """Answer line by line until the owner leaves."""
        while True:
            try:
                line = read()
            except (EOFError, KeyboardInterrupt):
                return
            if (self._table.named(line) or ("",))[0] == LEAVE:
                return
            if line.strip():
                self._answer(self._meant(line))

    def _meant(self, line: str) -> Event:
        """A command, a button of the last message, or a text."""
        command = self._table.named(line)
        if command is not None:
            return self._event(CommandGiven, name=command[0], argument=command[1])
        press = self._terminal.pressed(line)
        if press is not None:
            return self._event(ButtonPressed, press=press)
        return self._event(TextReceived, text=line)

    def _answer(self, event: Event) -> None:
        self._advisor.take(event)
        self._terminal.language = self._language()
        self._sender.send(self._name)

    def _language(self) -> str:
        return self._advisor.store.snapshot(Terminal.channel, self._name).language

    def _event(self, kind: type[AnEvent], **told: Any) -> AnEvent:
        return kind(id=next(self._ids), at=self._clock(), channel=Terminal.channel, chat=self._name, **told)


def _ids() -> Iterator[str]:
    """Names of events that no other start gives."""
    start = uuid4().hex
    return (f"{start}-{number}" for number in count(1))
