"""Builds the Book that conversations run on: the dialogs, the commands, and the topics that the dialogs cite.

Not its job: what is wrong in a dialog (`dialogs.compile`), the search in the books (`knowledge.library`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from bot import command_table
from bot.command_table import OF_CHANNELS, CommandTable
from dialogs.commands import COMMANDS
from dialogs.compile import Book, compile_folder
from dialogs.flow import Flow
from dialogs.loop.contracts import WITHIN
from dialogs.schema import Strict, TextShape
from dialogs.shaping import shape, wording
from dialogs.wording import Wording
from knowledge.cited import CitedSources
from knowledge.finding import Finding
from knowledge.library import Library
from knowledge.yaml_reader import read_document
from scheduler.owners import OwnersCalendar


class BookBroken(Exception):
    """The maintainers' files cannot be used as they are; `findings` say where and why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """Keep the findings that stand in the way."""
        super().__init__(f"{len(findings)} findings")
        self.findings = findings


class CitedShape(Strict, extra="ignore"):
    """What a reason needs of a knowledge entry; the rest of the entry is not looked at."""

    title: TextShape
    short: TextShape


@dataclass(frozen=True, slots=True)
class Cited(Mapping[str, Wording]):
    """One text of each knowledge entry, by topic; an entry is read when it is first asked for.

    An entry that is missing or broken is none, so that it stops no conversation: the check finds it.
    """

    folder: Path
    entry: Callable[[str], CitedShape | None]
    part: Callable[[CitedShape], TextShape]

    def __getitem__(self, topic: str) -> Wording:
        """The text; KeyError where there is no such entry, or none that can be read."""
        entry = self.entry(topic)
        if entry is None:
            raise KeyError(topic)
        return wording(self.part(entry))

    def __iter__(self) -> Iterator[str]:
        """The topics by name."""
        return (file.stem for file in sorted(self.folder.glob("*.yaml")))

    def __len__(self) -> int:
        """How many topics there are."""
        return sum(1 for _ in self)


def build(dialogs: Path, knowledge: Path, channel: str, keep: Path | None = None) -> tuple[Book, CommandTable]:
    """The book out of the two folders, with the commands of `channel`; raises BookBroken.

    What the matcher learns from the knowledge is kept in the file `keep` for the next start.
    """
    compiled = compile_folder(dialogs)
    table, problems = command_table.load(channel)
    errors = tuple(finding for finding in (*compiled.findings, *problems) if finding.level == "error")
    if compiled.book is None or errors:
        raise BookBroken(errors)
    sources, library = CitedSources(knowledge), Library(knowledge, keep)
    phrases = _on(channel, compiled.book.phrases)
    book = replace(compiled.book, phrases=phrases, calendar=OwnersCalendar(), sources=sources, library=library)
    return _joined(book, table, knowledge / "entries"), table


def _on(channel: str, phrases: Mapping[str, Wording]) -> Mapping[str, Wording]:
    """As they are said on a channel: there KEY-CHANNEL stands in the place of KEY."""
    end = f"-{channel}"
    return {**phrases, **{key.removesuffix(end): text for key, text in phrases.items() if key.endswith(end)}}


def _joined(book: Book, table: CommandTable, entries: Path) -> Book:
    @cache
    def entry(topic: str) -> CitedShape | None:
        return shape(CitedShape, read_document(entries / f"{topic}.yaml"))[0]

    return replace(
        book,
        commands=_commands(book.flows, table),
        topics=Cited(entries, entry, lambda cited: cited.title),
        whys=Cited(entries, entry, lambda cited: cited.short),
    )


def _commands(flows: Mapping[str, Flow], table: CommandTable) -> Mapping[str, Wording]:
    """Those that do something with this book: a dialog that was taken out is not offered, a new one is by its title."""
    known = {*flows, *COMMANDS, *OF_CHANNELS}
    new = {id: flow.title for id, flow in flows.items() if id not in table.says and id not in WITHIN}
    return {**new, **{name: says for name, says in table.says.items() if name in known}}
