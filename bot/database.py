"""What is wrong with the database, or with the clock that tells when it was asked, ends a command with its sentence."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from bot.clock import ClockUnreadable
from bot.refusal import Refusal
from storage.errors import StorageError


@contextmanager
def refused() -> Generator[None]:
    """Within it a StorageError becomes a Refusal."""
    try:
        yield
    except (StorageError, ClockUnreadable) as error:
        raise Refusal(str(error)) from error
