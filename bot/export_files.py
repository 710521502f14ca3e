"""Writes all that is kept on an owner to two files that only he may read: JSON for programs, CSV for people.

Not its job: gathering it (`storage.export`), the rows of the sheet (`dialogs.sheet`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dialogs.compile import Book
from dialogs.csv_text import csv_text
from dialogs.sheet import sheet
from dialogs.speaking import Speaker


def json_text(exported: Mapping[str, Any]) -> str:
    """One line of JSON, as people's words are written."""
    return json.dumps(exported, ensure_ascii=False) + "\n"


def sheet_text(book: Book, exported: Mapping[str, Any]) -> str:
    """The CSV file, in the owner's language and time zone."""
    (owner,) = exported["kept"]["owner"]
    today = datetime.fromisoformat(exported["exported_at"]).astimezone(ZoneInfo(owner["timezone"])).date()
    return csv_text(sheet(Speaker(book, owner["language"], today), owner["timezone"], exported["kept"]))


def save(book: Book, exported: Mapping[str, Any], folder: Path) -> tuple[Path, Path]:
    """Write both into `folder` under a new name, mode 0600; raises OSError, and then neither is left."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = next(pair for pair in _pairs(folder, exported) if not any(file.exists() for file in pair))
    try:
        write_private(files[0], json_text(exported))
        write_private(files[1], sheet_text(book, exported))
    except OSError:
        for file in files:
            file.unlink(missing_ok=True)
        raise
    return files


def write_private(file: Path, content: str | bytes) -> None:
    """Write a new file that nobody else may read; raises OSError, also where it is there already."""
    handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as new:
        new.write(content.encode() if isinstance(content, str) else content)


def _pairs(folder: Path, exported: Mapping[str, Any]) -> Iterator[tuple[Path, Path]]:
    """Named by the owner and the moment, then the same with a number."""
    who = "".join(sign if sign.isalnum() else "-" for sign in exported["owner"])
    stem = f"{who}-{datetime.fromisoformat(exported['exported_at']):%Y%m%dT%H%M%SZ}"
    for name in chain([stem], (f"{stem}-{number}" for number in count(2))):
        yield folder / f"{name}.json", folder / f"{name}.csv"
