"""The part of `lampwise check` that is about commands: the shape of `commands.yaml`, and that each word means one.

Not its job: what a command does (`dialogs.commands`), reading the file for use (`command_table`).
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bot import command_table
from bot.command_table import OF_CHANNELS, CommandsShape
from bot.settings import Settings
from dialogs.check import files
from dialogs.commands import COMMANDS
from dialogs.compile import as_typed
from dialogs.kinds import words
from dialogs.kinds.normalize import plain
from dialogs.shaping import shape
from knowledge.finding import Document, Finding
from knowledge.yaml_reader import read_document

_FILE = "commands.yaml"


def findings(settings: Settings, paths: Sequence[Path]) -> Iterator[Finding]:
    """What is wrong in the files of commands at or under the paths, besides what is no YAML."""
    dialogs = {file.stem for file in (settings.dialogs / "flows").glob("*.yaml")}
    taken = _taken()
    for path in files(paths):
        if path.name == _FILE:
            yield from of_document(read_document(path, as_typed(path)), {*dialogs, *COMMANDS, *OF_CHANNELS})
        elif path.parent.name == "flows":
            yield from of_flow(read_document(path, as_typed(path)), taken)


def _taken() -> Mapping[str, str]:
    """The command that each word means, after a slash or typed as a word; a dialog's own words are not taken."""
    ours = {name: name for name in (*COMMANDS, *OF_CHANNELS)}
    shaped, _ = shape(CommandsShape, read_document(command_table.FILE, _FILE))
    others = {} if shaped is None else shaped.commands
    slashed = {plain(word): name for name, command in others.items() for word in command.words}
    typed = {word: name for name in words.keys("commands") for word in words.known("commands", name)}
    return {**typed, **slashed, **ours}


def of_flow(document: Document, taken: Mapping[str, str]) -> Iterable[Finding]:
    """A dialog that is called like a command, or like a word for one: nobody would have that command any more."""
    id = str(document.top.get("flow", ""))
    command = taken.get(plain(id), id)
    if id and (command != id or id in COMMANDS or id in OF_CHANNELS):
        yield document.finding(("flow",), "flow-is-command", name=id, command=command)


def of_document(document: Document, known: Collection[str]) -> Iterable[Finding]:
    """The same of a file that is read; `known` are the commands that do something."""
    shaped, wrong = shape(CommandsShape, document)
    if shaped is None:
        yield from wrong
        return
    meant: dict[str, str] = {}
    for name, command in shaped.commands.items():
        if name not in known:
            near = next(iter(difflib.get_close_matches(name, sorted(known), n=1)), "")
            yield document.at_key(("commands", name), "command-does-nothing", name=name, near=near)
        meant.setdefault(plain(name), name)
        for place, word in enumerate(command.words):
            first = meant.setdefault(plain(word), name)
            if first != name:
                trail = ("commands", name, "words", place)
                yield document.finding(trail, "command-word-twice", word=word, name=first)
