"""What is due keeps to the owner's clock, to working days and to hours that are not quiet, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.blackouts import Blackout, offered_blackouts
from scheduler.due import allowed_day, due_at, moment, soonest
from scheduler.rules import Quiet, Rules, Spread, spread_for
from tests.scheduler.sample import RULES, at

ZONES = [
    "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "America/Anchorage",
    "America/Argentina/Buenos_Aires", "America/Bogota", "America/Caracas", "America/Chicago", "America/Denver",
    "America/Halifax", "America/Havana", "America/Lima", "America/Los_Angeles", "America/Mexico_City",
    "America/New_York", "America/Nuuk", "America/Santiago", "America/Sao_Paulo", "America/St_Johns",
    "America/Toronto", "Antarctica/Troll", "Asia/Bangkok", "Asia/Beirut", "Asia/Colombo", "Asia/Dhaka", "Asia/Dubai",
    "Asia/Ho_Chi_Minh", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem", "Asia/Kabul", "Asia/Karachi",
    "Asia/Kathmandu", "Asia/Kolkata", "Asia/Manila", "Asia/Riyadh", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore",
    "Asia/Taipei", "Asia/Tehran", "Asia/Tokyo", "Asia/Urumqi", "Asia/Yangon", "Atlantic/Azores", "Australia/Adelaide",
    "Australia/Eucla", "Australia/Lord_Howe", "Australia/Sydney", "Europe/Berlin", "Europe/Dublin", "Europe/Istanbul",
    "Europe/London", "Europe/Moscow", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati",
    "Pacific/Marquesas",
]  # fmt: skip
ANY_HOUR = Rules(quiet=Quiet(starts=time(0), ends=time(0)))

days = st.dates(min_value=date(1980, 1, 1), max_value=date(2040, 1, 1))
hours = st.times().map(lambda hour: hour.replace(second=0, microsecond=0))


def slow_moment(day: date, hour: time, zone: str) -> datetime:
    """The first moment, minute by minute, at which the local clock shows the wished time or has gone past it."""
    there = ZoneInfo(zone)
    wished = datetime.combine(day, hour)
    one = datetime.combine(day, hour, UTC) - timedelta(hours=27)
    while one.astimezone(there).replace(tzinfo=None) < wished:
        one += timedelta(minutes=1)
    return one


def test_there_are_sixty_zones() -> None:
    assert len(ZONES) >= 60


@pytest.mark.parametrize(
    ("zone", "day", "hour", "shown"),
    [
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08T03:00:00-04:00"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T01:30:00-04:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-04T02:30:00+11:00"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-05T01:45:00+11:00"),
        ("Pacific/Apia", "2011-12-30", "10:00", "2011-12-31T00:00:00+14:00"),
        ("Asia/Shanghai", "1988-06-01", "10:00", "1988-06-01T10:00:00+09:00"),
        ("Asia/Shanghai", "1988-12-01", "10:00", "1988-12-01T10:00:00+08:00"),
        ("Asia/Shanghai", "2026-10-08", "10:00", "2026-10-08T10:00:00+08:00"),
    ],
)
def test_case_36_clocks_put_forward_and_back(zone: str, day: str, hour: str, shown: str) -> None:
    found = moment(date.fromisoformat(day), time.fromisoformat(hour), zone)
    assert found.astimezone(ZoneInfo(zone)).isoformat() == shown


@given(zone=st.sampled_from(ZONES), day=days, hour=hours)
@example(zone="Pacific/Apia", day=date(2011, 12, 30), hour=time(10))
@example(zone="Asia/Shanghai", day=date(1986, 5, 4), hour=time(2, 30))
@example(zone="Asia/Shanghai", day=date(1991, 9, 15), hour=time(1, 30))
@example(zone="America/Nuuk", day=date(2023, 3, 25), hour=time(22, 30))
def test_case_36_a_moment_is_the_first_that_shows_the_hour_or_comes_after(zone: str, day: date, hour: time) -> None:
    assert moment(day, hour, zone) == slow_moment(day, hour, zone)


@pytest.mark.parametrize("zone", ZONES)
def test_case_36_every_change_of_a_clock_in_every_zone(zone: str) -> None:
    """All days of some years, at hours where clocks are changed."""
    there = ZoneInfo(zone)
    for year in (1986, 1991, 2011, 2026):
        for n in range(365):
            for hour in (time(2, 30), time(10)):
                day = date(year, 1, 1) + timedelta(days=n)
                found = moment(day, hour, zone)
                shown = found.astimezone(there).replace(tzinfo=None)
                before = (found - timedelta(minutes=1)).astimezone(there).replace(tzinfo=None)
                assert before < datetime.combine(day, hour) <= shown


@given(zone=st.sampled_from(ZONES), day=days, hour=hours, back=st.booleans())
@example(zone="Pacific/Apia", day=date(2011, 12, 30), hour=time(10), back=False)
def test_what_is_due_is_worked_and_not_quiet(zone: str, day: date, hour: time, back: bool) -> None:
    rules = Rules(blackouts=tuple(offered_blackouts().values()))
    due = due_at(day, rules.hour(hour, "terminal:wang"), zone, rules, -1 if back else 1)
    shown = due.local()
    assert due.day == shown.date()
    assert due.day <= day if back else due.day >= day
    assert rules.allows(due.day)
    assert time(9) <= shown.time() < time(21)


def test_a_day_that_does_not_exist_is_passed_over() -> None:
    """Apia had no 30 December 2011, a Friday."""
    assert (
        due_at(date(2011, 12, 30), time(10), "Pacific/Apia", RULES).local().isoformat() == "2012-01-02T10:00:00+14:00"
    )


def test_an_hour_that_moves_into_quiet_hours_moves_to_the_next_day() -> None:
    narrow = Rules(quiet=Quiet(starts=time(3), ends=time(2)))
    due = due_at(date(2025, 3, 30), time(2, 30), "Europe/Berlin", narrow)
    assert due.local().isoformat() == "2025-03-31T02:30:00+02:00"


@pytest.mark.parametrize(
    ("wished", "given_hour"), [("10:00", "10:00"), ("20:59", "20:59"), ("21:00", "09:00"), ("03:00", "09:00")]
)
def test_an_hour_in_quiet_hours_becomes_the_first_after(wished: str, given_hour: str) -> None:
    assert RULES.hour(time.fromisoformat(wished), "x:y") == time.fromisoformat(given_hour)


def test_quiet_hours_within_a_day_or_none() -> None:
    siesta = Quiet(starts=time(12), ends=time(14))
    assert [siesta.covers(time(hour)) for hour in (11, 12, 13, 14)] == [False, True, True, False]
    assert not any(ANY_HOUR.quiet.covers(time(hour)) for hour in range(24))


def test_weeks_kept_free_move_a_date_behind_them() -> None:
    rules = Rules(blackouts=(offered_blackouts()["spring-festival"],))
    assert allowed_day(date(2026, 2, 10), rules) == date(2026, 3, 4)
    assert allowed_day(date(2026, 2, 10), rules, -1) == date(2026, 2, 2)


def test_one_who_keeps_the_whole_year_free_is_reminded_all_the_same() -> None:
    never = Rules(blackouts=(Blackout(yearly=((1, 1), (12, 31))),))
    assert allowed_day(date(2026, 10, 1), never) == date(2026, 10, 8)
    assert allowed_day(date(2026, 10, 1), never, -1) == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-10-08 09:00", "2026-10-08T09:00:00+08:00"),
        ("2026-10-08 20:59", "2026-10-08T20:59:00+08:00"),
        ("2026-10-08 21:00", "2026-10-09T10:00:00+08:00"),
        ("2026-10-08 03:00", "2026-10-08T10:00:00+08:00"),
        ("2026-10-03 12:00", "2026-10-08T10:00:00+08:00"),
    ],
)
def test_soonest_is_now_where_now_is_allowed(now: str, due: str) -> None:
    assert soonest(at(now), time(10), "Asia/Shanghai", RULES).local().isoformat() == due


@pytest.mark.parametrize(("owners", "days_", "minutes"), [(1, 1, False), (5_000, 1, True), (1_000_000, 3, True)])
def test_only_a_large_installation_is_spread(owners: int, days_: int, minutes: bool) -> None:
    assert spread_for(owners) == Spread(days=days_, minutes=minutes)


def test_a_storm_is_spread_evenly_over_days_and_minutes() -> None:
    """No minute has more than 30 a second, even with a million owners due at once."""
    rules = Rules(spread=spread_for(1_000_000))
    shares = [
        (rules.spread.days_later(owner), rules.hour(time(10), owner))
        for owner in map("made-up:{}".format, range(36_000))
    ]
    assert {day for day, _ in shares} == {0, 1, 2}
    assert min(hour for _, hour in shares) == time(9, 30)
    assert max(hour for _, hour in shares) == time(11, 29)
    fullest = max(shares.count(share) for share in set(shares[:200]))
    # 36,000 owners, 360 shares: a hundred each, give or take.
    assert fullest < 150


def test_spreading_never_leads_into_quiet_hours() -> None:
    rules = Rules(spread=Spread(days=3, minutes=True))
    for wished in (time(9), time(20, 59), time(0), time(23, 59)):
        found = {rules.hour(wished, f"x:{n}") for n in range(500)}
        assert all(time(9) <= hour < time(21) for hour in found)
