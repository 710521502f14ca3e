"""What is to be sent: the dates of a contract's year, and that nothing goes out twice, in a burst, or never."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.blackouts import offered_blackouts
from scheduler.due import due_at
from scheduler.ladder import ending_ladder, first_due, review_ladder
from scheduler.plan import changes, missed_reviews, plan, plan_owner, schedule, upcoming
from scheduler.quarters import quarters
from scheduler.reminder import UNTOUCHED, Key, Progress, Reminder, mark_reviewed, mark_sent, mute, snooze, unmute
from scheduler.rules import Rules, Spread
from scheduler.terms import Terms
from tests.scheduler.sample import RULES, TERMS, at, dates, endings, reviews, terms
from tests.scheduler.test_due import ZONES

BEGIN, END = at("2026-01-01 00:00"), at("2028-01-01 00:00")


def planned(contract: Terms = TERMS, now: datetime = BEGIN, progress: Progress = UNTOUCHED) -> list[Reminder]:
    return plan(contract, now, END, RULES, progress)


def sent(*reminders: Reminder, progress: Progress = UNTOUCHED) -> Progress:
    """They went out when they were due."""
    for one in reminders:
        progress = mark_sent(progress, one, one.due.day)
    return progress


def test_a_year() -> None:
    """Q3 is over on 30 September; the holiday lasts until 7 October. Q4 has no notice: 1 January is off."""
    assert dates(planned()) == [
        ("Q1", 1, "2026-04-01 10:00"), ("Q1", 2, "2026-04-07 10:00"), ("Q1", 3, "2026-04-09 10:00"),
        ("Q2", 1, "2026-07-01 10:00"), ("Q2", 2, "2026-07-06 10:00"), ("Q2", 3, "2026-07-08 10:00"),
        ("Q3", 1, "2026-10-08 10:00"), ("Q3", 2, "2026-10-12 10:00"), ("Q3", 3, "2026-10-15 10:00"),
        ("2026-12-31", 1, "2026-10-30 10:00"), ("2026-12-31", 2, "2026-12-01 10:00"),
        ("2026-12-31", 3, "2026-12-24 10:00"),
        ("Q4", 1, "2027-01-04 10:00"), ("Q4", 2, "2027-01-07 10:00"), ("Q4", 3, "2027-01-11 10:00"),
    ]  # fmt: skip
    assert [one.due.stale for one in planned()] == [False] * 12 + [True] * 3


def test_case_37_a_make_up_saturday_is_a_day_like_others() -> None:
    assert dates(planned(terms(starts_on=date(2025, 11, 14), term_months=3)))[-3] == ("Q1", 1, "2026-02-14 10:00")


def test_a_long_holiday_does_not_push_reminders_together() -> None:
    found = planned(terms(starts_on=date(2025, 11, 12), term_months=3))
    assert dates(reviews(found)) == [
        ("Q1", 1, "2026-02-12 10:00"), ("Q1", 2, "2026-02-24 10:00"), ("Q1", 3, "2026-02-26 10:00"),
    ]  # fmt: skip


def test_an_ending_is_told_in_time_and_never_before_the_start() -> None:
    assert dates(endings(planned(terms(term_months=1)))) == [("2026-01-31", 3, "2026-01-23 10:00")]


def test_an_ending_in_weeks_kept_free_is_told_once_before_them() -> None:
    rules = Rules(blackouts=(offered_blackouts()["spring-festival"],))
    found = ending_ladder(terms(starts_on=date(2025, 3, 8)), rules)
    assert [(one.nth, one.due.day) for one in found] == [(1, date(2026, 1, 6)), (2, date(2026, 2, 2))]


@pytest.mark.parametrize("rule", ["contract", "calendar"])
def test_case_40_each_contract_has_its_own_quarters(rule: str) -> None:
    found = [one.due.day for one in reviews(planned(terms(starts_on=date(2026, 2, 10), quarters=rule))) if one.nth == 1]
    wanted = {"contract": date(2026, 5, 11), "calendar": date(2026, 4, 1)}
    assert found[0] == wanted[rule]


def test_reviews_of_a_short_last_piece_silence_those_before() -> None:
    """Q1's follow-ups would come after Q2 has begun to be asked for."""
    found = reviews(planned(terms(ended_on=date(2026, 4, 2))))
    assert dates(found)[:2] == [("Q1", 1, "2026-04-01 10:00"), ("Q2", 1, "2026-04-03 10:00")]
    assert {one.period for one in found[1:]} == {"Q2"}


