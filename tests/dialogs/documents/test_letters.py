"""Every letter over generated records: each sum, share and day is one that the record bears, or is marked as spoken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.documents.making import made
from dialogs.documents.wish import Sort, Wish
from dialogs.kinds.date import said_day
from dialogs.loop import contracts
from dialogs.owner import Kept, Owner
from dialogs.speaking import Speaker
from tests.dialogs.loop.loop_desk import stage

TODAY = date(2026, 12, 7)
AT = datetime(2026, 12, 7, 10, tzinfo=UTC)
LETTERS: tuple[Sort, ...] = ("letter-refund", "letter-notice", "letter-handover")
#: Sums of each sort have last digits of their own, so that none is taken for another.
WRITTEN = (None, 0, 1_200_004, 2_400_008, 800_000)
SPOKEN = (None, 0, 1_500_016, 3_000_032, 1_200_004)
QUARTERS_SAID = (None, 0, 375_004, 300_001, 750_008, 111_111)
NET = (None, 90_017, 200_033, 300_001, 910_049)
FEES = (None, 100_003, 60_007)
REFUNDS = (None, "none", "pro-rata", "after-full-term")
SPANS = ("contract", "calendar")
STARTS = (date(2025, 11, 30), date(2026, 1, 1), date(2026, 2, 10), date(2026, 3, 1))

_SUM = re.compile(r"[\d,]+(?:\.\d+)?(?: ?[万亿])? ?(?:元|yuan)")
_SHARE = re.compile(r"-?[\d,]+(?:\.\d+)?%")
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2} [A-Z][a-z]+ \d{4}|\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was put into the records: the terms signed, those of a supplement, and what each quarter came to."""

    terms: dict[str, Any]
    since: date | None
    later: dict[str, Any]
    quarters: tuple[dict[str, Any], ...]
    leave: str | None
    ended_on: date | None


terms = st.fixed_dictionaries({
    "guarantee": st.sampled_from(WRITTEN), "promised_sales": st.sampled_from(SPOKEN),
    "refund": st.sampled_from(REFUNDS), "quarters": st.sampled_from(SPANS), "starts_on": st.sampled_from(STARTS),
    "term_months": st.sampled_from((None, 8, 12, 24)), "signed_on": st.sampled_from((None, date(2025, 11, 20))),
})  # fmt: skip
quarters = st.fixed_dictionaries({
    "sales": st.sampled_from(NET), "promised_sales": st.sampled_from(QUARTERS_SAID),
    "service_fee": st.sampled_from(FEES), "ad_spend": st.sampled_from((None, 50_021)),
    "gross_margin": st.sampled_from((None, "0.3")), "duties_missed": st.sampled_from((None, [], ["stockout"])),
})  # fmt: skip
records = st.builds(
    Told, terms=terms, since=st.sampled_from((None, date(2026, 5, 14), date(2026, 6, 1))), later=terms,
    quarters=st.lists(quarters, max_size=4).map(tuple), leave=st.sampled_from((None, "at-end", "now")),
    ended_on=st.sampled_from((None, None, date(2026, 12, 31))),
)  # fmt: skip


def plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else value


def record(kind: str, number: int, answers: dict[str, Any], about: str = "") -> Kept:
    kept = {slot: plain(value) for slot, value in answers.items()}
    result = {"about": about} if about else {}
    return Kept(kind=kind, number=number, subject="光明电商", answers=kept, result=result, flow_hash="", at=AT)


