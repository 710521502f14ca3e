"""Quarters are counted from the contract's start, never from the quarter before, and end with the contract."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest

from scheduler.quarters import Quarter, add_months, last_day, quarters
from scheduler.terms import Terms
from tests.scheduler.sample import terms

LEAP_YEAR = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]


def spans(contract: Terms) -> list[tuple[str, str, str]]:
    return [(one.period, one.starts_on.isoformat(), one.ends_on.isoformat()) for one in quarters(contract)]


@pytest.mark.parametrize("anchor", [date(2024, 1, 31), date(2024, 11, 30), date(2024, 2, 29), *LEAP_YEAR[::7]])
def test_case_35_borders_stay_with_the_day_of_the_start(anchor: date) -> None:
    for i, quarter in enumerate(islice(quarters(terms(starts_on=anchor, term_months=120)), 40), 1):
        border = quarter.ends_on + timedelta(days=1)
        assert border.day == min(anchor.day, monthrange(border.year, border.month)[1])
        assert (border.year - anchor.year) * 12 + border.month - anchor.month == 3 * i


@pytest.mark.parametrize("rule", ["contract", "calendar"])
def test_case_35_all_starts_are_followed_without_gap_or_overlap(rule: str) -> None:
    for anchor in LEAP_YEAR:
        contract = terms(starts_on=anchor, term_months=120, quarters=rule)
        found = list(quarters(contract))
        assert len({one.period for one in found}) == len(found) >= 40
        assert found[0].starts_on == anchor
        assert found[-1].ends_on == last_day(contract)
        assert all(b.starts_on == a.ends_on + timedelta(days=1) for a, b in pairwise(found))


def test_thirty_november_does_not_drift() -> None:
    start = date(2025, 11, 30)
    assert [add_months(start, 3 * i) for i in range(5)] == [
        date(2025, 11, 30), date(2026, 2, 28), date(2026, 5, 30), date(2026, 8, 30), date(2026, 11, 30),
    ]  # fmt: skip


def test_the_last_quarter_ends_with_the_contract() -> None:
    assert spans(terms(starts_on=date(2026, 1, 31), term_months=7)) == [
        ("Q1", "2026-01-31", "2026-04-29"), ("Q2", "2026-04-30", "2026-07-30"), ("Q3", "2026-07-31", "2026-08-30"),
    ]  # fmt: skip
    assert spans(terms(ended_on=date(2026, 5, 5)))[-1] == ("Q2", "2026-04-01", "2026-05-05")
    assert len(spans(terms(term_months=24))) == 8


def test_a_contract_that_ended_before_it_began_has_no_quarters() -> None:
    assert spans(terms(ended_on=date(2025, 12, 1))) == []


def test_calendar_quarters_are_named_by_year_and_cut_at_both_ends() -> None:
    assert spans(terms(starts_on=date(2026, 2, 10), term_months=6, quarters="calendar")) == [
        ("2026Q1", "2026-02-10", "2026-03-31"), ("2026Q2", "2026-04-01", "2026-06-30"),
        ("2026Q3", "2026-07-01", "2026-08-09"),
    ]  # fmt: skip


def test_a_few_days_before_a_calendar_quarter_count_with_it() -> None:
    assert spans(terms(starts_on=date(2026, 3, 30), term_months=3, quarters="calendar")) == [
        ("2026Q2", "2026-03-30", "2026-06-29")
    ]
    assert spans(terms(starts_on=date(2026, 3, 25), ended_on=date(2026, 3, 28), quarters="calendar")) == [
        ("2026Q1", "2026-03-25", "2026-03-28")
    ]


def test_without_a_known_end_quarters_go_on() -> None:
    forever = terms(term_months=None)
    assert last_day(forever) is None
    assert next(quarters(forever, date(2099, 12, 1))).period == "Q296"


@pytest.mark.parametrize("rule", ["contract", "calendar"])
def test_asking_from_a_day_on_gives_the_same_quarters(rule: str) -> None:
    for anchor in LEAP_YEAR[::5]:
        contract = terms(starts_on=anchor, term_months=60, quarters=rule)
        found = list(quarters(contract))
        for since in (found[0].starts_on, found[3].ends_on, found[7].starts_on):
            assert list(quarters(contract, since)) == [one for one in found if one.ends_on >= since]


@pytest.mark.parametrize("changed", [{"term_months": 0}, {"term_months": 5000}, {"starts_on": date(22, 1, 1)}])
def test_terms_that_no_calendar_can_follow_are_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="can be planned"):
        terms(**changed)


def test_a_quarter_is_a_value() -> None:
    first = next(quarters(terms()))
    assert first == Quarter(period="Q1", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))
