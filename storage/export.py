"""All that is kept on one owner, as plain lists and dicts: every row of every table that has owners.

Not its job: a form that people read (`dialogs.sheet`), files (`bot`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, select

from storage.engine import reading
from storage.json_text import clean, loads
from storage.tables import ADDRESS, METADATA, OUTBOX, OWNER

#: Columns that hold JSON as text.
_JSON = frozenset({"answers", "draft", "result", "raw", "body", "topics"})

#: What says nothing about the owner: our number of him, and who of us sent a message.
_OURS = frozenset({OWNER.c.id, OUTBOX.c.sender, OUTBOX.c.lease_until})


def export(engine: Engine, channel: str, chat: str, now: datetime) -> dict[str, Any] | None:
    """What we hold on the owner who is met there, by table; None: there is nobody. Moments are ISO 8601, UTC."""
    channel, chat = clean(channel), clean(chat)
    with reading(engine) as connection:
        here = select(ADDRESS.c.owner).where(ADDRESS.c.channel == channel, ADDRESS.c.chat == chat)
        owner = connection.execute(here).scalar_one_or_none()
        if owner is None:
            return None
        kept = {table.name: _rows(connection, table, owner) for table in METADATA.sorted_tables if _has_owners(table)}
    return {"owner": f"{channel}:{chat}", "exported_at": now.isoformat(), "kept": kept}


def _has_owners(table: Table) -> bool:
    return table is OWNER or "owner" in table.columns


def _rows(connection: Connection, table: Table, owner: int) -> list[dict[str, Any]]:
    whose = OWNER.c.id if table is OWNER else table.c.owner
    rows = connection.execute(select(table).where(whose == owner).order_by(*table.primary_key)).mappings()
    told = [column.name for column in table.columns if column not in _OURS and column.name != "owner"]
    return [{name: _plain(name, row[name]) for name in told} for row in rows]


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return loads(value) if name in _JSON and isinstance(value, str) else value
