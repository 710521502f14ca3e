"""Removes what is kept for a time only: events as they came in, messages that were sent, tombstones.

Answers and results stay until their owner removes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete

from storage import tombstones
from storage.engine import write
from storage.scrub import scrub
from storage.tables import INBOX, OUTBOX, UNANSWERED

#: For how long a question that found no answer is kept, for whoever mends the books.
QUESTIONS_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """How many of each were removed."""

    events: int
    messages: int
    tombstones: int
    questions: int


def purge(engine: Engine, now: datetime, keep: timedelta) -> Purged:
    """Remove what is older than `keep` (at least a day, for as long a channel may deliver again)."""
    if keep < timedelta(days=1):
        raise ValueError("what came in is kept for a day at least")
    purged = write(engine, "purge", lambda connection: _purge(connection, now, now - keep))
    # What an earlier deletion may have left in the file goes, too.
    scrub(engine)
    return purged


def _purge(connection: Connection, now: datetime, before: datetime) -> Purged:
    # A farewell that never arrived belongs to somebody who was forgotten.
    connection.execute(delete(OUTBOX).where(OUTBOX.c.owner.is_(None), OUTBOX.c.created_at <= now - tombstones.KEPT))
    return Purged(
        events=connection.execute(delete(INBOX).where(INBOX.c.at < before)).rowcount,
        messages=connection.execute(delete(OUTBOX).where(OUTBOX.c.settled_at < before)).rowcount,
        tombstones=tombstones.expire(connection, now),
        questions=connection.execute(delete(UNANSWERED).where(UNANSWERED.c.at < now - QUESTIONS_KEPT)).rowcount,
    )
