"""How many quarters in a row were bad, and what all of them cost, is said as it is."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dialogs.decide import Deduction
from dialogs.flow import Flow
from dialogs.fold import Position
from dialogs.speaking import Speaker
from dialogs.telling import Result
from tests.dialogs.loop.loop_desk import review, said, scene, stage, until

#: The day after each quarter of the contract.
DAYS = ("2026-06-02 11:00", "2026-09-02 11:00", "2026-12-02 11:00", "2027-03-02 11:00")

#: Far under the promise, at a loss of 115,000.
BAD = {
    "duties_missed": (), "sales": Decimal(250_000), "refunds": Decimal(0), "gross_margin": Decimal("0.3"),
    "promised_sales": Decimal(1_000_000), "service_fee": Decimal(100_000), "commission_paid": Decimal(10_000),
    "ad_spend": Decimal(80_000), "other_cost": Decimal(0), "incidents": None,
}  # fmt: skip

WORDS = {2: ("两", "two"), 3: ("三", "three"), 5: ("五", "five"), 12: ("十二", "twelve"), 14: ("14", "14")}


def flow() -> Flow:
    return stage().book.flows["review"]


def told(language: str, *quarters: dict[str, Any]) -> str:
    """The result of the last quarter in words."""
    previous: Deduction | None = None
    for answers in quarters[:-1]:
        previous = Deduction(flow(), answers, previous)
        previous.settle()
    position = Position(answers=quarters[-1], asked=flow().questions, pending=None)
    result = Result(Speaker(stage().book, language, date(2027, 3, 2)), flow(), position, previous)
    return "\n".join(line.text for message in result.messages(1, 1) for line in message.lines)


@pytest.mark.parametrize("bad", WORDS)
def test_bad_quarters_running_are_counted(bad: int) -> None:
    zh, en = WORDS[bad]
    here, there = told("zh-Hans", *[BAD] * bad), told("en", *[BAD] * bad)
    assert f"接连{zh}季都亏，又都没做到说好的六成" in here
    assert f"{en} quarters running" in there
    others = {one for number, one in WORDS.items() if number != bad}
    assert not any(re.search(f"连{other}季", here) or f"{name} quarters" in there for other, name in others)


def test_the_sums_so_far_come_with_it() -> None:
    here = told("zh-Hans", BAD, BAD, BAD)
    assert "复盘过的三季合起来：花了 57 万元，倒贴 34.5 万元" in here
    assert "到这一季为止一共花的：57 万元" in here
    unknown = {**BAD, "sales": None}
    assert "合起来" not in told("zh-Hans", unknown, BAD)
    assert "合起来" not in told("zh-Hans", BAD)


def test_a_good_quarter_in_between_begins_the_count_again() -> None:
    good = {**BAD, "sales": Decimal(2_000_000)}
    here = told("zh-Hans", BAD, BAD, good, BAD, BAD)
    assert "接连两季都亏" in here
    assert "复盘过的五季合起来" in here


def test_no_text_of_a_review_has_a_count_of_its_own() -> None:
    texts = [reason.says for rule in flow().rules for reason in rule.because]
    texts += [one.says for one in flow().passages] + [one.says for one in flow().verdicts.values()]
    english = r"(two|three|four|both) (such )?quarters|(second|third|fourth) (such )?quarter"
    fixed = re.compile(rf"[两三四五]季|第[二三四]季|{english}", re.IGNORECASE)
    assert not [text for one in texts for text in (one.zh_hans, one.en) if fixed.search(text)]


def test_a_long_series_is_worked_out() -> None:
    assert "接连400季" in told("zh-Hans", *[BAD] * 400)


def test_the_third_bad_quarter_in_a_talk() -> None:
    played = scene()
    for day in DAYS[:3]:
        until(played, day)
        review(played, "25万")
    assert "接连三季都亏" in said(played)
    assert "复盘过的三季合起来" in said(played)
