"""Days from one to another, as people type them; today is 28 November 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.kinds.stretches import find

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("7月1日到20日", "2027-07-01", "2027-07-20"),
        ("7月1日到7月20日", "2027-07-01", "2027-07-20"),
        ("七月一号至七月二十号", "2027-07-01", "2027-07-20"),
        ("12月1日-12月10日", "2026-12-01", "2026-12-10"),
        ("2026-12-01 2026-12-10", "2026-12-01", "2026-12-10"),
        ("2026-12-01 到 2026-12-10", "2026-12-01", "2026-12-10"),
        ("1 July to 20 July", "2027-07-01", "2027-07-20"),
        ("12月20日至1月5日", "2026-12-20", "2027-01-05"),
        ("11月20日到12月3日", "2026-11-20", "2026-12-03"),
    ],
)
def test_the_coming_days_are_meant(typed: str, first: str, last: str) -> None:
    assert find(typed, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("typed", ["", "free", "day 1 Q2 review 1", "2026-01-01 2026-01-05", "7月到8月", "7月1日"])
def test_what_is_no_stretch_of_coming_days_is_none(typed: str) -> None:
    assert find(typed, TODAY) is None


@given(st.text(alphabet="0123456789年月日到至- 二十七tojul", max_size=30))
def test_whatever_is_typed_it_is_in_order_and_to_come(typed: str) -> None:
    found = find(typed, TODAY)
    assert found is None or (found[0] <= found[1] and found[1] >= TODAY)