def test_case_33_an_hour_late() -> None:
    (late, *_) = planned(now=at("2026-07-01 11:00"), progress=sent(*planned()[:3]))
    assert (dates([late]), late.late) == ([("Q2", 1, "2026-07-01 11:00")], True)


def test_case_33_three_days_late_the_others_keep_their_distance() -> None:
    found = planned(now=at("2026-07-04 12:00"), progress=mark_reviewed(UNTOUCHED, "Q1"))
    assert dates(found)[:3] == [
        ("Q2", 1, "2026-07-06 10:00"), ("Q2", 2, "2026-07-09 10:00"), ("Q2", 3, "2026-07-13 10:00"),
    ]  # fmt: skip


def test_case_33_two_quarters_late_gives_one_reminder_that_names_what_was_missed() -> None:
    now = at("2026-10-20 12:00")
    found = planned(now=now)
    assert [(one.period, one.nth, one.late) for one in reviews(found)][:2] == [("Q3", 1, True), ("Q3", 2, False)]
    assert not any(one.due.at <= now for one in found[1:])
    assert missed_reviews(TERMS, now, RULES) == ["Q1", "Q2", "Q3"]
    assert missed_reviews(TERMS, now, RULES, mark_reviewed(UNTOUCHED, "Q2")) == ["Q1", "Q3"]


def test_case_33_after_the_late_one_went_out_no_burst_follows() -> None:
    now = at("2026-10-20 12:00")
    progress = sent(planned(now=now)[0])
    found = planned(now=now + timedelta(minutes=1), progress=progress)
    assert dates(found)[:2] == [("Q3", 2, "2026-10-23 10:00"), ("Q3", 3, "2026-10-27 10:00")]


def test_case_33_a_late_ending_is_told_once_and_not_after_the_end() -> None:
    reviewed = replace(UNTOUCHED, reviewed=frozenset({"Q1", "Q2", "Q3", "Q4"}))
    assert dates(planned(now=at("2026-12-10 12:00"), progress=reviewed)) == [
        ("2026-12-31", 2, "2026-12-10 12:00"), ("2026-12-31", 3, "2026-12-24 10:00"),
    ]  # fmt: skip
    assert dates(planned(now=at("2026-12-23 12:00"), progress=reviewed)) == [("2026-12-31", 3, "2026-12-24 10:00")]
    assert planned(now=at("2027-01-02 12:00"), progress=reviewed) == []


def test_case_34_a_jump_of_a_year_gives_an_owner_one_message_a_day() -> None:
    contracts = [(terms(contract=n, term_months=60), UNTOUCHED) for n in (1, 2, 3)]
    now = at("2027-04-14 12:00")
    late = [one for one in plan_owner(contracts, now, END, RULES) if one.late]
    assert dates(late) == [("Q5", 1, "2027-04-14 12:00"), ("Q5", 1, "2027-04-15 12:00"), ("Q5", 1, "2027-04-16 12:00")]
    contracts[0] = (contracts[0][0], sent(late[0]))
    again = plan_owner(contracts, now + timedelta(minutes=2), END, RULES)
    assert [one.due.day for one in again if one.late] == [date(2027, 4, 15), date(2027, 4, 16)]


def test_case_34_back_in_time_nothing_fires_twice() -> None:
    progress = sent(*planned()[:7])
    for back in (timedelta(hours=1), timedelta(days=365)):
        found = planned(now=at("2026-10-08 10:01") - back, progress=progress)
        assert found == planned()[7:]


def test_what_was_due_before_a_contract_was_entered_is_not_made_up_for() -> None:
    now = at("2026-07-10 12:00")
    assert dates(planned(now=now, progress=replace(UNTOUCHED, since=now)))[0] == ("Q3", 1, "2026-10-08 10:00")
    assert missed_reviews(TERMS, at("2026-10-09 00:00"), RULES, replace(UNTOUCHED, since=now)) == ["Q3"]


def test_reviewed_early_or_late_means_silence() -> None:
    assert [one.period for one in planned(progress=mark_reviewed(UNTOUCHED, "Q2")) if one.period == "Q2"] == []
    progress = mark_reviewed(sent(*planned()[:1]), "Q1")
    assert planned(now=at("2026-04-02 12:00"), progress=progress)[0].period == "Q2"


