"""Measures what is no event: the database, its disk, its last backup, refused tokens. Called in a thread."""

from __future__ import annotations

from contextlib import suppress
from math import inf

from bot.serving import Parts
from storage import installation, measures
from storage.errors import StorageError


def measured(parts: Parts) -> None:
    """Put the numbers into the tally; one that cannot be measured now stays as it was measured last."""
    store, tally = parts.store, parts.tally
    tally.token_refused = parts.client.token_seen.total
    with suppress(StorageError, OSError):
        found = measures.measure(store.engine)
        tally.database_bytes, tally.disk_free = found.size, found.free
        tally.lease_epoch, tally.lease_seconds = found.lease_epoch, found.lease_seconds
    with suppress(StorageError):
        last = installation.last_backup(store.engine)
        tally.backup_age = inf if last is None else (parts.clock() - last).total_seconds()
