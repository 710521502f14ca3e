"""The plan as rows: whatever stood there before, afterwards it is the one that was given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, delete, insert, select

from storage.reminders import Planned, mark_sent, replan
from storage.tables import METADATA, OWNER, REMINDER

AT = datetime(2026, 4, 1, 2, tzinfo=UTC)
OWNERS = (1, 2)
PLANS = st.lists(
    st.builds(
        lambda nth, days: Planned(
            contract=1, period="Q1", kind="review", nth=nth, day=f"2026-04-{1 + days:02}", hour="10:00",
            zone="Asia/Shanghai", due=AT + timedelta(days=days),
        ),
        st.integers(1, 4), st.integers(0, 3),
    ),
    unique_by=lambda one: one.nth, max_size=4,
)  # fmt: skip


def row(owner: int, one: Planned, state: str) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("contract", "period", "kind", "nth", "day", "hour", "zone", "due")}
    return {"owner": owner, **told, "state": state, "sent_on": one.day if state == "sent" else None}


def rows(connection: Connection, owner: int) -> list[dict[str, Any]]:
    found = connection.execute(select(REMINDER).where(REMINDER.c.owner == owner).order_by(REMINDER.c.nth))
    return [dict(one) for one in found.mappings()]


@cache
def connection() -> Connection:
    one = create_engine("sqlite://").connect()
    METADATA.create_all(one)
    told = {"language": "en", "timezone": "UTC", "created_at": AT}
    one.execute(insert(OWNER), [{"id": owner, **told} for owner in OWNERS])
    return one


@given(before=PLANS, after=PLANS, states=st.lists(st.sampled_from(("planned", "parked", "sent")), min_size=4))
def test_a_plan_takes_the_place_of_another(before: Sequence[Planned], after: Sequence[Planned], states: Any) -> None:
    """What was sent stays as it is and is not planned again; what is suspended wakes; others keep theirs."""
    kept = [row(1, one, state) for one, state in zip(before, states, strict=False)]
    others = [row(2, one, "planned") for one in before]
    connection().execute(delete(REMINDER))
    if before:
        connection().execute(insert(REMINDER), [*kept, *others])
    replan(connection(), {1: after})
    sent = {one["nth"]: one for one in kept if one["state"] == "sent"}
    wanted = sent | {one.nth: row(1, one, "planned") for one in after if one.nth not in sent}
    assert rows(connection(), 1) == [wanted[nth] for nth in sorted(wanted)]
    assert rows(connection(), 2) == sorted(others, key=lambda one: one["nth"])


def test_what_was_planned_or_not_is_kept_as_sent() -> None:
    """Twice is the same as once."""
    connection().execute(delete(REMINDER))
    one, two = (Planned(contract=1, period="Q1", kind="review", nth=nth, day="2026-04-01", hour="10:00",
        zone="Asia/Shanghai", due=AT) for nth in (1, 2))  # fmt: skip
    replan(connection(), {1: [one]})
    for _ in range(2):
        mark_sent(connection(), [row(1, one, "sent"), row(1, two, "sent")])
    assert rows(connection(), 1) == [row(1, one, "sent"), row(1, two, "sent")]
