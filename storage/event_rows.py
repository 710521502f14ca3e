"""What came in, as rows of the inbox: cleaned, known by its id, kept in its raw form.

Not its job: what an event means (`dialogs.step`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from dialogs.events import Event
from storage import tombstones
from storage.json_text import clean, dumps, loads
from storage.tables import INBOX

_SEEN = select(INBOX.c.event).where(
    INBOX.c.channel == bindparam("channel"), INBOX.c.event.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedEvent:
    """An event that `step` could not take; `error` is the error's type and place, `raw` the event's fields."""

    channel: str
    event: str
    kind: str
    raw: Mapping[str, Any]
    error: str
    at: datetime


def cleaned(event: Event) -> Event:
    """The event without characters that cannot be kept."""
    texts = {name: value for name in _names(type(event)) if isinstance(value := getattr(event, name), str)}
    changed = {name: tidy for name, text in texts.items() if (tidy := clean(text)) != text}
    return replace(event, **changed) if changed else event


def divide(connection: Connection, events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    """The events that are new, and those that were taken in before, forgotten, or stand twice among these.

    They are `cleaned` already.
    """
    keys = {(event.channel, event.id) for event in events}
    seen = _seen(connection, events) | tombstones.among(connection, keys)
    fresh: list[Event] = []
    repeated: list[Event] = []
    for event in events:
        key = (event.channel, event.id)
        (repeated if key in seen else fresh).append(event)
        seen.add(key)
    return fresh, repeated


def inbox_row(event: Event, owner: int, error: str | None) -> dict[str, Any]:
    """The row that keeps the event; with an error it is failed."""
    return {
        "channel": event.channel,
        "event": event.id,
        "owner": owner,
        "kind": type(event).__name__,
        "raw": dumps(raw_of(event)),
        "state": "done" if error is None else "failed",
        "error": error,
        "at": event.at,
    }


def raw_of(event: Event) -> dict[str, Any]:
    """The event's fields as JSON has them; moments in ISO 8601."""
    values = {name: getattr(event, name) for name in _names(type(event))}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def failed(connection: Connection) -> Sequence[FailedEvent]:
    """The failed events, oldest first."""
    rows = connection.execute(select(INBOX).where(INBOX.c.state == "failed").order_by(INBOX.c.at)).mappings()
    return [
        FailedEvent(
            channel=row["channel"],
            event=row["event"],
            kind=row["kind"],
            raw=loads(row["raw"]),
            error=row["error"],
            at=row["at"],
        )
        for row in rows
    ]


def dealt_with(connection: Connection, event: FailedEvent) -> None:
    """It counts as failed no longer."""
    here = (INBOX.c.channel == event.channel, INBOX.c.event == event.event)
    connection.execute(update(INBOX).where(*here).values(state="done", error=None))


def _seen(connection: Connection, events: Sequence[Event]) -> set[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    for channel in {event.channel for event in events}:
        ids = [event.id for event in events if event.channel == channel]
        known = connection.execute(_SEEN, {"channel": channel, "ids": ids}).scalars()
        seen.update((channel, id_) for id_ in known)
    return seen


@cache
def _names(kind: type[Event]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
