"""The part of `lampwise check` that is about the tables of days: which file is which, and what there are words for.

Not its job: the rules (`scheduler.held`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dialogs.check import files
from dialogs.compile import as_typed
from dialogs.held.texts import held
from knowledge.finding import Document, Finding
from knowledge.yaml_reader import read_document
from scheduler import blackouts, working_days
from scheduler import held as rules

#: The tables that we ship.
SHIPPED = (working_days.SHIPPED, blackouts.SHIPPED)
_WEEKS = "weeks-"
#: What an owner's own weeks are called; no table has them.
_OWN = "own"


def findings(paths: Sequence[Path]) -> Iterator[Finding]:
    """What is wrong in the tables at or under the paths."""
    for path in files(paths):
        if path.name in (table.name for table in SHIPPED):
            yield from of_document(path.name, read_document(path, as_typed(path)))


def of_document(name: str, document: Document) -> Iterable[Finding]:
    """The same of a file that is read, by its name."""
    if name == working_days.SHIPPED.name:
        return rules.holidays(document)
    return rules.blackouts(document, _named())


def _named() -> frozenset[str]:
    ids = (id for texts in held().values() for id in texts if id.startswith(_WEEKS))
    return frozenset(id.removeprefix(_WEEKS) for id in ids) - {_OWN}
