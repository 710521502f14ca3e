"""The dry run and the calendar file show the same dates as the plan."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from itertools import islice

from icalendar import Calendar, Event

from scheduler.calendar_file import Entry, calendar_file
from scheduler.dry_run import dry_run
from scheduler.made_up import MadeUpContracts
from scheduler.plan import plan
from scheduler.rules import spread_for
from tests.scheduler.sample import RULES, TERMS, at, dates, terms

BEGIN, END = at("2026-01-01 00:00"), at("2027-01-01 00:00")


def test_rows_are_ready_for_json_and_in_order() -> None:
    rows = list(dry_run(BEGIN, END, MadeUpContracts(owners=300, around=date(2026, 1, 1)), RULES))
    assert json.loads(json.dumps(rows)) == rows
    moments = [datetime.fromisoformat(str(row["due"])) for row in rows]
    assert moments == sorted(moments)
    assert BEGIN <= moments[0] <= moments[-1] < END
    assert len({tuple(row.values())[:5] for row in rows}) == len(rows) > 2_000
    assert all(RULES.allows(one.date()) and time(9) <= one.time() < time(21) for one in moments)


def test_a_row() -> None:
    assert list(dry_run(at("2026-10-01 00:00"), at("2026-10-09 00:00"), [TERMS], RULES)) == [
        {
            "owner": "terminal:wang",
            "contract": 1,
            "period": "Q3",
            "kind": "review",
            "nth": 1,
            "due": "2026-10-08T10:00:00+08:00",
        }
    ]


def test_the_dry_run_is_the_plan_if_nobody_answers() -> None:
    rows = list(dry_run(BEGIN, END, [TERMS, terms(contract=2, starts_on=date(2025, 3, 31))], RULES))
    mine = [(row["period"], row["nth"]) for row in rows if row["contract"] == 1]
    assert mine == [found[:2] for found in dates(plan(TERMS, BEGIN, END, RULES))]


def test_rows_stream() -> None:
    """The first row is there before the last half year was planned."""
    endless = dry_run(BEGIN, at("2300-01-01 00:00"), [terms(term_months=None)], RULES)
    assert len(list(islice(endless, 5))) == 5


def test_made_up_owners_are_the_same_each_time_and_however_many() -> None:
    some = list(MadeUpContracts(owners=20, around=date(2026, 1, 1)))
    assert some == list(MadeUpContracts(owners=40, around=date(2026, 1, 1)))[: len(some)]
    assert len(some) == 22
    assert some[0].owner == "made-up:1"


def test_a_large_dry_run_is_spread_over_the_morning() -> None:
    rules = type(RULES)(spread=spread_for(200_000))
    rows = dry_run(at("2026-10-08 00:00"), at("2026-10-11 00:00"), [terms(owner=f"x:{n}") for n in range(100)], rules)
    found = {datetime.fromisoformat(str(row["due"])) for row in rows}
    assert {one.date() for one in found} == {date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10)}
    assert all(time(9, 30) <= one.time() < time(11, 30) for one in found)


def test_the_calendar_file_has_the_same_dates() -> None:
    planned = plan(TERMS, BEGIN, END, RULES)
    entries = [Entry(reminder=one, heading=f"复盘 {one.period}", text="带上账单, 广告后台; 还有…") for one in planned]
    written = calendar_file(entries, "灯商参谋", at("2026-01-01 12:00"), "fingerprint")
    assert written == calendar_file(entries, "灯商参谋", at("2026-01-01 12:00"), "fingerprint")
    events = [one for one in Calendar.from_ical(written).walk() if isinstance(one, Event)]
    assert [one.start for one in events] == [one.due.at for one in planned]
    assert len({str(one["uid"]) for one in events}) == len(planned)
    assert events[0].alarms.times[0].trigger == planned[0].due.at
    assert "terminal" not in written.decode("utf-8")
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
