"""The slash commands as `commands.yaml` has them: their names, other words for them, and what the help says.

Not its job: what a command does (`dialogs.commands`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dialogs.kinds.normalize import plain
from dialogs.schema import Id, Strict, TextShape, Told
from dialogs.shaping import shape, wording
from dialogs.wording import Wording
from knowledge.finding import Finding
from knowledge.yaml_reader import read_document

FILE = Path(__file__).with_name("commands.yaml")

#: What a command begins with, in either width.
SLASHES = ("/", "\uff0f")


#: What a channel does by itself, so that no step is asked.
LEAVE = "quit"
OF_CHANNELS = (LEAVE,)


class CommandShape(Strict):
    """One command of the file."""

    says: TextShape
    words: tuple[Told, ...] = ()
    only: Id | None = None


class CommandsShape(Strict):
    """The whole file."""

    commands: dict[Id, CommandShape]


@dataclass(frozen=True, kw_only=True)
class CommandTable:
    """`says` has the commands of one channel in the order of the help; `words` what else each is called."""

    says: Mapping[str, Wording]
    words: Mapping[str, tuple[str, ...]]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name that each word means; made when somebody first types a command."""
        return {plain(word): name for name, others in self.words.items() for word in (name, *others)}

    def named(self, text: str) -> tuple[str, str] | None:
        """The name and the argument of a line that begins with a slash; a name that is unknown stays as typed."""
        line = text.strip()
        if not line.startswith(SLASHES):
            return None
        word, *argument = line[1:].split(maxsplit=1) or ("help",)
        typed = plain(word)
        return self.names.get(typed, typed), "".join(argument)


def load(channel: str, file: Path = FILE) -> tuple[CommandTable, tuple[Finding, ...]]:
    """The commands that `channel` has, and what is wrong with the file; with findings the table is empty."""
    shaped, findings = shape(CommandsShape, read_document(file, file.name))
    commands = shaped.commands if shaped is not None else {}
    mine = {name: command for name, command in commands.items() if command.only in (None, channel)}
    table = CommandTable(
        says={name: wording(command.says) for name, command in mine.items()},
        words={name: command.words for name, command in mine.items()},
    )
    return table, findings
