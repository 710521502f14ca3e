"""What owners asked the books in vain, and how the entries were rated, for whoever keeps the books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from storage.engine import reading
from storage.json_text import loads
from storage.tables import RATING, UNANSWERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question without an answer; see dialogs.effects.LogUnanswered for the fields. Nobody is named."""

    why: str
    text: str
    language: str
    topics: Sequence[str]
    at: datetime


def unanswered(engine: Engine) -> Sequence[Asked]:
    """All that are kept, oldest first."""
    columns = UNANSWERED.c
    listed = select(columns.why, columns.text, columns.language, columns.topics, columns.at)
    with reading(engine) as connection:
        rows = connection.execute(listed.order_by(columns.at, columns.text)).all()
    return [
        Asked(why=why, text=text, language=language, topics=tuple(loads(topics)), at=at)
        for why, text, language, topics, at in rows
    ]


def ratings(engine: Engine) -> Mapping[str, tuple[int, int]]:
    """By topic how many owners it helped, and how many it did not."""
    counted = select(RATING.c.topic, RATING.c.helped, func.count()).group_by(RATING.c.topic, RATING.c.helped)
    found: dict[str, tuple[int, int]] = {}
    with reading(engine) as connection:
        for topic, helped, count in connection.execute(counted.order_by(RATING.c.topic)):
            up, down = found.get(topic, (0, 0))
            found[topic] = (up + count, down) if helped else (up, down + count)
    return found
