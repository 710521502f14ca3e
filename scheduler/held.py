"""Holds `holidays.yaml` and `blackouts.yaml` to what is read from them: days that there are, each in its year and once.

Not its job: the tables as they are used (`working_days`, `blackouts`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from knowledge.finding import Document, Finding, Trail
from knowledge.fitting import Each, Keys, Named, Text, misfits
from scheduler.days import each_day

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_HOLIDAYS = Keys(
    {"years": Named(Keys({"source": Text(), "off": Named(Text()), "worked": Each(Text())}, {}))},
    {},
)
_BLACKOUTS = Named(Keys({}, {"yearly": Text(), "around": Text(), "days": Each(Text())}))
_AROUND = re.compile(r"[0-9]{1,3} before, [0-9]{1,3} after")
#: A break longer than this was mistyped; the longest so far has ten days.
_LONGEST = 16


def holidays(document: Document) -> Iterator[Finding]:
    """All that is wrong in a table of holidays; a notice may change days at the end of the year before."""
    wrong = _unfit(document, _HOLIDAYS)
    yield from wrong
    if wrong:
        return
    yield from _years(document)
    seen: dict[date, Trail] = {}
    for year, told in document.top["years"].items():
        for name, written in told["off"].items():
            trail = ("years", year, "off", name)
            yield from _stretch(document, trail, written, year, seen)
        for at, written in enumerate(told["worked"]):
            trail = ("years", year, "worked", at)
            yield from _stretch(document, trail, written, year, seen, single=True)


def _unfit(document: Document, form: Keys | Named) -> list[Finding]:
    if document.content is None:
        return list(document.findings) or [document.finding((), "file-empty")]
    return [*document.findings, *misfits(document, (), document.content, form)]


def _years(document: Document) -> Iterator[Finding]:
    before = 0
    for year in document.top["years"]:
        if not re.fullmatch(r"20[0-9]{2}", year):
            yield document.at_key(("years", year), "year-unreadable", value=year)
        elif before and int(year) != before + 1:
            yield document.at_key(("years", year), "year-out-of-turn", value=year, wanted=str(before + 1))
        before = int(year) if year.isdecimal() else before


def _stretch(
    document: Document, trail: Trail, written: str, year: str, seen: dict[date, Trail], *, single: bool = False
) -> Iterator[Finding]:
    """One day, or the first and the last; each is in its year and stands in the table once."""
    days = [_day(part) for part in written.split(" to ")]
    wrong = next((part for part, day in zip(written.split(" to "), days, strict=True) if day is None), None)
    found = [day for day in days if day is not None]
    if wrong is not None or len(days) > (1 if single else 2):
        yield _no_day(document, trail, written if wrong is None else wrong, single=single)
    elif found[0] > found[-1] or (found[-1] - found[0]).days >= _LONGEST:
        yield document.finding(trail, "stretch-wrong", value=written)
    elif not all(_in_year(day, year) for day in found):
        yield document.finding(trail, "day-outside-year", value=written, year=year)
    else:
        yield from _once(document, trail, each_day(found[0], found[-1]), seen)


def _no_day(document: Document, trail: Trail, written: str, *, single: bool) -> Finding:
    looks_right = re.fullmatch(_DAY, written) is not None
    return document.finding(trail, "no-such-day" if looks_right else "day-unreadable" if single else "days-unreadable",
                            value=written[:40])  # fmt: skip


def _in_year(day: date, year: str) -> bool:
    """In its year, or in the last days of the one before."""
    return str(day.year) == year or (str(day.year + 1) == year and (day.month, day.day) >= (12, 20))


def _once(document: Document, trail: Trail, days: Iterable[date], seen: dict[date, Trail]) -> Iterator[Finding]:
    for day in days:
        first = seen.setdefault(day, trail)
        if first != trail:
            both = {first[2], trail[2]} == {"off", "worked"}
            line = document.places[first][0]
            code = "day-off-and-worked" if both else "day-twice"
            yield document.finding(trail, code, value=day.isoformat(), line=str(line))
            return


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if re.fullmatch(_DAY, written) else None
    except ValueError:
        return None


def blackouts(document: Document, named: Collection[str]) -> Iterator[Finding]:
    """All that is wrong in a table of weeks without reminders; `named` are those that there are words for."""
    wrong = _unfit(document, _BLACKOUTS)
    yield from wrong
    table: Mapping[str, Any] = {} if wrong else document.top
    for name, told in table.items():
        if name not in named:
            yield document.at_key((name,), "blackout-unnamed", name=name, known=", ".join(sorted(named)))
        if "yearly" in told:
            yield from _yearly(document, (name, "yearly"), told["yearly"])
        elif "around" in told and "days" in told:
            yield from _around(document, name, told)
        else:
            yield document.at_key((name, *list(told)[:1]), "blackout-shape", name=name)


def _yearly(document: Document, trail: Trail, written: str) -> Iterator[Finding]:
    ends = written.split(" to ")
    # A leap year, so that 29 February may stand there.
    if len(ends) != 2 or any(_day(f"2024-{end}") is None for end in ends):
        yield document.finding(trail, "yearly-unreadable", value=written[:40])


def _around(document: Document, name: str, told: Mapping[str, Any]) -> Iterator[Finding]:
    if not _AROUND.fullmatch(told["around"]):
        yield document.finding((name, "around"), "around-unreadable", value=told["around"][:40])
    years: dict[str, int] = {}
    for at, written in enumerate(told["days"]):
        trail: Trail = (name, "days", at)
        if _day(written) is None:
            yield _no_day(document, trail, written, single=True)
        elif years.setdefault(written[:4], at) != at:
            yield document.finding(trail, "day-twice", value=written, line=str(document.places[name, "days", 0][0]))