def owner(told: Told) -> Owner:
    signed = {"agency": "光明电商", "fee": "100000", "fee_period": "quarter", **told.terms}
    found = [record("contract", 1, signed)]
    if told.since is not None:
        fixed = {name: told.terms[name] for name in ("starts_on", "term_months", "quarters", "signed_on")}
        found.append(record("contract", 2, {**signed, **told.later, **fixed}, f"terms:1:{told.since.isoformat()}"))
    if told.ended_on is not None:
        found.append(record("change", 1, {"what": "ended", "ended_on": told.ended_on}, "contract:1"))
    for place, (period, quarter) in enumerate(zip(periods(told), told.quarters, strict=False), 1):
        answers = {"refunds": 0, "commission_paid": 0, "other_cost": 0, **quarter}
        found.append(record("review", place, answers, f"contract:1:{period}"))
    if told.leave is not None:
        listed = {"agency": "光明电商", "leave": told.leave, "leaves_on": date(2026, 12, 20), "done": [], "waived": []}
        found.append(record("exit", 1, listed, "contract:1"))
    return Owner(channel="talk", chat="owner", records=tuple(found))


def periods(told: Told) -> list[str]:
    if told.terms["quarters"] == "contract":
        return ["Q1", "Q2", "Q3", "Q4"]
    return ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]


def letter(told: Told, sort: Sort, language: str) -> list[str]:
    """The paragraphs that the agency reads."""
    speaker = Speaker(stage().book, language, TODAY)
    wish = Wish(sort=sort, kind="contract", numbers=(1,))
    document = made(stage().book, {}, owner(told), speaker, wish, AT)
    assert document is not None
    body = document.html[document.html.index("<main") :]
    # Room to fill in is kept from being cut by spaces of its own.
    body = body[: body.index('<section class="quiet')].replace("\xa0\xa0", "　")
    texts = re.split(r"</?(?:p|div|section|td|tr|br)[^>]*>", body)
    return [text for part in texts if (text := unescape(re.sub(r"<[^>]+>", "", part)).strip())]


def in_force(told: Told, first: date) -> dict[str, Any]:
    return told.later if told.since is not None and told.since <= first else told.terms


def borne(told: Told) -> tuple[set[Fraction], set[Fraction]]:
    """The sums and shares that the record bears in writing: those of the contract, the shop and the bills."""
    sums: set[Fraction] = set()
    shares: set[Fraction] = set()
    nets, parts, losses = [Fraction(0)], [Fraction(0)], [Fraction(0)]
    for terms_ in (told.terms, *([told.later] if told.since else [])):
        for guarantee in {terms_["guarantee"]} - {None, 0}:
            part = Fraction(guarantee, 4)
            sums |= {Fraction(guarantee), part}
            for quarter in told.quarters:
                if quarter["sales"] is not None:
                    shares.add(quarter["sales"] / part)
                    if quarter["service_fee"] is not None:
                        sums.add(quarter["service_fee"] * (1 - quarter["sales"] / part))
    for quarter in told.quarters:
        sums |= {Fraction(quarter[name]) for name in ("sales", "service_fee", "ad_spend") if quarter[name] is not None}
    # The notice adds up the quarters that it goes by.
    own = {Fraction(one["guarantee"], 4) for one in (told.terms, told.later) if one["guarantee"]}
    for quarter in told.quarters:
        known = None not in (quarter["sales"], quarter["service_fee"], quarter["ad_spend"], quarter["gross_margin"])
        if known:
            lost = quarter["service_fee"] + quarter["ad_spend"] - quarter["sales"] * Fraction("0.3")
            nets += [net + quarter["sales"] for net in nets]
            losses += [loss + lost for loss in losses]
            parts += [part + one for part in list(parts) for one in own]
    sums |= {*nets, *losses, *parts}
    shares |= {net / part for net in nets for part in parts if part}
    return sums, shares


def said(amounts: set[Fraction], unit: str, language: str) -> set[str]:
    speaker = Speaker(stage().book, language, TODAY)
    return {speaker.figure(amount, unit).replace("负 ", "").replace("minus ", "") for amount in amounts}


