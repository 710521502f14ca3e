"""Which files beside dialogs, texts and talks are held to what the program looks up in them, by what.

Not its job: the tables of days (`scheduler.held`), the commands (`bot.check_commands`), the books (`knowledge.lint`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from dialogs.compile import SHIPPED, compile_folder
from dialogs.flow import Flow
from dialogs.held import advice, handover, words
from dialogs.kinds import words as words_in_use
from knowledge.finding import Document, Finding

Flows = Mapping[str, Flow]


def sort_of(path: Path) -> str:
    """The sort of file that this one is, by its name; empty where it is none of these."""
    name = path.name
    return name.removesuffix(".yaml") if name in _NAMES else ""


def check(sort: str, document: Document, flows: Flows) -> Iterator[Finding]:
    """All that is wrong in the file; `flows` are the dialogs that are checked along with it."""
    if document.content is None and not document.findings:
        yield document.finding((), "file-empty")
    else:
        yield from _CHECKS[sort](document, flows)


def _words(document: Document, flows: Flows) -> Iterable[Finding]:
    beside = (file.stem for file in (Path(document.file).parents[1] / "flows").glob("*.yaml"))
    return words.check(document, {*flows, *beside})


def _handover(document: Document, flows: Flows) -> Iterable[Finding]:
    return handover.check(document)


def _advice(document: Document, flows: Flows) -> Iterable[Finding]:
    return advice.check(document, flows or compile_folder(Path(document.file).parent).flows)


_CHECKS: Mapping[str, Callable[[Document, Flows], Iterable[Finding]]] = {
    "words": _words, "handover": _handover, "advice": _advice,
}  # fmt: skip
#: Those that are read from our own folder wherever the dialogs lie.
ALWAYS = (words_in_use.FILE, SHIPPED / "documents" / "handover.yaml")
_NAMES = frozenset(f"{sort}.yaml" for sort in _CHECKS)
SORTS = tuple(_CHECKS)
