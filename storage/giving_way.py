"""What waits to be sent and gives way to something newer of its chat, so that nobody is told what is past.

Of the edits of one message only the newest goes out: what it replaces nobody would see. Fast taps on a question of many
ticks are the case. Of messages that are said in passing (suggestions, questions asked again, remarks, menus) only the
newest NEWEST go out: who sends more than can be answered is told what fits the last words. Results, answers, questions
that go on and files never give way. Not its job: claiming and sending (`outbox`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, literal_column, select, update

from storage.json_text import loads
from storage.snapshot import Place
from storage.tables import OUTBOX

#: So many messages said in passing may wait in a chat: as many as one who types quickly is behind.
NEWEST = 3
#: Chats of which is remembered that something may wait there; of more, the wait is short or nothing else is.
MOST = 10_000

_WAITING = (
    select(OUTBOX.c.id, OUTBOX.c.channel, OUTBOX.c.chat, OUTBOX.c.body)
    .where(
        OUTBOX.c.state == literal_column("'ready'"),
        OUTBOX.c.channel.in_(bindparam("channels", expanding=True)),
        OUTBOX.c.chat.in_(bindparam("chats", expanding=True)),
        OUTBOX.c.lane == "reply",
        # One that is to wait for its moment holds up all after it; in its place they would come too soon.
        OUTBOX.c.not_before.is_(None),
    )
    .order_by(OUTBOX.c.id)
)
_CANCEL = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="cancelled", settled_at=bindparam("now"))
)


class Crowded:
    """The chats where more than one message may be waiting: all others need not be looked at."""

    def __init__(self) -> None:
        self._waiting: set[Place] = set()

    def among(self, places: Iterable[Place]) -> set[Place]:
        """Those of the places, one an event, where a message may wait beside that of another event."""
        counted = Counter(places)
        return {place for place, count in counted.items() if count > 1 or place in self._waiting}

    def note(self, places: Collection[Place], claimed: Collection[Place]) -> None:
        """What was said there now waits, except in those that were claimed."""
        if len(self._waiting) > MOST:
            self._waiting.clear()
        self._waiting.difference_update(claimed)
        self._waiting.update(set(places).difference(claimed))


def give_way(connection: Connection, places: Collection[Place], now: datetime) -> None:
    """Cancel there each edit that a newer one of the same message follows, and what was said in passing long since."""
    if not places:
        return
    asked = {"channels": list({channel for channel, _ in places}), "chats": list({chat for _, chat in places})}
    newest: dict[tuple[str, str, int], int] = {}
    passing: dict[Place, list[int]] = {}
    older: list[int] = []
    for row in connection.execute(_WAITING, asked):
        body = loads(row.body)
        over = body.get("over")
        if body.get("passing"):
            passing.setdefault((row.channel, row.chat), []).append(row.id)
        elif over is not None:
            message = row.channel, row.chat, over
            older += [newest[message]] if message in newest else []
            newest[message] = row.id
    older += [one for waiting in passing.values() for one in waiting[:-NEWEST]]
    if older:
        connection.execute(_CANCEL, {"ids": older, "now": now})