def is_spoken(paragraph: str) -> bool:
    return "谁说的" in paragraph or "by whom" in paragraph


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("sort", LETTERS)
@given(told=records)
def test_every_sum_share_and_day_is_on_record(sort: Sort, language: str, told: Told) -> None:
    paragraphs = letter(told, sort, language)
    assert len(paragraphs) > 5
    sums, shares = borne(told)
    allowed = said(sums, "money", language) | said(shares, "percent", language)
    for paragraph in paragraphs:
        if not is_spoken(paragraph):
            found = {*_SUM.findall(paragraph), *_SHARE.findall(paragraph)}
            assert found <= allowed, (found - allowed, paragraph)
    days = {said_day(day, language) for day in known_days(told)}
    found = set(_DAY.findall("\n".join(paragraphs)))
    assert found <= days, found - days


def known_days(told: Told) -> set[date]:
    """Days on record, those that follow from it by the calendar, today, and the day to answer by."""
    calendar, person = stage().book.calendar, owner(told)
    (contract,) = contracts.contracts(person)
    found = {TODAY, TODAY + timedelta(days=10), told.terms["starts_on"], told.terms["signed_on"], told.since}
    for period in periods(told):
        quarter = calendar.quarter(contract, period)
        found |= {quarter.starts_on, quarter.ends_on} if quarter else set()
    if told.ended_on is not None:
        found.add(told.ended_on)
    elif told.leave == "now":
        found.add(date(2026, 12, 20))
    elif told.leave == "at-end":
        found.add(calendar.ends_on(contract))
    return {day for day in found if day is not None}


@given(told=records)
def test_a_refund_is_claimed_by_the_contract_only(told: Told) -> None:
    text = "\n".join(letter(told, "letter-refund", "zh-Hans"))
    guarantees = {one["guarantee"] for one in (told.terms, *([told.later] if told.since else []))}
    if guarantees == {0}:
        assert "贵司承诺" not in text
        assert "退还" not in text
        assert "第五百六十三条" not in text
    if guarantees <= {0, None}:
        assert not re.search(r"退还? ?[\d,.]+ ?万?元", text)


def quarter(**changed: Any) -> dict[str, Any]:
    return {
        "sales": 240_000, "promised_sales": 375_000, "service_fee": 100_000, "ad_spend": 50_000, "gross_margin": "0.3",
        "duties_missed": [], **changed,
    }  # fmt: skip


def case(*quarters_: dict[str, Any], leave: str | None = None, since: date | None = None, **changed: Any) -> Told:
    signed: dict[str, Any] = {
        "guarantee": 1_200_000, "promised_sales": 1_500_000, "refund": "pro-rata", "quarters": "contract",
        "starts_on": date(2026, 3, 1), "term_months": 12, "signed_on": date(2026, 2, 20), **changed,
    }  # fmt: skip
    later = {**signed, "guarantee": 800_000}
    return Told(terms=signed, since=since, later=later, quarters=quarters_, leave=leave, ended_on=None)


def refund(*quarters_: dict[str, Any], **changed: Any) -> str:
    return "\n".join(letter(case(*quarters_, **changed), "letter-refund", "zh-Hans"))


def test_the_written_sum_is_claimed_and_the_spoken_one_stands_apart() -> None:
    told = refund(quarter())
    assert "贵司承诺全年销售额 120 万元，本季为其四分之一，即 30 万元。依据：合同。" in told
    assert "合同之外，贵司说过该期能卖到 37.5 万元（哪天、在哪里、谁说的：【　】）。这个数没有写进合同" in told
    assert "为合同所写的 80%" in told
    # A fifth of the fee, not the third that 37.5 would give.
    assert "退还 2 万元" in told


def test_nothing_in_writing_claims_no_sum() -> None:
    told = refund(quarter(), guarantee=0)
    assert "没有写进合同，我方不据此计算退款" in told
    assert "退还" not in told
    assert "关于服务费和后续合作的函" in told


def test_nothing_promised_at_all() -> None:
    told = refund(quarter(promised_sales=0), guarantee=0, promised_sales=0)
    assert "合同没有写明销售额" in told
    assert "谁说的" not in told


