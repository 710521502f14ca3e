"""Working days are those of the State Council's notices; beyond them weekdays, apart from the days the law fixes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.yaml_reader import read_document
from scheduler.blackouts import SHIPPED as BLACKOUTS
from scheduler.blackouts import Blackout, offered_blackouts, read_blackouts
from scheduler.days import TableUnreadable
from scheduler.statutory_days import statutory_days
from scheduler.working_days import SHIPPED, WorkingDay, read_working_days, shipped_working_days
from tests.scheduler.sample import at

TABLE = shipped_working_days()
WORKED_2026 = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
#: The notice of 4 November 2025, by its breaks.
OFF_2026 = [("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3), ("10-01", 7)]


def test_2026_is_as_the_notice_has_it() -> None:
    off = {date.fromisoformat(f"2026-{first}") + timedelta(days=n) for first, days in OFF_2026 for n in range(days)}
    worked = {date.fromisoformat(f"2026-{day}") for day in WORKED_2026}
    for n in range(365):
        day = date(2026, 1, 1) + timedelta(days=n)
        assert TABLE.works(day) == (day in worked or (day not in off and day.weekday() < 5)), day


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_each_weekend_day_worked_stands_for_a_weekday_off(year: int) -> None:
    """What the law gives is 11 days off (13 from 2025); the rest is exchanged one for one."""
    assert all(day.weekday() >= 5 for day in TABLE.worked)
    weekdays_off = sum(day.year == year and day.weekday() < 5 for day in TABLE.off)
    worked = sum(day.year == year for day in TABLE.worked)
    # Of these days some fall on a weekend that is not made up for.
    assert 9 <= weekdays_off - worked <= 13


def test_case_37_a_holiday_moves_on_and_a_make_up_saturday_counts() -> None:
    assert TABLE.next_working_day(date(2026, 10, 1)) == WorkingDay(day=date(2026, 10, 8), stale=False)
    assert TABLE.next_working_day(date(2026, 10, 10)).day == date(2026, 10, 10)
    assert TABLE.next_working_day(date(2026, 2, 14)).day == date(2026, 2, 14)
    assert TABLE.next_working_day(date(2026, 2, 15)).day == date(2026, 2, 24)


def test_case_37_beyond_the_table_the_laws_days_are_off_and_that_is_said() -> None:
    assert TABLE.next_working_day(date(2031, 10, 1)) == WorkingDay(day=date(2031, 10, 6), stale=True)
    assert TABLE.next_working_day(date(2031, 10, 4)) == WorkingDay(day=date(2031, 10, 6), stale=True)
    assert TABLE.next_working_day(date(1999, 1, 2)).stale


#: Days as the almanac has them: eve and three days of Spring Festival, Qingming, Dragon Boat, Mid-Autumn.
ALMANAC = {
    2027: ("02-05", "02-06", "02-07", "02-08", "04-05", "06-09", "09-15"),
    2028: ("01-25", "01-26", "01-27", "01-28", "04-04", "05-28", "10-03"),
    2033: ("01-30", "01-31", "02-01", "02-02", "04-04", "06-01", "09-08"),
}


@pytest.mark.parametrize("year", sorted(ALMANAC))
def test_case_37_the_law_fixes_these_days(year: int) -> None:
    fixed = ("01-01", "05-01", "05-02", "10-01", "10-02", "10-03")
    assert statutory_days(year) == {date.fromisoformat(f"{year}-{day}") for day in (*fixed, *ALMANAC[year])}


@pytest.mark.parametrize("year", [2025, 2026])
def test_each_notice_since_the_law_gives_its_days_off(year: int) -> None:
    """No notice takes a day of the law away, so that a year without one is never worse off."""
    assert not any(TABLE.works(day) for day in statutory_days(year))


@given(st.dates(date(2027, 1, 1), date(2099, 12, 31)))
def test_a_year_without_a_notice_works_on_weekdays_but_for_the_laws_days(day: date) -> None:
    without = replace(TABLE, first=2024, last=2026)
    assert without.works(day) == (day.weekday() < 5 and day not in statutory_days(day.year))


def test_beyond_the_lunar_tables_the_fixed_dates_remain() -> None:
    assert statutory_days(2300) == {date(2300, *day) for day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))}


def test_the_weeks_around_spring_festival_are_those_of_the_lunar_calendar() -> None:
    """The days in blackouts.yaml and the law's own come from one calendar."""
    for day in map(date.fromisoformat, read_document(BLACKOUTS).content["spring-festival"]["days"]):
        around = [day + timedelta(days=n) in statutory_days(day.year) for n in range(-2, 4)]
        assert around == [False, True, True, True, True, False], day


def test_each_year_names_its_source() -> None:
    text = SHIPPED.read_text("utf-8")
    assert all(f"    source: 国务院办公厅关于{year}年部分节假日安排的通知" in text for year in range(2024, 2027))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("years: {2026: {off: {x: 2026-13-01}, worked: []}}", "month"),
        ("years: {2024: {off: {}, worked: []}, 2026: {off: {}, worked: []}}", "a year is missing"),
        ("years: {2026: {off: {}}}", "worked"),
        ("years: {2026: [", "table.yaml:2:1: bracket"),
        ("[]", "table.yaml"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "table.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(TableUnreadable, match=said):
        read_working_days(file)


def test_the_offered_weeks() -> None:
    offered = offered_blackouts()
    assert set(offered) == {"double-eleven", "six-eighteen", "spring-festival"}
    for name, day in [
        ("double-eleven", "2031-11-11"),
        ("six-eighteen", "2026-06-18"),
        ("spring-festival", "2027-02-06"),
    ]:
        assert [one for one in offered if offered[one].covers(date.fromisoformat(day))] == [name]
    assert not any(one.covers(date(2026, 10, 8)) for one in offered.values())


def test_weeks_over_new_year_and_of_one_year() -> None:
    over = Blackout(yearly=((12, 25), (1, 5)))
    assert [over.covers(date(2026, *day)) for day in [(12, 24), (12, 25), (1, 5), (1, 6)]] == [False, True, True, False]
    once = Blackout(stretches=((date(2026, 3, 2), date(2026, 3, 2)),))
    assert once.covers(date(2026, 3, 2))
    assert not once.covers(date(2027, 3, 2))


def test_a_wrong_blackout_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "blackouts.yaml"
    file.write_text("fair: {yearly: 03-40 to 04-01}", "utf-8")
    with pytest.raises(TableUnreadable):
        read_blackouts(file)


def test_moments_of_the_tests_are_chinese_unless_said() -> None:
    assert at("2026-10-08 10:00") == at("2026-10-08T02:00+00:00")
