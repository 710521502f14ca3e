"""Which backups of a folder stay: the newest of each of the last days and weeks. Pure.

A backup is known by its name, which holds its moment in UTC; other files of the folder are none of our business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime

#: How many days, and how many weeks (from Monday), keep one backup each.
DAYS, WEEKS = 7, 4

_FORM = "lampwise-%Y%m%dT%H%M%SZ.db"
_NAME = re.compile(r"lampwise-\d{8}T\d{6}Z\.db")


def name_at(moment: datetime) -> str:
    """The name of a backup of this moment."""
    return moment.astimezone(UTC).strftime(_FORM)


def superfluous(names: Iterable[str]) -> list[str]:
    """The backups among these names that may go, oldest first.

    The days and weeks are those that have a backup, so that a machine that was off for a month loses none of its old.
    """
    moments = {moment: name for name in names if (moment := _moment(name)) is not None}
    newest_first = sorted(moments, reverse=True)
    stay = {*_firsts(newest_first, datetime.date, DAYS), *_firsts(newest_first, _week, WEEKS)}
    return [moments[moment] for moment in sorted(moments) if moment not in stay]


def _firsts(moments: Iterable[datetime], period: Callable[[datetime], Hashable], most: int) -> list[datetime]:
    """The first moment of each period, of the first `most` periods."""
    firsts = dict[Hashable, datetime]()
    for moment in moments:
        firsts.setdefault(period(moment), moment)
    return list(firsts.values())[:most]


def _moment(name: str) -> datetime | None:
    """None for a name that is none of ours, such as one of 30 February."""
    if not _NAME.fullmatch(name):
        return None
    try:
        return datetime.strptime(name, _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def _week(moment: datetime) -> Hashable:
    return moment.isocalendar()[:2]
