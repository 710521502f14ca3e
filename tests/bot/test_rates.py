"""How often something may happen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rates import BadRate, Buckets, Rate, Windows


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("30/s", Rate(count=30, seconds=1, burst=30)),
        ("120/min burst 60", Rate(count=120, seconds=60, burst=60)),
        (" 20 / min ", Rate(count=20, seconds=60, burst=20)),
        ("0", None),
    ],
)
def test_a_rate_is_read(text: str, rate: Rate | None) -> None:
    """As the settings are written."""
    assert Rate.read(text) == rate


@pytest.mark.parametrize(
    "text", ["", "30", "-1/s", "1/day", "0/s", "1/s burst x", "1/s burst 5000000000", "\uff11/s"], ids=repr
)
def test_anything_else_is_refused(text: str) -> None:
    """The message says how it is written."""
    with pytest.raises(BadRate, match="30/s"):
        Rate.read(text)


@given(
    sends=st.lists(st.tuples(st.floats(0, 2), st.floats(0, 3), st.floats(0, 1)), max_size=60), count=st.integers(1, 5)
)
def test_case_22_no_stretch_ever_has_more_than_the_count(sends: list[tuple[float, float, float]], count: int) -> None:
    """Telegram counts exactly, and when something arrives: at any moment between its beginning and its end."""
    windows, now, arrived = Windows(Rate(count=count, seconds=1, burst=count)), 0.0, list[float]()
    ends = list[float]()
    for pause, lasts, share in sends:
        now += pause
        for end in sorted(ends):
            if end <= now:
                windows.end("a", end)
                ends.remove(end)
        if windows.room("a", now, 99) > 0:
            assert "a" not in windows.full(now)
            windows.take("a")
            ends.append(now + lasts)
            arrived.append(now + lasts * share)
    assert all(sum(at <= one < at + 1 for one in arrived) <= count for at in arrived)


def test_a_window_says_when_it_opens() -> None:
    """So that nobody has to look again and again; what is on its way tells when it ends."""
    windows = Windows(Rate(count=1, seconds=1, burst=1))
    assert windows.soonest(0.0) is None
    windows.take("a")
    assert windows.full(0.2) == {"a"}
    assert windows.soonest(0.2) is None
    windows.end("a", 0.2)
    wait = windows.soonest(0.3)
    assert wait is not None
    assert windows.full(0.3) == {"a"}
    assert windows.full(0.3 + wait + 0.001) == frozenset()
    assert windows.soonest(0.3 + wait + 0.001) is None


def test_case_48_a_bucket_lets_one_hurry_for_a_while() -> None:
    """Others have their own."""
    buckets = Buckets(Rate(count=120, seconds=60, burst=3))
    assert [buckets.take("a", 0.0) for _ in range(5)] == [True, True, True, False, False]
    assert buckets.take("b", 0.0)
    assert [buckets.take("a", 0.5), buckets.take("a", 0.5)] == [True, False]
    assert all(Buckets(None).take("a", 0.0) for _ in range(1000))
