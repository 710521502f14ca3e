"""Writes documents to files: those that are wished for in a chat, and those of `lampwise run --document`.

Not its job: what is in them (`dialogs.documents`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.export_files import write_private
from bot.pictures import shown
from dialogs.compile import Book
from dialogs.documents.making import made
from dialogs.documents.page import Document
from dialogs.documents.wish import Wish
from dialogs.owner import Owner
from dialogs.speaking import Speaker

#: The folder beside the database.
FOLDER = "documents"


def write_wished(book: Book, owner: Owner, at: datetime, wish: Wish, folder: Path) -> Path | None:
    """The file of the document, readable for its owner alone; None where there is nothing to write it from any more.

    Raises OSError.
    """
    speaker = Speaker(book, owner.language, at.astimezone(ZoneInfo(owner.timezone)).date())
    document = made(book, book.sources, owner, speaker, wish, at)
    return None if document is None else save(shown(document), folder)


def save(document: Document, folder: Path) -> Path:
    """Write it into `folder` under a name that is not taken; raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = next(file for file in _names(document, folder) if not file.exists())
    write_private(file, document.content)
    return file


def _names(document: Document, folder: Path) -> Iterator[Path]:
    """Its own name, then the same with a number."""
    name = Path(document.name)
    yield folder / name
    yield from (folder / f"{name.stem}-{number}{name.suffix}" for number in count(2))
