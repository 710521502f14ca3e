"""The slash commands as `commands.yaml` has them: their names, other words for them, and what the help says.

Not its job: what a command does (`dialogs.commands`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTable:
    """`says` has the commands of one channel in the order of the help; `names` the name that each word means."""

    says: Mapping[str, Wording]
    names: Mapping[str, str]

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
        names={word: name for name, command in mine.items() for word in _words(name, command.words)},
    )
    return table, findings


def _words(name: str, others: Iterable[str]) -> Iterable[str]:
    return {plain(name), *map(plain, others)}
