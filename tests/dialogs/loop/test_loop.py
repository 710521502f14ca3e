"""A contract, its quarters, its reminders and its end, played through the shipped dialogs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dialogs.documents import wish
from dialogs.documents.making import made
from dialogs.documents.page import Document
from dialogs.effects import SendMessage
from dialogs.flow import Option
from dialogs.kinds import words
from dialogs.loop import abouts, contracts, series
from dialogs.loop.abouts import About
from dialogs.owner import Kept
from dialogs.scripted.scene import Scene
from tests.dialogs.loop.loop_desk import (
    CONTRACT,
    at,
    days,
    fall_due,
    kept,
    labels,
    review,
    said,
    say,
    scene,
    stage,
    text,
    until,
)  # fmt: skip


def contract(played: Scene, number: int = 1) -> contracts.Contract:
    found = contracts.contract(played.owner, number)
    assert found is not None
    return found


def called(option: Option) -> frozenset[str]:
    return frozenset((*option.aliases, *(option.label.fill(language) for language in ("zh-Hans", "en"))))


def document(played: Scene, wished: str) -> Document:
    meant = wish.read(wished)
    assert meant is not None
    found = made(played.book, played.book.sources, played.owner, played.speaker, meant, played.at)
    assert found is not None
    return found


def test_about_reads_what_it_writes() -> None:
    for about in (About(contract=3), About(contract=3, period="2026Q1"), About(contract=12, since="2026-06-01")):
        assert abouts.read(about.text()) == about
    assert abouts.read("") is None
    assert abouts.read("contract:x") is None


def test_what_is_understood_of_an_offer_is_understood_of_its_contract() -> None:
    vet, signed = stage().book.flows["vet"], stage().book.flows["contract"]
    for slot in signed.by_slot.keys() & vet.by_slot.keys():
        known = {option.id: called(option) for option in signed.by_slot[slot].options}
        for option in vet.by_slot[slot].options:
            assert called(option) <= known[option.id]


def test_a_contract_is_a_record_and_has_dates() -> None:
    played = scene()
    (one,) = contracts.contracts(played.owner)
    assert (one.name, one.starts_on, one.term_months) == ("光明电商", date(2026, 3, 1), 12)
    say(played, "/remind")
    assert "2026-06-01（周一）10:00" in said(played)
    assert "合同 2027-02-28 到期" in said(played)


def test_the_oldest_quarter_that_is_over_is_reviewed_with_defaults() -> None:
    played = scene()
    until(played, "2026-09-02 11:00")
    say(played, "/review")
    assert "第 1 季（2026-03-01 到 2026-05-31）" in said(played)
    say(played, "都没有", "25万", "0", "30%")
    assert "照合同是 100 万元" in said(played)
    say(played, "不变")
    assert "照合同是 10 万元" in said(played)


def test_who_has_signed_already_is_vetted_by_the_terms_on_record() -> None:
    played = scene()
    played.press("照这份合同看看这一家")
    say(played, "/summary")
    vetted = kept(played, "vet")[-1]
    assert vetted.subject == "光明电商"
    assert vetted.result["verdict"] == "walk-away"
    assert (vetted.answers["fee"], vetted.answers["refund"], vetted.answers["clauses"]) == (
        "100000",
        "after-full-term",
        [],
    )
    say(played, "/contract 1")
    assert "照这份合同看看这一家" not in labels(played)
    until(played, "2026-06-02 11:00")
    review(played, "25万")
    assert "这份别签" in said(played)


def test_what_waits_comes_first_in_the_menu() -> None:
    played = scene("/exit 1", "到期走", "都没有", "都没有")
    until(played, "2026-06-02 11:00")
    say(played, "/menu")
    assert labels(played)[:2] == ["复盘：光明电商，第 1 季", "光明电商：接着勾"]
    played.press("复盘：光明电商，第 1 季")
    assert "第 1 季（2026-03-01 到 2026-05-31）" in said(played)
    until(played, "2026-12-31 11:00")
    say(played, "/menu")
    assert labels(played)[0] == "复盘：光明电商，第 2 季"


def test_the_contract_goes_before_the_quarter_and_that_before_a_guess() -> None:
    guess = Kept(
        kind="vet", number=1, subject="光明电商", answers={"gross_margin": "0.25"}, result={}, flow_hash="",
        at=at("2026-02-01 10:00"),
    )  # fmt: skip
    played = scene()
    played.owner = replace(played.owner, records=(*played.owner.records, guess))
    until(played, "2026-06-02 11:00")
    say(played, "/review", "都没有", "25万", "0")
    assert "上次您填的是 25%" in said(played)
    say(played, "30%", "不变", "不变", "1万")
    assert "照合同是 9 万元，一样就回" in said(played)
    say(played, "8万", "0", "没有")
    until(played, "2026-09-02 11:00")
    say(played, "/review", "都没有", "25万", "0")
    assert "上一季是 30%" in said(played)
    assert "25%" not in said(played)
    say(played, "30%", "不变", "不变", "1万")
    assert "照合同是 9 万元，一样就回" in said(played)
    assert "上一季是 8 万元。" in said(played)


def test_the_quarter_before_is_offered_and_read() -> None:
    played = scene()
    until(played, "2026-06-02 11:00")
    review(played, "25万")
    assert kept(played, "review")[-1].result["verdict"] == "fix"
    until(played, "2026-09-02 11:00")
    say(played, "/review", "都没有")
    assert "上一季是 25 万元" in said(played)
    say(played, "20万", "0", "30%", "不变", "不变", "1万", "9万", "0", "没有")
    second = kept(played, "review")[-1]
    assert second.result["verdict"] == "exit"
    assert [one["verdict"] for one in second.result["trend"]] == ["fix", "exit"]
    assert {"散伙清单", "写封信给他们"} <= set(labels(played))


def test_the_verdict_so_far_sees_the_quarter_before() -> None:
    played = scene()
    until(played, "2026-06-02 11:00")
    review(played, "25万")
    until(played, "2026-09-02 11:00")
    say(played, "/review", "都没有", "20万", "0", "30%", "不变", "不变", "1万", "9万", "0")
    assert "目前看：该走了" in said(played)


def test_a_quarter_that_was_left_out_breaks_the_run() -> None:
    played = scene()
    until(played, "2026-06-02 11:00")
    review(played, "25万")
    until(played, "2026-12-02 11:00")
    say(played, "/review 1 Q3", "都没有", "20万", "0", "30%", "不变", "不变", "1万", "9万", "0", "没有")
    assert kept(played, "review")[-1].result["verdict"] == "fix"


def test_several_quarters_in_order_whatever_their_number() -> None:
    periods = ["Q10", "2026Q4", "Q2", "2027Q1"]
    assert sorted(periods, key=series.ordinal) == ["Q2", "Q10", "2026Q4", "2027Q1"]


def test_a_review_goes_on_over_several_days() -> None:
    played = scene()
    until(played, "2026-06-02 11:00")
    say(played, "/review", "都没有", "稍后", "稍后", "30%")
    played.wait(days(3))
    say(played, "/review")
    assert "第 1 季" in said(played) or "接着来" in said(played)
    assert "这一季，对方说好卖到多少" in said(played)


def test_a_review_is_filled_in_any_order() -> None:
    played = scene()
    until(played, "2026-06-02 11:00")
    say(played, "/review", "都没有", "/answers")
    played.press(next(label for label in labels(played) if label.startswith("广告") or "广告费" in label))
    say(played, "9万")
    say(played, "/answers")
    assert any("还没填" in label for label in labels(played))
    played.press(next(label for label in labels(played) if "卖了多少" in label or label.startswith("销售")))
    say(played, "25万", "/summary")
    answers = kept(played, "review")[-1].answers
    assert (answers["ad_spend"], answers["sales"]) == ("90000", "250000")


def test_the_same_quarter_is_not_reviewed_twice() -> None:
    played = scene()
    until(played, "2026-06-02 11:00")
    review(played, "25万")
    say(played, "/review 1 Q1")
    assert "复盘过了" in said(played)
    assert len(kept(played, "review")) == 1


def test_new_terms_are_told_by_what_they_change() -> None:
    played = scene("/contract", "1", "/contract 1")
    until(played, "2026-06-10 10:00")
    say(played, "/contract 1")
    played.press("条件改了（补充协议）")
    say(played, "2026-07-15")
    played.press("填 2026-07-15 起的新条件")
    played.press(next(label for label in labels(played) if "每次收多少服务费" in label))
    say(played, "8万", "看结果")
    assert "10 万元/季度 → 8 万元/季度" in said(played)
    assert "头一笔交出去之前" not in said(played)
    say(played, "/review 1 Q2")
    assert "这一季里（2026-07-15 起）条件改过" in said(played)


def test_new_terms_count_from_their_day() -> None:
    played = scene("/contract", "1", "/contract 1")
    played.press("条件改了（补充协议）")
    say(played, "2026-06-01")
    played.press("填 2026-06-01 起的新条件")
    played.press(next(label for label in labels(played) if "每次收多少服务费" in label))
    say(played, "6万")
    one = contract(played)
    assert one.terms(date(2026, 5, 31))["fee"] == "100000"
    assert one.terms(date(2026, 6, 1))["fee"] == "60000"
    until(played, "2026-06-02 11:00")
    say(played, "/review", "都没有", "25万", "0", "30%", "不变")
    assert "照合同是 10 万元" in said(played)
    say(played, "/review 1 Q2", "都没有", "25万", "0", "30%", "不变")
    assert "照合同是 6 万元" in said(played)


def test_renewal_and_early_end_plan_anew() -> None:
    played = scene()
    calendar = stage().book.calendar
    say(played, "/contract 1")
    played.press("续签了")
    say(played, "12个月")
    assert calendar.ends_on(contract(played)) == date(2028, 2, 29)
    say(played, "/contract 1")
    played.press("提前结束")
    say(played, "2026-08-31")
    assert calendar.ends_on(contract(played)) == date(2026, 8, 31)
    assert {one.period for one in calendar.planned(played.owner, played.at)} == {"Q1", "Q2", "2026-08-31"}


def test_several_contracts_ask_which() -> None:
    played = scene("/contract new", *CONTRACT[:1], "大发代运营", *CONTRACT[2:])
    until(played, "2026-06-02 11:00")
    say(played, "/review")
    assert labels(played) == ["光明电商", "大发代运营"]
    played.press("大发代运营")
    assert "大发代运营，第 1 季" in said(played)


def test_what_was_advised_at_signing_is_kept_whole() -> None:
    played = Scene(stage(), "zh-Hans")
    say(played, "/vet", "光明电商", "400万", "看结果")
    advised = kept(played, "vet")[0]
    played.press("主菜单")
    say(played, "/agencies", "1")
    played.press("签了这家，记合同")
    say(played, "刚签", "2026-03-01", "对", *CONTRACT[3:])
    signed = kept(played, "contract")[0]
    assert signed.result["advised"]["answers"] == dict(advised.answers)
    assert signed.result["advised"]["result"] == dict(advised.result)
    until(played, "2026-06-02 11:00")
    review(played, "25万")
    messages = [one.message for _, turn in played.turns for one in turn.effects if isinstance(one, SendMessage)]
    told = text(messages)
    assert "签之前（2026-02-28）我说的是" in told


def test_exit_is_ticked_again_until_nothing_is_open() -> None:
    played = scene("/exit", "1", "到期走", "1 2", "都没有")
    first = kept(played, "exit")[0]
    assert first.result["figures"]["open_items"] == 11
    assert first.answers["ends_on"] == "2027-02-28"
    say(played, "/exit")
    played.press("光明电商：接着勾")
    assert "✓ 店铺主账号" in labels(played)
    say(played, "1 2 3 4 5 6 7 8 9 10 11 12 13")
    (again,) = kept(played, "exit")
    assert again.result["verdict"] == "clean"


def test_case_16_who_comes_back_is_offered_the_missed_review_once() -> None:
    played = scene()
    until(played, "2026-06-03 11:00")
    say(played, "/start")
    assert said(played).count("该复盘了：光明电商，第 1 季") == 1
    say(played, "/start")
    assert "该复盘了" not in said(played)


def test_case_33_a_late_reminder_names_what_was_missed() -> None:
    played = scene()
    until(played, "2026-12-02 11:00")
    told = fall_due(played)
    assert told.count("该复盘了") == 1
    assert "第 3 季" in told
    assert "还没复盘的还有：第 1 季、第 2 季" in told


def test_case_34_back_in_time_nothing_comes_twice() -> None:
    played = scene()
    until(played, "2026-06-01 10:00")
    assert "第 1 季" in fall_due(played)
    until(played, "2026-06-01 09:30")
    assert fall_due(played) == ""
    until(played, "2026-06-01 10:01")
    assert fall_due(played) == ""


@pytest.mark.parametrize("when", ["2026-06-01 22:00", "2026-06-06 10:00", "2026-06-19 10:00"])
def test_case_37_never_at_night_nor_on_a_day_off(when: str) -> None:
    played = scene()
    until(played, when)
    assert fall_due(played) == ""


def test_case_39_what_changed_meanwhile_is_looked_at_again() -> None:
    played = scene()
    until(played, "2026-06-01 10:00")
    say(played, "/remind mute 1")
    assert fall_due(played) == ""
    say(played, "/remind unmute 1", "/remind day 1 Q1 review 1")
    assert fall_due(played) == ""


def test_stop_without_a_dialog_shows_the_switches() -> None:
    played = scene("停止")
    assert "退订" in said(played)
    assert "别再提醒：光明电商" in labels(played)


def test_a_stop_word_stops_all_of_them() -> None:
    stop_words = ("退订", "別再提醒我", "唔好再提醒", "TD", "Stop reminders")
    assert {words.meant_command(word) for word in stop_words} == {"mute"}
    played = scene("/exit new", "早先的一家", "到期走", "2026-03-31", "都没有", "都没有", "/contract new", *CONTRACT)
    assert [one.subject for one in kept(played, "exit")] == ["早先的一家"]
    until(played, "2026-06-01 10:00")
    say(played, "/review", "退订")
    assert "以后都不提醒了" in said(played)
    assert "记一份合同" not in said(played)
    assert [fall_due(played, number) for number in (0, 1, 2)] == ["", "", ""]
    say(played, "恢复提醒")
    played.press("恢复提醒：没记合同的散伙清单")
    until(played, "2026-06-08 10:00")
    assert [bool(fall_due(played, number)) for number in (0, 1, 2)] == [True, False, False]


def test_a_snooze_puts_it_off_and_is_taken_once() -> None:
    played = scene()
    until(played, "2026-06-01 10:00")
    fall_due(played)
    played.press("一星期后")
    assert "2026-06-08 再提" in said(played)
    until(played, "2026-06-04 10:00")
    assert fall_due(played) == ""
    say(played, "/remind week 1 Q1 review 1")
    assert "已经推迟过" in said(played)
    until(played, "2026-06-08 10:00")
    assert "第 1 季" in fall_due(played)


def test_a_review_ends_its_reminders() -> None:
    played = scene()
    until(played, "2026-06-01 10:00")
    fall_due(played)
    review(played, "25万")
    until(played, "2026-06-04 10:00")
    assert fall_due(played) == ""


def test_case_37_dates_beyond_the_known_holidays_are_marked() -> None:
    played = scene("/remind")
    assert "2027 年怎么调休还没公布" in said(played)


def test_weeks_kept_free_hold_it_back() -> None:
    played = scene("/remind free six-eighteen")
    assert "✓ 618 前后不提醒" in labels(played)
    until(played, "2026-06-04 10:00")
    assert "第 1 季" in fall_due(played)
    until(played, "2026-06-09 10:00")
    assert fall_due(played) == ""


def test_days_of_his_own_hold_it_back_until_he_takes_them_back() -> None:
    played = scene("/remind 5月30日到6月7日")
    assert "2026-05-30 到 2026-06-07" in said(played)
    assert "2026-06-08（周一）10:00" in said(played)
    until(played, "2026-06-02 10:00")
    assert fall_due(played) == ""
    say(played, "/remind")
    played.press("✓ 2026-05-30 到 2026-06-07 这几天不提醒")
    assert "第 1 季" in fall_due(played)


def test_reminders_of_a_hand_over_until_it_is_done() -> None:
    played = scene("/exit", "1", "到期走", "都没有", "都没有")
    until(played, "2026-03-09 10:00")
    assert "交接还没完" in fall_due(played)
    until(played, "2026-03-16 10:00")
    assert "交接还没完" in fall_due(played)
    say(played, "/exit =exit-1", "1 2 3 4 5 6 7 8 9 10 11 12 13")
    until(played, "2026-03-23 10:00")
    assert fall_due(played) == ""


def test_the_monthly_checklist_is_off_and_feeds_the_review() -> None:
    played = scene()
    until(played, "2026-04-01 10:00")
    assert fall_due(played) == ""
    say(played, "/remind duties 1")
    assert "自家做到了吗" in fall_due(played)
    played.press("现在就勾")
    say(played, "断货", "没有")
    until(played, "2026-06-02 11:00")
    say(played, "/review")
    assert "断过货" in said(played)
    say(played, "不变", "25万", "0", "30%", "不变", "不变", "1万", "9万", "0", "没有")
    assert kept(played, "review")[-1].answers["duties_missed"] == ["stockout"]


def test_documents_of_a_contract() -> None:
    played = scene()
    until(played, "2026-06-02 11:00")
    review(played, "25万")
    drawn = document(played, "picture contract 1")
    assert drawn.name.endswith(".svg")
    assert "第 1 季" in drawn.content.decode()
    assert "光明电商" in drawn.content.decode()
    assert "先改，一季为限" in document(played, "table contract 1").content.decode()
    assert document(played, "calendar contract 1").content.startswith(b"BEGIN:VCALENDAR")
    assert "100 万元" in document(played, "letter-refund contract 1").html
    assert "不再续签" not in document(played, "letter-notice contract 1").html
    assert "店铺主账号" in document(played, "letter-handover contract 1").html


def test_a_review_is_printed_with_all_quarters_up_to_it() -> None:
    """Under the name of the agency, the picture inside: nothing is fetched for it, and no later quarter is in it."""
    played = scene()
    for day, sales in (("2026-06-02 11:00", "25万"), ("2026-09-02 11:00", "90万")):
        until(played, day)
        review(played, sales)
    first, second = (document(played, f"result review {one.number}") for one in kept(played, "review"))
    assert second.title == "光明电商，第 2 季（2026-06-01 到 2026-08-31）"
    assert second.html.count("<svg") == 1
    assert "http" not in second.html[second.html.index("<svg") : second.html.index("</svg>")]
    assert ">第 2 季<" in second.html
    assert ">第 1 季<" in second.html
    assert ">第 2 季<" not in first.html


def test_a_letter_does_not_name_who_drafted_it() -> None:
    """The agency reads it; what is for the owner alone comes on a page of its own."""
    told = document(scene(), "letter-notice contract 1").html
    letter = told[told.index("<main") :]
    letter = letter[: letter.index("new-page")]
    assert "致：光明电商" in letter
    assert "灯商参谋" not in letter
    assert "草稿" not in letter


def test_a_letter_stays_true_where_a_duty_was_missed() -> None:
    played = scene()
    until(played, "2026-06-02 11:00")
    review(played, "25万", missed="断货")
    told = document(played, "letter-refund contract 1").html
    assert "断过货" in told
    assert "均已照约履行" not in told


def test_deleting_a_contract_takes_all_of_it() -> None:
    played = scene()
    until(played, "2026-06-02 11:00")
    review(played, "25万")
    say(played, "/contract 1")
    played.press("删掉")
    played.press("是，删掉")
    assert contracts.contracts(played.owner) == ()
    assert kept(played, "review") == []
    assert stage().book.calendar.planned(played.owner, at("2026-06-02 11:00")) == []


def test_nothing_is_said_of_contracts_where_there_is_none() -> None:
    played = Scene(stage(), "en")
    say(played, "/remind", "/letter", "/exit")
    assert "Which agency are you leaving?" in said(played)


def test_a_contract_that_was_opened_and_not_begun_is_not_in_the_way_of_the_list() -> None:
    played = scene()
    say(played, "/contract new", "/contract")
    assert "光明电商：2026-03-01 到 2027-02-28" in labels(played)
    assert "接着填没填完的那份" not in labels(played)
    say(played, "/contract new", "刚签", "/contract")
    assert labels(played)[:2] == ["接着填没填完的那份", "光明电商：2026-03-01 到 2027-02-28"]
    played.press("接着填没填完的那份")
    assert "跟哪家代运营签的" in said(played)


def test_what_is_unknown_of_a_quarter_is_said_to_be() -> None:
    played = scene()
    until(played, "2026-06-02 11:00")
    review(played, "25万")
    until(played, "2026-09-02 11:00")
    say(played, "/review", "都没有", "25万", "0", "不知道", "/summary")
    assert "第 2 季：落下 不清楚" in said(played)
    assert "?" not in said(played)


def test_a_day_that_cannot_be_read_is_not_offered_as_somebody_elses() -> None:
    """The examples say how to write a day; none of them is the one that was meant."""
    played = Scene(stage(), "zh-Hans")
    say(played, "/contract", "刚签", "光明电商", "某一天", "某一天")
    assert "2026-02-20" in said(played)
    assert "2026-02-20" not in labels(played)
    assert "不确定" in labels(played)


def test_the_dates_come_after_what_they_follow_from_and_the_buttons_last() -> None:
    played = scene("/contract 1")
    played.press("条件改了（补充协议）")
    say(played, "2026-06-15")
    told = said(played)
    assert told.index("记 2026年6月15日") < told.index("我会在这些日子提醒您")
    assert [bool(message.buttons) for message in played.messages] == [False, True]
    assert labels(played)[0] == "填 2026-06-15 起的新条件"


def test_a_short_result_sends_nobody_up_for_the_rest() -> None:
    played = scene("/contract 1")
    played.press("条件改了（补充协议）")
    say(played, "2026-06-15")
    assert "往上翻" not in said(played)
    say(played, "/vet new", "星光", "/summary")
    assert "往上翻" in said(played)


def test_a_number_that_no_list_has_is_no_question_to_the_books() -> None:
    played = Scene(stage(), "zh-Hans")
    say(played, "/agencies", "９９")
    assert "没有编号 99。" in said(played)
    assert "看一家代运营" in labels(played)
