"""Reads a talk file; what is wrong with it is a list of findings with their places.

Not its job: the keys (`shape`), playing it (`playing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from dialogs.compile import as_typed
from dialogs.scripted.shape import EntryShape, TalkShape
from dialogs.shaping import shape
from knowledge.finding import Document, Finding, Trail
from knowledge.yaml_reader import read_document

#: What an entry can be; it is exactly one of these.
ACTS = ("you", "press", "press_old", "wait", "edit")
_WAIT = re.compile(r"([0-9]{1,4}) (minute|hour|day|week)s?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A talk file that can be played; `document` knows where everything stands."""

    document: Document
    talk: TalkShape


def read_script(path: Path) -> tuple[Script | None, tuple[Finding, ...]]:
    """The talk in a file, or None and why not."""
    return script(read_document(path, as_typed(path)))


def script(document: Document) -> tuple[Script | None, tuple[Finding, ...]]:
    """The same of a document at hand."""
    talk, findings = shape(TalkShape, document)
    if talk is None:
        return None, findings
    wrong = tuple(
        finding for place, entry in enumerate(talk.says) for finding in _wrong(document, ("says", place), entry)
    )
    return (None if wrong else Script(document=document, talk=talk)), wrong


def _wrong(document: Document, trail: Trail, entry: EntryShape) -> Iterable[Finding]:
    acts = [act for act in ACTS if act in entry.model_fields_set]
    if len(acts) != 1:
        yield document.finding(trail, "talk-one-act", found=", ".join(acts) or "-", known=", ".join(ACTS))
    if entry.wait is not None and duration(entry.wait) is None:
        yield document.finding((*trail, "wait"), "talk-wait-unreadable", found=entry.wait)
    if entry.edit is not None and entry.find is None:
        yield document.finding(trail, "missing-key", key="find")


def duration(text: str) -> timedelta | None:
    """How long "3 days" is; None where it says no time."""
    read = _WAIT.fullmatch(text)
    return timedelta(**{f"{read[2]}s": int(read[1])}) if read else None
