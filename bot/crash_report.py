"""The report of a crash: the kinds of the errors and the places in the code, without anybody's words.

An error's own message may hold what somebody typed, a sum, a statement's values or a token, so no message is kept; the
system's errors are named by their number. Not its job: catching errors (`refusal`).
"""

from __future__ import annotations

import errno
import os
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import cast

#: The file of the last crash.
REPORT = "last-error.txt"


def told(error: BaseException) -> str:
    """The error as text, with its causes before it and the parts of a group after it."""
    return "".join(_parts(error, set()))


def write(error: BaseException) -> Path:
    """Write the report (mode 0600) into the first folder that takes it; raises OSError where none does."""
    text, refused = told(error), OSError("there is no folder for it")
    for folder in _folders():
        try:
            return _written(folder, text)
        except OSError as problem:
            refused = problem
    raise refused


def _parts(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _parts(before, seen)
        yield "\nand then:\n\n" if error.__cause__ is None else "\nwhich caused:\n\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{_name(error)}\n"
    if isinstance(error, BaseExceptionGroup):
        for one in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            yield "\none of the group:\n\n"
            yield from _parts(one, seen)


def _name(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    number = error.errno if isinstance(error, OSError) else None
    return name if number is None else f"{name} ({errno.errorcode.get(number, number)})"


def _folders() -> Iterator[Path]:
    """Beside the database; where systemd keeps the program's state; the user's data folder; the passing files'."""
    # Only now: reading the settings takes longer than a small command, and they may be what is broken.
    with suppress(Exception):
        from bot.settings import load
        from storage.address import path_of

        yield path_of(load().database_url).absolute().parent
    if state := os.environ.get("STATE_DIRECTORY", "").split(":")[0]:
        yield Path(state)
    with suppress(Exception):
        from bot.settings import data_folder

        yield data_folder()
    yield Path(tempfile.gettempdir())


def _written(folder: Path, text: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / REPORT
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", errors="replace") as report:
        report.write(text)
    return file
