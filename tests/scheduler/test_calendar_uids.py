"""What calendar entries are known by: nothing of two owners is the same, and a later file replaces an earlier one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from scheduler.calendar_file import Entry, calendar_file, fingerprint
from scheduler.plan import plan
from tests.scheduler.sample import RULES, TERMS, at


def uids(owner: str, installation: str, made: str = "2026-01-01 12:00") -> list[str]:
    terms = replace(TERMS, owner=owner)
    entries = [
        Entry(reminder=one, heading="复盘", text="")
        for one in plan(terms, at("2026-01-01 00:00"), at("2027-01-01 00:00"), RULES)
    ]
    written = calendar_file(entries, "灯商参谋", at(made), fingerprint(installation, owner))
    return [str(one["uid"]) for one in Calendar.from_ical(written).walk() if "uid" in one]


def test_they_differ_by_owner_and_by_installation_and_stay() -> None:
    mine = uids("telegram:1234567", "one")
    assert mine == uids("telegram:1234567", "one", "2027-05-05 08:00")
    others = [*uids("telegram:7654321", "one"), *uids("telegram:1234567", "two"), *uids("terminal:1234567", "one")]
    assert not set(mine) & set(others)
    assert len(set(mine)) == len(mine)
    assert "1234567" not in "".join(mine)


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_no_two_owners_share_a_fingerprint(one: str, his: str, other: str, theirs: str) -> None:
    here, there = fingerprint(one, f"telegram:{his}"), fingerprint(other, f"telegram:{theirs}")
    assert (here == there) == ((one, his) == (other, theirs))
