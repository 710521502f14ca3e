"""Files of an owner that lie beside the database: what he typed in a terminal, the copies of his data.

Not its job: what is in a copy (`export_files`), the prompt that writes the history (`gateways.terminal`).
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from bot.settings import data_folder
from storage.address import parse, path_of


def history_file(url: str, name: str) -> Path:
    """What `name` typed in a terminal; the file does not show the name."""
    beside = path_of(url) if parse(url).get_backend_name() == "sqlite" else data_folder() / "terminal"
    return beside.with_name(f"{beside.name}.{sha256(name.encode()).hexdigest()[:16]}.history")


def forget_history(url: str, name: str) -> None:
    """Nothing that he typed is left in it. The empty file stays: a prompt may go on writing there."""
    with suppress(FileNotFoundError):
        os.truncate(history_file(url, name), 0)


def exports_folder(url: str) -> Path:
    """Where /export writes; it may not be there yet."""
    beside = path_of(url).parent if parse(url).get_backend_name() == "sqlite" else data_folder()
    return beside.absolute() / "exports"
