"""The terminal as a channel: prints messages, reads lines. The only door to prompt_toolkit and rich.

Where a person sits there, there is a prompt with history; lines from a pipe are read as they are and nothing is
coloured. Not its job: how a message is laid out (`terminal_layout`), what a line means (`bot.chat`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from rich.console import Console
from rich.text import Text

from bot.gateways.base import Capabilities, Sent
from bot.gateways.terminal_layout import Layout, Row, pressed
from dialogs.message import Line, Message
from dialogs.wording import Wording

PROMPT = "> "

#: Columns where the output is no terminal.
PIPE_WIDTH = 80
#: Wider lines are hard to read.
MOST_COLUMNS = 100
#: Nobody types more at once; the rest of a line is not read.
LONGEST_LINE = 4096

_STYLES = {"plain": "", "heading": "bold", "item": "", "quiet": "dim"}


class Terminal:
    """One person's terminal. `language` is the one that he reads now."""

    channel = "terminal"
    capabilities = Capabilities(buttons=False, edits=False)

    def __init__(self, texts: dict[str, Wording], language: str, output: TextIO) -> None:
        """`texts` are those of terminal.yaml."""
        self._texts = texts
        self.language = language
        self._console = _console(output)
        #: The last message with buttons: its numbers and labels are what can be typed.
        self._offering: Message | None = None

    def send(self, chat: str, message: Message) -> Sent:
        """Print the message, with an empty line before it."""
        self._print(Row(text=""), *self._layout.rows(message))
        if message.buttons:
            self._offering = message
        return Sent()

    def tell(self, key: str) -> None:
        """Print one of the terminal's own texts."""
        layout = self._layout
        said = Message(lines=(Line(text=layout.say(key), style="quiet"),))
        self._print(Row(text=""), *layout.rows(said))

    def pressed(self, line: str) -> str | None:
        """The press that a typed line means, if any."""
        return pressed(self._offering, line)

    @property
    def _layout(self) -> Layout:
        return Layout(self._texts, self.language, min(self._console.width, MOST_COLUMNS))

    def _print(self, *rows: Row) -> None:
        for row in rows:
            # A text, never markup: what somebody typed is shown as it is.
            self._console.print(Text(row.text, style=_STYLES[row.style]), soft_wrap=True)
        self._console.file.flush()


def _console(output: TextIO) -> Console:
    if output.isatty():
        return Console(file=output, highlight=False, markup=False, emoji=False)
    return Console(file=output, highlight=False, markup=False, emoji=False, width=PIPE_WIDTH,
                   color_system=None, force_terminal=False)  # fmt: skip


def is_somebody_there() -> bool:
    """Whether a person sits at both ends: there is a prompt then."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def typed_lines(history: Path | None) -> Callable[[], str]:
    """Reads what a person types, with what he typed before; EOFError at Ctrl-D, KeyboardInterrupt at Ctrl-C."""
    session: PromptSession[str] = PromptSession(history=_history(history))
    return lambda: session.prompt(PROMPT)[:LONGEST_LINE]


def piped_lines(source: BinaryIO) -> Callable[[], str]:
    """Reads lines as they come; EOFError at the end."""

    def read() -> str:
        line = source.readline()
        if not line:
            raise EOFError
        return line.decode("utf-8", "replace").rstrip("\r\n")[:LONGEST_LINE]

    return read


def _history(file: Path | None) -> History:
    if file is None:
        return InMemoryHistory()
    try:
        # It holds what an owner typed: for his eyes only.
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(file))
