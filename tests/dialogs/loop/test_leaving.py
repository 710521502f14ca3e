"""The day of leaving is asked before it is written, with what each choice costs, and stands in every letter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dialogs.documents import wish
from dialogs.documents.making import made
from dialogs.events import CommandGiven
from dialogs.scripted.scene import Scene
from tests.dialogs.loop.loop_desk import kept, labels, said, say, scene, until

LETTERS = ("letter-notice", "letter-handover")


def october(**terms: Any) -> Scene:
    """A year's contract from March 2026, looked at in October; `terms` are those on record."""
    played = scene()
    records = tuple(
        replace(one, answers={**one.answers, **terms}) if one.kind == "contract" else one
        for one in played.owner.records
    )
    played.owner = replace(played.owner, records=records, conversations={}, focus=0)
    until(played, "2026-10-15 11:00")
    return played


def letter(played: Scene, sort: str) -> str:
    wished = wish.read(f"{sort} contract 1")
    assert wished is not None
    found = made(played.book, {}, played.owner, played.speaker, wished, played.at)
    assert found is not None
    return found.html


def test_leaving_early_asks_first_and_says_what_each_costs() -> None:
    played = october()
    say(played, "/exit 1")
    assert "到期走，还是现在走？" in said(played)
    # Seven months have run: three of four fees are paid, four and a half months of ads are to come.
    assert "到期走（2027-02-28）：往后还要交服务费 10 万元，您出的广告 15 万元" in said(played)
    assert "合同没写中途怎么退出" in said(played)
    assert "满期才退。现在走，多半就退不成" in said(played)
    assert "违约金" not in said(played)
    assert "押金" not in said(played)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"refund": "pro-rata"}, "分期按比例退，哪天走"), ({"refund": "none"}, "合同没写退"),
        ({"clauses": ["exit-conditions"]}, "照那一条通知"), ({"clauses": None}, "先翻合同“解除”“终止”"),
        ({"fee": None}, "合同里记的数不全"), ({"exit_penalty": "50000"}, "违约金：合同写的是 5 万元"),
        ({"deposit": "20000", "deposit_back": "not-back"}, "押金 2 万元：合同写了不退"),
        ({"deposit": "20000", "deposit_back": None}, "押金 2 万元：退不退"),
        ({"deposit": "20000", "deposit_back": "on-end"}, "押金 2 万元：到期走，合同写了退"),
    ],
)  # fmt: skip
def test_what_it_costs_follows_the_record(terms: dict[str, Any], words: str) -> None:
    played = october(**terms)
    say(played, "/exit 1")
    assert words in said(played)


def test_without_a_written_figure_no_refund_is_won_or_lost() -> None:
    played = october(guarantee="0")
    say(played, "/exit 1")
    assert "退款：" not in said(played)


@pytest.mark.parametrize(
    ("answers", "day"), [(("到期走",), "2027年2月28日"), (("现在走", "2026年10月31日"), "2026年10月31日")]
)
def test_the_chosen_day_stands_in_every_letter(answers: tuple[str, ...], day: str) -> None:
    played = october()
    say(played, "/exit 1", *answers, "都没有", "都没有")
    assert f"终止日：{day}" in said(played)
    assert {"解除合同的通知", "交接函和签收单"} <= set(labels(played))
    other = {"2027年2月28日", "2026年10月31日"} - {day}
    for sort in LETTERS:
        told = letter(played, sort)
        assert day in told
        assert not [one for one in other if one in told]


def test_while_it_is_open_a_letter_asks_and_an_old_button_leaves_a_gap() -> None:
    played = october()
    for sort in LETTERS:
        assert "2027年2月28日" not in letter(played, sort)
    say(played, "/letter")
    assert "点了先问您" in said(played)
    played.press("解除合同的通知")
    assert "到期走，还是现在走？" in said(played)
    say(played, "现在走", "今天", "/summary")
    say(played, "/letter")
    assert "点了先问您" not in said(played)
    assert "2026年10月15日" in letter(played, "letter-notice")


def test_a_list_kept_before_the_day_was_asked_is_asked_and_keeps_its_ticks() -> None:
    played = october()
    say(played, "/exit 1", "到期走", "1 2", "都没有")
    older = tuple(
        replace(one, answers={slot: value for slot, value in one.answers.items() if slot != "leave"})
        if one.kind == "exit" else one
        for one in played.owner.records
    )  # fmt: skip
    played.owner = replace(played.owner, records=older, conversations={}, focus=0)
    assert "2027年2月28日" not in letter(played, "letter-handover")
    say(played, "/exit 1")
    assert "到期走，还是现在走？" in said(played)
    say(played, "到期走")
    assert "还有 11 样" in said(played)
    (listed,) = kept(played, "exit")
    assert listed.answers["done"] == ["shop-accounts", "passwords"]
    assert "2027年2月28日" in letter(played, "letter-handover")
    say(played, "/exit 1")
    assert "✓ 店铺主账号" in labels(played)


def test_the_choice_can_be_made_again() -> None:
    played = october()
    say(played, "/exit 1", "到期走", "1 2", "都没有")
    event = CommandGiven(id="d", at=played.at, channel="talk", chat="owner", name="exit", argument="1 day")
    played.happen(event)
    say(played, "现在走", "2026-10-31")
    assert "终止日：2026年10月31日（现在走）" in said(played)
    assert kept(played, "exit")[0].answers["done"] == ["shop-accounts", "passwords"]


def test_a_day_that_is_on_record_is_not_asked() -> None:
    played = october()
    say(played, "/contract 1")
    played.press("提前结束")
    say(played, "2026年11月30日")
    played.press("散伙清单")
    assert "哪几样已经办妥" in said(played)
    assert "2026年11月30日" in letter(played, "letter-notice")


def test_a_term_that_is_over_is_not_asked() -> None:
    played = october()
    until(played, "2027-03-10 11:00")
    say(played, "/exit 1")
    assert "哪几样已经办妥" in said(played)
