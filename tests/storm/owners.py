"""Made-up owners, one contract each, entered on the day it starts and planned by the program: always the same ones.

Each contract lasts a year: four quarters. Their rows are written in bulk, since a million conversations take a day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from hashlib import blake2b
from itertools import islice

from sqlalchemy import Connection, Engine, insert

from dialogs.owner import Kept, Owner
from scheduler.owners import OwnersCalendar
from scheduler.rules import Spread, spread_for
from storage.engine import write
from storage.reminders import Planned
from storage.tables import ADDRESS, OWNER, RECORD
from tests.storm.expected import Signed

CHANNEL = "telegram"
FIRST_START = date(2026, 1, 1)
MONTHS = 12
ZONES = ("Asia/Shanghai",) * 7 + ("Asia/Hong_Kong", "Europe/Berlin", "America/New_York")
#: Seven in the morning and eleven at night are quiet.
HOURS = (time(10),) * 5 + (time(7), time(9, 30), time(15), time(20, 30), time(23))
#: Owners that are written in one transaction.
_TOGETHER = 5_000
_COLUMNS = (*(field.name for field in fields(Planned) if field.name != "due"), "due", "owner", "state")
_INSERT = f"INSERT INTO reminder ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """`count` of them; their contracts start on one of `starts` days. Spread as if they were `as_many`."""

    count: int
    starts: int = 90
    as_many: int | None = None

    @property
    def spread(self) -> Spread:
        """How such an installation spreads reminders."""
        return spread_for(self.as_many or self.count)

    def __iter__(self) -> Iterator[Signed]:
        """By number, from 1."""
        return (self.signed(number) for number in range(1, self.count + 1))

    def signed(self, number: int) -> Signed:
        """The contract of one."""
        drawn = blake2b(f"storm {number}".encode(), digest_size=4).digest()
        return Signed(
            owner=f"{CHANNEL}:{number}",
            starts_on=FIRST_START + timedelta(days=int.from_bytes(drawn[:2], "big") % self.starts),
            months=MONTHS,
            hour=HOURS[drawn[2] % len(HOURS)],
            zone=ZONES[drawn[3] % len(ZONES)],
            days=self.spread.days > 1,
            minutes=self.spread.minutes,
        )


def enter(engine: Engine, owners: Owners) -> int:
    """Keep them all with their contracts and plans; how many reminders."""
    planner, numbered, planned = OwnersCalendar(spread=owners.spread), enumerate(owners, 1), 0
    while some := list(islice(numbered, _TOGETHER)):
        planned += write(engine, "apply", partial(_enter, some=some, planner=planner))
    return planned


def _enter(connection: Connection, some: Iterable[tuple[int, Signed]], planner: OwnersCalendar) -> int:
    known = [(number, _owner(number, signed)) for number, signed in some]
    connection.execute(insert(OWNER), [_owner_row(number, owner) for number, owner in known])
    connection.execute(insert(ADDRESS), [{"channel": CHANNEL, "chat": one.chat, "owner": n} for n, one in known])
    connection.execute(insert(RECORD), [_record_row(number, owner.records[0]) for number, owner in known])
    # By way of SQLAlchemy fifteen million rows take many minutes.
    planned = [
        (*(getattr(one, name) for name in _COLUMNS[:-3]), _kept(one.due), number, "planned")
        for number, owner in known
        for one in planner.rows(owner, owner.records[0].at)
    ]
    connection.exec_driver_sql(_INSERT, planned)
    return len(planned)


def _kept(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _owner(number: int, signed: Signed) -> Owner:
    answers = {
        "agency": "x", "starts_on": signed.starts_on.isoformat(), "term_months": str(signed.months),
        "timezone": signed.zone, "remind_at": signed.hour.isoformat("minutes"), "quarters": "contract",
    }  # fmt: skip
    entered = datetime.combine(signed.starts_on, time(4), UTC)
    kept = Kept(kind="contract", number=1, subject="x", answers=answers, result={}, flow_hash="", at=entered)
    return Owner(channel=CHANNEL, chat=str(number), privacy_shown=True, records=(kept,))


def _owner_row(number: int, owner: Owner) -> dict[str, object]:
    return {
        "id": number, "language": owner.language, "timezone": owner.timezone, "focus": 0, "privacy_shown": True,
        "created_at": owner.records[0].at,
    }  # fmt: skip


def _record_row(number: int, kept: Kept) -> dict[str, object]:
    return {
        "owner": number, "kind": kept.kind, "number": kept.number, "subject": kept.subject, "flow_hash": "",
        "answers": json.dumps(kept.answers), "result": "{}", "at": kept.at,
    }  # fmt: skip
