"""Leaving: what is neither done nor waived is open. And what a contract that runs already still costs."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hypothesis import given

from tests.laws import cases
from tests.laws.cases import Answers

ITEMS = 13


@given(cases.SEEDS)
def test_what_is_not_known_to_be_settled_is_open(seed: int) -> None:
    """An item counts once, done and waived together; a list that is not sure settles nothing."""

    def broken(answers: Answers) -> str | None:
        settled = (answers["done"] or frozenset()) | (answers["waived"] or frozenset())
        result = cases.run("exit", answers)
        expected = ITEMS - len(settled)
        right = result["figures"]["open_items"] == expected and (result["verdict"] == "clean") == (expected == 0)
        return None if right else f"{result['verdict']}, {result['figures']}"

    random = Random(seed)
    every = frozenset(option.id for option in cases.flow("exit").by_slot["done"].options)
    settled: Answers = {"agency": "A", "ends_on": None, "done": every, "waived": frozenset[str]()}
    tried = [
        {**settled, slot: cases.random_value(cases.flow("exit").by_slot[slot], random)} for slot in ("done", "waived")
    ]
    cases.hold("exit", iter([settled, *tried, {**tried[0], "waived": None}, {**tried[1], "done": None}]), broken)


#: The known trap, five months on: 100,000 a quarter, ads of 30,000 a month apart, refund after four quarters.
TRAPPED: Answers = {
    "agency": "A", "situation": "running", "months_run": Fraction(5), "term_months": Fraction(12),
    "fee": Fraction(100_000), "fee_period": "quarter", "ad_payer": "merchant", "ad_budget": Fraction(30_000),
    "guarantee": Fraction(4_000_000), "refund": "after-full-term",
}  # fmt: skip


def test_going_on_is_set_against_stopping() -> None:
    """What has gone, one more quarter, and the rest of the term, in fees that fall due and ads."""
    found = cases.deduced("contract", TRAPPED)
    assert found["trap"] is True
    assert (found["gone"], found["next_quarter"], found["left_cost"]) == (350_000, 190_000, 410_000)


def test_one_more_quarter_ends_with_the_term() -> None:
    """Nothing is due beyond it, and a one-off fee is due no more."""
    nearly = {**TRAPPED, "months_run": Fraction(11)}
    assert cases.deduced("contract", nearly)["next_quarter"] == 30_000
    over = cases.deduced("contract", {**TRAPPED, "months_run": Fraction(14)})
    assert (over["next_quarter"], over["left_cost"], over["goes_on"]) == (0, 0, False)
    assert cases.deduced("contract", {**TRAPPED, "fee_period": "one-off"})["left_cost"] == 210_000


def test_a_contract_just_signed_has_run_for_no_time() -> None:
    """Its months are not asked for; nothing has gone yet."""
    signed = cases.deduced("contract", {**TRAPPED, "situation": "signing"})
    assert (signed["months_run"], signed["gone"]) == (None, 0)
