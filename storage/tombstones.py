"""Remembers for a while that the events of somebody who was forgotten were taken in, by nothing but salted hashes.

A channel may deliver an event again after its owner was forgotten; it must not bring him back. The salt is random in
each database and goes with the last tombstone, so that even an id that is known cannot be looked up for ever.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import Connection, delete, insert, select

from storage.tables import INBOX, SALT, TOMBSTONE

#: (channel, id) of an event.
Key = tuple[str, str]

#: Telegram, the most patient of the channels, delivers nothing again after 24 hours.
KEPT = timedelta(hours=48)

_SALT = select(SALT.c.value)


def bury(connection: Connection, owner: int, at: datetime) -> None:
    """Set a tombstone for each event of the owner that is kept."""
    events = connection.execute(select(INBOX.c.channel, INBOX.c.event).where(INBOX.c.owner == owner)).all()
    salt = connection.execute(_SALT).scalar_one_or_none() or _new_salt(connection)
    rows = [{"hash": _hash(salt, (channel, event)), "at": at} for channel, event in events]
    if rows:
        connection.execute(insert(TOMBSTONE), rows)


def among(connection: Connection, keys: Collection[Key]) -> set[Key]:
    """Those of the events that have a tombstone."""
    salt = connection.execute(_SALT).scalar_one_or_none()
    if salt is None:
        return set()
    hashes = {_hash(salt, key): key for key in keys}
    buried = connection.execute(select(TOMBSTONE.c.hash).where(TOMBSTONE.c.hash.in_(hashes))).scalars()
    return {hashes[found] for found in buried}


def expire(connection: Connection, now: datetime) -> int:
    """Remove the tombstones that have stood for KEPT, and give their number."""
    removed = connection.execute(delete(TOMBSTONE).where(TOMBSTONE.c.at <= now - KEPT)).rowcount
    if connection.execute(select(TOMBSTONE.c.hash).limit(1)).first() is None:
        connection.execute(delete(SALT))
    return removed


def _new_salt(connection: Connection) -> str:
    salt = secrets.token_hex(32)
    connection.execute(insert(SALT), {"value": salt})
    return salt


def _hash(salt: str, key: Key) -> str:
    return blake2b("\0".join(key).encode(), key=bytes.fromhex(salt), digest_size=16).hexdigest()