@pytest.mark.parametrize(
    ("until", "rest"),
    [
        ("2026-04-02", [(2, "2026-04-02"), (3, "2026-04-07")]),
        ("2026-04-08", [(2, "2026-04-08"), (3, "2026-04-13")]),
        (None, []),
    ],
)
def test_snooze_for_a_day_a_week_until_the_next_quarter(until: str | None, rest: list[tuple[int, str]]) -> None:
    first = planned()[0]
    progress = snooze(sent(first), first, date.fromisoformat(until) if until else None)
    found = planned(now=at("2026-04-01 10:05"), progress=progress)
    assert [(one.nth, one.due.day.isoformat()) for one in found if one.period == "Q1"] == rest
    assert ("Q2", 1, "2026-07-01 10:00") in dates(found)


def test_snooze_after_the_last_one_gives_one_more() -> None:
    third = planned()[2]
    found = planned(now=at("2026-04-09 12:00"), progress=snooze(sent(*planned()[:3]), third, date(2026, 4, 16)))
    assert dates(found)[:2] == [("Q1", 4, "2026-04-16 10:00"), ("Q2", 1, "2026-07-01 10:00")]


def test_snooze_that_is_itself_late_and_then_sent() -> None:
    first = planned()[0]
    progress = snooze(sent(first), first, date(2026, 4, 8))
    late = planned(now=at("2026-04-20 12:00"), progress=progress)[0]
    assert (late.nth, late.late) == (2, True)
    found = planned(now=at("2026-04-20 12:01"), progress=sent(late, progress=progress))
    assert dates(found)[0] == ("Q1", 3, "2026-04-24 10:00")


def test_snooze_of_an_ending() -> None:
    first = endings(planned())[0]
    progress = snooze(sent(first), first, date(2026, 11, 9))
    found = endings(planned(now=at("2026-10-30 12:00"), progress=progress))
    assert dates(found) == [
        ("2026-12-31", 2, "2026-11-09 10:00"), ("2026-12-31", 3, "2026-12-01 10:00"),
        ("2026-12-31", 4, "2026-12-24 10:00"),
    ]  # fmt: skip
    assert endings(planned(now=at("2026-10-30 12:00"), progress=snooze(sent(first), first, None))) == []
    assert endings(planned(now=at("2026-10-30 12:00"), progress=snooze(sent(first), first, date(2027, 3, 1)))) == []


def test_mute_and_again() -> None:
    assert planned(progress=mute(UNTOUCHED)) == []
    now = at("2026-04-03 12:00")
    assert dates(planned(now=now, progress=unmute(mute(UNTOUCHED), now)))[0] == ("Q1", 2, "2026-04-07 10:00")


def test_changes_of_the_terms() -> None:
    before = planned()
    assert changes(before, planned()) == changes([], [])
    moved = changes(before, planned(terms(remind_at=time(15))))
    assert (moved.cancel, moved.add, len(moved.move)) == ((), (), len(before))
    ended = changes(before, planned(terms(ended_on=date(2026, 8, 15))))
    assert {key[2] for key in ended.cancel} == {"Q4", "2026-12-31"}
    assert {one.period for one in ended.add} == {"2026-08-15"}
    assert {one.period for one in ended.move} == {"Q3"}
    renewed = changes(before, planned(terms(term_months=24)))
    assert {key[2] for key in renewed.cancel} == {"2026-12-31"}
    assert {one.period for one in renewed.add} == {"Q5", "Q6", "Q7", "2027-12-31"}
    assert renewed.move == ()


def test_the_next_eight_dates() -> None:
    contracts = [(TERMS, UNTOUCHED), (terms(contract=2, term_months=36, quarters="calendar"), UNTOUCHED)]
    found = upcoming(contracts, BEGIN, RULES)
    assert [(one.contract, one.period) for one in found] == [
        (1, "Q1"), (2, "2026Q1"), (1, "Q2"), (2, "2026Q2"), (1, "Q3"), (2, "2026Q3"),
        (1, "2026-12-31"), (1, "2026-12-31"),
    ]  # fmt: skip
    assert len(upcoming(contracts[:1], BEGIN, RULES)) == 7
    assert upcoming([], BEGIN, RULES) == []