def test_what_the_contract_says_is_not_known() -> None:
    told = refund(quarter(), guarantee=None)
    assert "贵司承诺该期销售额【　】" in told
    assert "是否写进合同有待核对" in told
    assert "退还 【　】" in told


@pytest.mark.parametrize(
    ("sort", "words"),
    [("after-full-term", "合同约定满期才结算退款"), ("none", "合同没有约定退款"), (None, "合同第【　】条写的是【　】")],
)
def test_each_sort_of_refund_is_told_as_it_is(sort: str | None, words: str) -> None:
    assert words in refund(quarter(), refund=sort)


def test_a_supplement_counts_from_its_day() -> None:
    told = refund(quarter(), quarter(), since=date(2026, 6, 1))
    assert (
        "贵司承诺全年销售额 80 万元，本季为其四分之一，即 20 万元。依据：合同及 2026年6月1日起的补充协议。" not in told
    )
    later = refund(quarter(sales=400_000), quarter(sales=150_000), since=date(2026, 6, 1))
    assert "即 20 万元。依据：合同及 2026年6月1日起的补充协议。" in later
    # In the midst of the quarter no plain fourth holds.
    midst = refund(quarter(sales=400_000), quarter(sales=150_000), since=date(2026, 7, 1))
    assert "为【　】" in midst
    assert "退还 【　】" in midst


def test_a_quarter_that_is_none_has_no_fourth() -> None:
    told = refund(quarter(), quarters="calendar", starts_on=date(2026, 2, 10))
    assert "该期应达到的数按合同折算为【　】" in told


def test_what_was_reached_asks_for_no_refund() -> None:
    told = refund(quarter(sales=320_000))
    assert "退还" not in told
    assert "为合同所写的 106.67%" in told


def test_the_money_is_not_said_to_be_paid() -> None:
    """Reviews count a fee that is not paid yet, too."""
    assert "已付" not in refund(quarter())


def notice(*quarters_: dict[str, Any], **changed: Any) -> str:
    return "\n".join(letter(case(*quarters_, **changed), "letter-notice", "zh-Hans"))


def test_the_day_of_leaving_is_the_chosen_one() -> None:
    assert "合同于 2026年12月20日（" in notice(quarter(), leave="now")
    assert "合同将于 2027年2月28日期满" in notice(quarter(), leave="at-end")
    open_ = notice(quarter())
    assert "合同于 【　】（" in open_
    assert "2027年2月28日" not in open_


def test_a_notice_without_a_written_promise_has_no_ground_in_it() -> None:
    told = notice(quarter(), leave="now", guarantee=0)
    assert "未达到约定" not in told
    assert "第五百六十三条" not in told
    assert "一、依合同第【　】条" in told


def test_paragraphs_are_numbered_as_they_come() -> None:
    for told in (
        notice(leave="at-end"),
        notice(quarter(), leave="now"),
        refund(quarter()),
        refund(quarter(), guarantee=0),
    ):
        numbers = re.findall(r"^([一二三四五六七八])、", told, re.MULTILINE)
        assert "".join(numbers) == "一二三四五六七八"[: len(numbers)]


def test_a_name_that_is_none_leaves_a_gap() -> None:
    person = owner(case(quarter()))
    nameless = tuple(
        Kept(
            kind=one.kind, number=one.number, subject="?", answers={**one.answers, "agency": "?"}, result=one.result,
            flow_hash="", at=AT,
        )
        for one in person.records
    )  # fmt: skip
    speaker = Speaker(stage().book, "zh-Hans", TODAY)
    wish = Wish(sort="letter-refund", kind="contract", numbers=(1,))
    document = made(stage().book, {}, Owner(channel="talk", chat="owner", records=nameless), speaker, wish, AT)
    assert document is not None
    assert "致：【　】" in document.html.replace("\xa0\xa0", "　")
