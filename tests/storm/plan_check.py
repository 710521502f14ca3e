"""Whether the plan that is kept is exactly the one that was expected, key for key and moment for moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from storage.engine import reading
from tests.storm.expected import expected, may_be_said
from tests.storm.owners import Owners

#: Owners that are compared at a time.
_TOGETHER = 5_000
_ROWS = (
    "SELECT owner, contract, period, kind, nth, day, hour, zone, due FROM reminder"
    " WHERE owner BETWEEN ? AND ? AND state = 'planned' ORDER BY owner, contract, period, kind, nth"
)

#: Owner, contract, period, kind, nth, day, hour, zone, and the moment in UTC.
Row = tuple[int, int, str, str, int, str, str, str, str]


@dataclass(slots=True, kw_only=True)
class Compared:
    """Numbers of rows. `twice`: the same key again; `moved`: at another moment; `forbidden`: on a day off or quiet."""

    kept: int = 0
    missing: int = 0
    unexpected: int = 0
    twice: int = 0
    moved: int = 0
    forbidden: int = 0

    @property
    def exact(self) -> bool:
        """Nothing is amiss."""
        return self.kept > 0 and not (self.missing or self.unexpected or self.twice or self.moved or self.forbidden)


def compare(engine: Engine, owners: Owners) -> Compared:
    """All rows that are kept with all that are expected."""
    compared = Compared()
    with reading(engine) as connection:
        for first in range(1, owners.count + 1, _TOGETHER):
            last = min(first + _TOGETHER - 1, owners.count)
            kept = [tuple(row) for row in connection.exec_driver_sql(_ROWS, (first, last))]
            _compare(compared, kept, {row[:5]: row for row in _expected(owners, first, last)})
    return compared


def _expected(owners: Owners, first: int, last: int) -> Iterator[Row]:
    for number in range(first, last + 1):
        signed = owners.signed(number)
        for one in expected(signed):
            at = one.at.replace(tzinfo=None).isoformat(" ", "microseconds")
            hour = one.hour.isoformat("minutes")
            yield number, 1, *one.step, one.day.isoformat(), hour, signed.zone, at


def _compare(compared: Compared, kept: list[Row], wanted: dict[tuple[object, ...], Row]) -> None:
    keys = {row[:5] for row in kept}
    compared.kept += len(kept)
    compared.twice += len(kept) - len(keys)
    compared.missing += len(wanted.keys() - keys)
    compared.unexpected += len(keys - wanted.keys())
    compared.moved += sum(wanted.get(row[:5], row) != row for row in kept)
    moments = {(row[8], row[7]) for row in kept}
    compared.forbidden += sum(not may_be_said(datetime.fromisoformat(f"{at}+00:00"), zone) for at, zone in moments)