def test_case_35_36_all_starts_all_quarters_all_zones() -> None:
    """366 starts x 40 quarters x 60 zones: the tenth hour of the first day allowed, where the owner is."""
    starts = [date(2024, 1, 1) + timedelta(days=number) for number in range(366)]
    contracts = [terms(starts_on=start, term_months=120) for start in starts]
    borders = [[one.ends_on + timedelta(days=1) for one in quarters(contract)] for contract in contracts]
    assert {len(forty) for forty in borders} == {40}
    for zone in ZONES:
        # Many starts share a border.
        for border in {one for forty in borders for one in forty}:
            shown = due_at(border, time(10), zone, RULES).local()
            allowed = RULES.working_days.next_working_day(border).day
            assert (shown.date(), shown.hour, shown.minute) == (allowed, 10, 0)


def test_the_first_reminder_waits_for_its_share_of_a_storm() -> None:
    rules = Rules(spread=Spread(days=3))
    found = {
        first_due(
            terms(owner=f"x:{n}", starts_on=date(2026, 7, 1)), next(quarters(terms(starts_on=date(2026, 7, 1)))), rules
        ).day
        for n in range(50)
    }
    assert found == {date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10)}


def run(contract: Terms, rules: Rules, moments: list[datetime]) -> list[tuple[Reminder, datetime]]:
    """A program that is awake at these moments only, and sends what is due then."""
    progress, gone = UNTOUCHED, list[tuple[Reminder, datetime]]()
    for now in moments:
        for one in plan(contract, now, now + timedelta(seconds=1), rules, progress):
            gone.append((one, now))
            progress = mark_sent(progress, one, now.astimezone(one.due.local().tzinfo).date())
    return gone


@given(
    start=st.dates(min_value=date(2024, 1, 1), max_value=date(2026, 12, 31)),
    months=st.integers(1, 24),
    rule=st.sampled_from(["contract", "calendar"]),
    zone=st.sampled_from(ZONES),
    seed=st.integers(0, 1_000),
)
def test_whenever_the_program_is_awake_nothing_goes_out_twice_in_a_burst_or_at_night(
    start: date, months: int, rule: str, zone: str, seed: int
) -> None:
    """Clocks jump forth and back by up to two years; what went out never does so again."""
    contract = terms(starts_on=start, term_months=months, quarters=rule, timezone=zone)
    random, now, moments = Random(seed), at(f"{start} 00:00"), list[datetime]()
    for _ in range(60):
        now += timedelta(
            hours=random.choice([1, 3, 10, 30, 100, 1_000, -1, -200, 4_000 if random.random() < 0.1 else 1])
        )
        moments.append(now)
    gone = run(contract, RULES, moments)
    keys = [one.key for one, _ in gone]
    assert len(set(keys)) == len(keys)
    for one, now in gone:
        local = now.astimezone(one.due.local().tzinfo)
        assert time(9) <= local.time() < time(21)
        assert RULES.allows(local.date())
    sorts = {kind: [now for one, now in gone if one.kind == kind] for kind in ("review", "ending")}
    for found in sorts.values():
        assert all(abs(b - a) >= timedelta(hours=12) for a, b in pairwise(found) if b >= a)


@given(start=st.dates(min_value=date(2024, 1, 1), max_value=date(2026, 12, 31)), months=st.integers(1, 24))
def test_a_program_that_is_always_awake_sends_just_the_schedule(start: date, months: int) -> None:
    contract = terms(starts_on=start, term_months=months)
    begin, end = at(f"{start} 00:00"), at("2030-01-01 00:00")
    wanted = list(schedule(contract, begin, end, RULES))
    gone = run(contract, RULES, sorted({one.due.at for one in wanted}))
    assert sorted(one.key for one, _ in gone) == sorted(one.key for one in wanted)
    assert all(now == one.due.at for one, now in gone)


def test_planning_in_pieces_is_planning_in_one() -> None:
    rules = Rules(blackouts=tuple(offered_blackouts().values()))
    contract = terms(starts_on=date(2024, 5, 31), term_months=40, quarters="calendar")
    begin, end = at("2024-01-01 00:00"), at("2029-01-01 00:00")
    whole = sorted(one.key for one in schedule(contract, begin, end, rules))
    pieces = list[Key]()
    while begin < end:
        pieces += [one.key for one in schedule(contract, begin, begin + timedelta(days=30), rules)]
        begin += timedelta(days=30)
    assert sorted(pieces) == whole


def test_a_ladder_of_an_unended_contract() -> None:
    assert ending_ladder(terms(term_months=None), RULES) == []
    assert len(planned(terms(term_months=None))) == 7 * 3
    assert review_ladder(TERMS, next(quarters(TERMS)), RULES)[0] == planned()[0]
