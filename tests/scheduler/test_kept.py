"""Terms out of what is kept: a zone that nobody knows never stops a plan."""

from __future__ import annotations

import pytest

from scheduler.kept import zone_of


@pytest.mark.parametrize(
    ("kept", "zone"),
    [
        ("Asia/Hong_Kong", "Asia/Hong_Kong"),
        # Typed when any text was taken.
        ("北京时间", "Asia/Shanghai"),
        ("berlin", "Europe/Berlin"),
        ("10万", "Europe/Rome"),
        ("../../etc/passwd", "Europe/Rome"),
        ("", "Europe/Rome"),
    ],
)
def test_what_names_no_zone_leaves_that_of_the_owner(kept: str, zone: str) -> None:
    assert zone_of(kept, "Europe/Rome") == zone
