"""Between the frozen Owner that `step` sees and the rows that keep him.

Not its job: running the steps (`turns`), or when to write (`store`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.engine import RowMapping

from dialogs.effects import Record
from dialogs.owner import Answer, Conversation, Kept, Owner
from storage.json_text import clean, dumps, loads
from storage.rows import Row
from storage.tables import ADDRESS, CONVERSATION, OWNER, RECORD

#: (channel, chat): where an owner is met.
Place = tuple[str, str]


_MET_AT = (
    select(ADDRESS.c.channel, ADDRESS.c.chat, OWNER)
    .join_from(ADDRESS, OWNER, OWNER.c.id == ADDRESS.c.owner)
    .where(ADDRESS.c.channel == bindparam("channel"), ADDRESS.c.chat.in_(bindparam("chats", expanding=True)))
)
_CONVERSATIONS_OF = (
    select(CONVERSATION)
    .where(CONVERSATION.c.owner.in_(bindparam("owners", expanding=True)))
    .order_by(CONVERSATION.c.owner, CONVERSATION.c.number)
)
_RECORDS_OF = (
    select(RECORD)
    .where(RECORD.c.owner.in_(bindparam("owners", expanding=True)))
    .order_by(RECORD.c.owner, RECORD.c.kind, RECORD.c.number)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An owner as the database has him, under his `id` there."""

    id: int
    owner: Owner


def load(connection: Connection, places: Iterable[Place]) -> dict[Place, Known]:
    """The owners who are met at these places, in the order of the places; who is new is not among them."""
    rows = {(row["channel"], row["chat"]): row for row in _owner_rows(connection, set(places))}
    ids = [row["id"] for row in rows.values()]
    conversations = _conversations(connection, ids)
    records = _records(connection, ids)
    return {
        place: Known(id=row["id"], owner=_owner(row, conversations[row["id"]], tuple(records[row["id"]])))
        for place, row in sorted(rows.items())
    }


def create(connection: Connection, owner: Owner, at: datetime) -> Known:
    """Enter a new owner, with his address."""
    row = owner_row(owner) | {"created_at": at}
    id_ = connection.execute(insert(OWNER).returning(OWNER.c.id), row).scalar_one()
    connection.execute(insert(ADDRESS), {"channel": owner.channel, "chat": owner.chat, "owner": id_})
    return Known(id=id_, owner=owner)


def owner_row(owner: Owner) -> Row:
    """The owner's own fields."""
    return {
        "language": clean(owner.language),
        "timezone": clean(owner.timezone),
        "focus": owner.focus,
        "privacy_shown": owner.privacy_shown,
        "last_topic": clean(owner.last_topic),
        "last_question": clean(owner.last_question),
    }


def conversation_row(owner: int, conversation: Conversation, at: datetime) -> Row:
    """The conversation's row; raises TypeError or ValueError for an answer that is not JSON-ready."""
    return {
        "owner": owner,
        "number": conversation.number,
        "flow": clean(conversation.flow),
        "answers": dumps([_answer_json(answer) for answer in conversation.answers]),
        "flow_hash": clean(conversation.flow_hash),
        "draft": dumps(conversation.draft),
        "about": clean(conversation.about),
        "shown": clean(conversation.shown),
        "misses": conversation.misses,
        "record": conversation.record,
        "ended": clean(conversation.ended),
        "updated_at": at,
    }


def conversation_of(row: Mapping[str, Any] | RowMapping) -> Conversation:
    """The conversation that `conversation_row` wrote."""
    return Conversation(
        number=row["number"],
        flow=row["flow"],
        answers=tuple(_answer_of(kept) for kept in loads(row["answers"])),
        flow_hash=row["flow_hash"],
        draft=tuple(loads(row["draft"])),
        about=row["about"],
        shown=row["shown"],
        misses=row["misses"],
        record=row["record"],
        ended=row["ended"],
    )


def record_row(owner: int, record: Record, at: datetime) -> Row:
    """The record's row; raises TypeError or ValueError for a result that is not JSON-ready."""
    return {
        "owner": owner,
        "kind": clean(record.kind),
        "number": record.number,
        "subject": clean(record.subject),
        "answers": dumps(record.answers),
        "result": dumps(record.result),
        "flow_hash": clean(record.flow_hash),
        "at": (record.at or at).astimezone(UTC),
    }


def kept_of(row: Mapping[str, Any] | RowMapping) -> Kept:
    """The record as an owner's snapshot has it."""
    return Kept(
        kind=row["kind"],
        number=row["number"],
        subject=row["subject"],
        answers=loads(row["answers"]),
        result=loads(row["result"]),
        flow_hash=row["flow_hash"],
        at=row["at"],
    )


def after(owner: Owner, conversations: Iterable[Row], records: Iterable[Row]) -> Owner:
    """The owner as he will be read once these rows are written: what the next event must see."""
    changed = {row["number"]: conversation_of(row) for row in conversations}
    kept = {(record.kind, record.number): record for record in owner.records}
    kept |= {(row["kind"], row["number"]): kept_of(row) for row in records}
    merged = dict(owner.conversations) | changed
    return replace(
        owner,
        **owner_row(owner),
        conversations={number: merged[number] for number in sorted(merged)},
        records=tuple(kept[key] for key in sorted(kept)),
    )


def _owner_rows(connection: Connection, places: set[Place]) -> Iterable[RowMapping]:
    for channel in sorted({channel for channel, _ in places}):
        chats = [chat for channel_, chat in places if channel_ == channel]
        yield from connection.execute(_MET_AT, {"channel": channel, "chats": chats}).mappings()


def _conversations(connection: Connection, owners: list[int]) -> dict[int, dict[int, Conversation]]:
    found: dict[int, dict[int, Conversation]] = defaultdict(dict)
    for row in connection.execute(_CONVERSATIONS_OF, {"owners": owners}).mappings() if owners else ():
        found[row["owner"]][row["number"]] = conversation_of(row)
    return found


def _records(connection: Connection, owners: list[int]) -> dict[int, list[Kept]]:
    found: dict[int, list[Kept]] = defaultdict(list)
    for row in connection.execute(_RECORDS_OF, {"owners": owners}).mappings() if owners else ():
        found[row["owner"]].append(kept_of(row))
    return found


def _owner(row: RowMapping, conversations: dict[int, Conversation], records: tuple[Kept, ...]) -> Owner:
    return Owner(
        channel=row["channel"],
        chat=row["chat"],
        language=row["language"],
        timezone=row["timezone"],
        focus=row["focus"],
        privacy_shown=row["privacy_shown"],
        last_topic=row["last_topic"],
        last_question=row["last_question"],
        conversations=conversations,
        records=records,
    )


def _answer_json(answer: Answer) -> dict[str, Any]:
    if answer.at.tzinfo is None:
        raise ValueError("the moment of an answer needs its zone")
    at = answer.at.astimezone(UTC).isoformat()
    return {"slot": answer.slot, "how": answer.how, "value": answer.value, "raw": answer.raw, "at": at}


def _answer_of(kept: Mapping[str, Any]) -> Answer:
    at = datetime.fromisoformat(kept["at"])
    return Answer(slot=kept["slot"], how=kept["how"], value=kept["value"], raw=kept["raw"], at=at)
