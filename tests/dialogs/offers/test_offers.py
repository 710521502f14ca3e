"""Offers side by side: the order, and that what would bring one to the front really does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.effects import Record
from dialogs.offers.comparing import Comparison
from dialogs.offers.overtaking import MOST_WAYS, ways
from dialogs.offers.vetted import Offer, best_first, changed, offer, offers, rank, renamed, without
from dialogs.owner import Conversation, Kept
from dialogs.wording import LANGUAGES
from tests.dialogs.offers.desk import GOOD, NOW, TRAP, clauses, owner, record, speaker, vet

VARIED: Mapping[str, list[Any]] = {
    "refund": ["none", "pro-rata", "after-full-term", None],
    "lead": ["named-experienced", "named-junior", "unnamed", None],
    "ad_payer": ["merchant", "agency", "shared", None],
    "fee": ["5000", "2万", None],
    "commission": ["0", "5%", "12%", None],
    "guarantee": ["0", "400万", None],
    "sales_share": ["10%", "60%", None],
    "clauses": ["all", "some", None],
    "expected_sales": ["5万", "20万", None],
}


@st.composite
def raw_offers(draw: st.DrawFn) -> dict[str, Any]:
    """A good offer, with some of its answers made worse or unknown."""
    told = dict(GOOD) | {slot: draw(st.sampled_from(values)) for slot, values in VARIED.items()}
    told["clauses"] = {"all": clauses(), "some": clauses()[:9]}.get(str(told["clauses"]))
    return told


def desk(*told: Mapping[str, Any]) -> list[Offer]:
    return [offer(vet(), record(number, {**one, "name": f"n{number}"})) for number, one in enumerate(told, 1)]


@given(st.lists(raw_offers(), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_is_total_and_does_not_hang_on_how_they_come(told: list[dict[str, Any]], chance: Any) -> None:
    """However they are shuffled, the same comes first, second and so on."""
    listed = desk(*told)
    ordered = best_first(vet(), listed)
    chance.shuffle(listed)
    assert best_first(vet(), listed) == ordered
    ranks = [rank(vet(), one.deduction) for one in ordered]
    assert ranks == sorted(ranks)


@given(st.lists(raw_offers(), min_size=2, max_size=5))
def test_the_best_verdict_comes_first_and_among_equals_the_best_score(told: list[dict[str, Any]]) -> None:
    """No offer stands behind one of a worse verdict, or of the same verdict and a lower score."""
    compare = vet().compare
    assert compare is not None
    ordered = best_first(vet(), desk(*told))
    keys = [(compare.verdicts.index(one.deduction.rule.verdict), -(one.deduction.score or 0)) for one in ordered]
    assert keys == sorted(keys)


@given(raw_offers(), raw_offers())
def test_what_would_bring_it_to_the_front_does(first: dict[str, Any], second: dict[str, Any]) -> None:
    """Each way, applied, ranks it better than the first; a single change is told where one is enough."""
    compare = vet().compare
    assert compare is not None
    best, other = best_first(vet(), desk(first, second))
    target = rank(vet(), best.deduction)
    found = ways(vet(), other, target)
    assert len(found) <= MOST_WAYS
    for way in found:
        assert rank(vet(), changed(vet(), other, way)) < target
        assert set(way) <= set(compare.terms)
        assert all(value != other.answers.get(slot) for slot, value in way.items())
    if found and len(found[0]) > 1:
        assert all(len(way) > 1 for way in found)


def test_an_unknown_figure_stands_behind_a_known_one() -> None:
    """All else equal, what cannot be reckoned is not taken for nothing."""
    known, unknown = desk(dict(GOOD), {**GOOD, "fee": None})
    assert best_first(vet(), [unknown, known])[0] is known


def test_not_enough_known_stands_between_negotiate_and_walk_away() -> None:
    """As the flow says, and why stands there."""
    compare = vet().compare
    assert compare is not None
    assert compare.verdicts == ("proceed", "negotiate", "not-enough-known", "walk-away")


def test_they_are_judged_by_todays_rules_not_by_what_was_kept() -> None:
    """A verdict that was kept under former rules does not count."""
    kept = replace(record(1, TRAP), result={"verdict": "proceed", "score": 100})
    assert offer(vet(), kept).deduction.rule.verdict == "walk-away"


def test_an_answer_that_no_longer_fits_is_unknown() -> None:
    """An option that was taken out is asked for again, not guessed."""
    kept = record(1, TRAP)
    one = offer(vet(), replace(kept, answers={**kept.answers, "refund": "in-gold"}))
    assert "refund" in {question.id for question in one.position.unknown}


def test_of_one_subject_the_latest_counts_and_the_former_are_kept_with_it() -> None:
    """Vetted again is one line of the list."""
    twice = [record(1, TRAP), record(2, {**GOOD, "name": "老陈"}), record(3, {**TRAP, "refund": "pro-rata"})]
    listed = offers(vet(), owner(twice))
    assert [(one.number, [kept.number for kept in one.former]) for one in listed] == [(3, [1]), (2, [])]


def test_a_new_name_is_the_former_ones_too() -> None:
    """Else the history would belong to nobody."""
    early = NOW - timedelta(days=90)
    twice = owner([record(1, TRAP, at=early), record(2, TRAP)])
    told = record(2, {**TRAP, "name": "新名"})
    now = Record(kind="vet", number=2, subject="新名", answers=told.answers, result={}, flow_hash="")
    (former,) = renamed(vet(), twice, now)
    assert (former.number, former.subject, former.answers["name"], former.at) == (1, "新名", "新名", early)
    assert renamed(vet(), twice, replace(now, subject="金灯")) == ()


def test_without_takes_the_history_and_the_conversations_along() -> None:
    """Nothing of a deleted agency is left with the owner."""
    both: list[Kept] = [record(1, TRAP), record(2, GOOD), record(3, TRAP)]
    talks = {
        1: Conversation(number=1, flow="vet", record=1),
        2: Conversation(number=2, flow="vet", record=2),
        3: Conversation(number=3, flow="assess", record=1),
    }
    whole = replace(owner(both), conversations=talks)
    left = without(whole, vet(), offers(vet(), whole)[0])
    assert [one.number for one in left.records] == [2]
    assert set(left.conversations) == {2, 3}


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_side_by_side_are_told_in_blocks_without_holes(language: str) -> None:
    """Every place of every text is filled, in each language."""
    told = [GOOD, TRAP, {**GOOD, "fee": None}, {**TRAP, "refund": "pro-rata"}, {"name": "x"}]
    comparison = Comparison(speaker(language), vet(), desk(*told))
    lines = [line.text for message in comparison.messages((), ()) for line in message.lines]
    assert all("{" not in line for line in lines)
    assert sum(line.startswith(f"{place}. ") for place in range(1, 6) for line in lines) == 10
