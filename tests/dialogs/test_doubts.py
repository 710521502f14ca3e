"""What was said is kept only where it can have been meant: doubts, words of other questions, names, echoes."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

import knowledge
from bot.book import build
from dialogs.compile import SHIPPED
from dialogs.headless import Headless
from dialogs.quiet_hours import QUIET
from dialogs.scripted.scene import Scene, Stage
from dialogs.wording import LANGUAGES

RUNNING = ("/contract", "已经签了", "星光", "3个月")


@cache
def stage() -> Stage:
    book, table = build(SHIPPED, Path(knowledge.__path__[0]), "terminal")
    return Stage(book=book, folder=SHIPPED, named=table.named)


def played(*texts: str, language: str = "zh-Hans") -> Scene:
    scene = Scene(stage(), language)
    for text in texts:
        scene.type(text)
    return scene


def asked(flow: str, slot: str, language: str = "zh-Hans") -> Scene:
    """The one question, with all before it left open."""
    scene = played(f"/{flow}", language=language)
    later = scene.speaker.phrase("act-later")
    for _ in scene.book.flows[flow].questions:
        talked = scene.owner.conversations[scene.owner.focus]
        if talked.shown == slot:
            return scene
        scene.press(later)
    raise AssertionError(f"{flow}.{slot} is not asked")


def kept(scene: Scene, slot: str) -> object:
    """What is kept of the slot now; None where nothing is."""
    answers = scene.owner.conversations[scene.owner.focus].answers
    return next((one.value for one in reversed(answers) if (one.slot, one.how) == (slot, "given")), None)


def told(scene: Scene) -> str:
    return "\n".join(line.text for message in scene.messages for line in message.lines)


@pytest.mark.parametrize(
    "hour", ["22:00", "21:00", "08:00", "06:00", "02:30", "晚上零点", "半夜12点", "夜里十点", "夜里两点"]
)
def test_an_hour_of_the_night_is_never_kept(hour: str) -> None:
    """The first hour after it is offered, and taken by a yes; the echo says the hour at which it will be."""
    scene = asked("contract", "remind_at")
    scene.type(hour)
    assert "夜里 9 点到早上 9 点不打扰，改在 09:00，可以吗？" in told(scene)
    assert kept(scene, "remind_at") is None
    scene.type(hour)
    assert kept(scene, "remind_at") is None
    scene.press("可以")
    assert kept(scene, "remind_at") == f"{QUIET.ends:%H:%M}"
    assert "提醒时间记 09:00。" in told(scene)


def test_another_hour_may_be_given_instead() -> None:
    scene = asked("contract", "remind_at", "en")
    scene.type("10 pm")
    scene.press("Another hour")
    scene.type("4 pm")
    assert kept(scene, "remind_at") == "16:00"


def test_a_bare_hour_is_asked_and_a_yes_takes_the_afternoon() -> None:
    scene = asked("contract", "remind_at")
    scene.type("三点")
    assert ("是下午 3 点吗？" in told(scene), kept(scene, "remind_at")) == (True, None)
    scene.type("是")
    assert kept(scene, "remind_at") == "15:00"


# It is the second of March 2026.
@pytest.mark.parametrize(
    ("day", "offered"),
    [("2016年1月1日", "2026-01-01"), ("2030-01-01", "2026-01-01"), ("后天", "2026-03-04"), ("明天", "2026-03-03")],
)
def test_a_day_of_signing_that_cannot_be_is_asked(day: str, offered: str) -> None:
    scene = played("/contract", "已经签了", "星光", "1个月", day)
    assert kept(scene, "signed_on") is None
    scene.type("是")
    assert kept(scene, "signed_on") == offered


def test_who_stands_by_an_answer_is_asked_once() -> None:
    scene = played("/contract", "已经签了", "星光", "1个月", "2016年1月1日", "不是", "2016年1月1日")
    assert kept(scene, "signed_on") == "2016-01-01"


@pytest.mark.parametrize(
    ("said", "day"), [("周五", "2026-02-27"), ("13号", "2026-02-13"), ("年底", "2025-12-31"), ("3月1日", "2026-03-01"),
                      ("12月20日", "2025-12-20"), ("上周三", "2026-02-25")],
)  # fmt: skip
def test_a_day_that_lies_behind_is_the_last_such_day(said: str, day: str) -> None:
    assert kept(played("/contract", "刚签", "星光", said), "signed_on") == day


def test_a_last_day_is_the_next_such_day() -> None:
    assert kept(played("/exit", "星光", "到期走", "周五"), "ends_on") == "2026-03-06"


def test_a_start_long_before_the_signing_is_asked() -> None:
    scene = played(*RUNNING, "2025-12-01", "2015-12-01")
    assert (kept(scene, "starts_on"), "2025年12月1日 吗？" in told(scene)) == (None, True)
    scene.press("对，2025年12月1日")
    assert kept(scene, "starts_on") == "2025-12-01"


def test_a_contract_that_is_over_by_its_dates_is_said_to_have_no_reminders() -> None:
    scene = played(*RUNNING, "2024-01-01", "2024-01-01", "2024-01-01", "是", "12个月", "/summary")
    assert "往后不会再提醒您" in told(scene)
    assert "往后不会再提醒您" not in told(played(*RUNNING, "2025-12-01", "2025-12-01", "12个月", "/summary"))


@pytest.mark.parametrize(
    ("flow", "slot", "said", "yes"),
    [
        ("vet", "gross_margin", "0", "0"), ("vet", "gross_margin", "95%", "0.95"), ("vet", "fee", "8", "80000"),
        ("assess", "gross_margin", "没有", "0"), ("contract", "promised_sales", "17000", "17000"),
        ("assess", "monthly_budget", "5", "50000"), ("vet", "term_months", "120", "120"),
        ("vet", "commission", "60%", "0.6"), ("contract", "fee", "10元", "100000"),
    ],
)  # fmt: skip
def test_an_amount_that_is_hardly_meant_is_asked(flow: str, slot: str, said: str, yes: str) -> None:
    scene = asked(flow, slot)
    scene.type(said)
    assert kept(scene, slot) is None
    scene.type("对")
    assert kept(scene, slot) == yes


def test_a_promise_far_below_the_sales_is_asked() -> None:
    scene = asked("review", "sales")
    scene.type("100万")
    while scene.owner.conversations[scene.owner.focus].shown != "promised_sales":
        scene.press("稍后")
    scene.type("17000")
    assert (kept(scene, "promised_sales"), "少打了" in told(scene)) == (None, True)


def test_cases_without_a_person_are_never_doubted() -> None:
    book = stage().book
    case = Headless(book, book.flows["vet"], "zh-Hans", date(2026, 3, 2)).case(
        '{"answers": {"fee": "8", "gross_margin": 0}}'
    )
    assert case is not None
    assert (case.position.answers["fee"], case.position.answers["gross_margin"]) == (8, 0)


@pytest.mark.parametrize(
    ("flow", "slot", "said", "named"),
    [
        ("vet", "gross_margin", "没有提成", "提成"), ("vet", "gross_margin", "没退货", ""),
        ("vet", "fee", "保证300万", "保证销售额"),
        ("vet", "ad_budget", "卖50万", "保证销售额"), ("contract", "commission", "没有服务费", "服务费"),
        ("review", "gross_margin", "没有退货", "退款额"), ("vet", "staff", "两年", ""),
        ("vet", "client_years", "60人", ""),
        ("vet", "term_months", "三月", ""), ("contract", "months_run", "12月", ""),
    ],
)  # fmt: skip
def test_a_word_of_another_question_is_asked_back(flow: str, slot: str, said: str, named: str) -> None:
    """The question that it belongs to is named."""
    scene = asked(flow, slot)
    scene.type(said)
    assert kept(scene, slot) is None
    assert named in told(scene)


@pytest.mark.parametrize(
    ("flow", "slot", "said", "value"),
    [
        ("vet", "commission", "没有提成", "0"), ("vet", "guarantee", "保证300万", "3000000"),
        ("vet", "staff", "60人", "60"),
        ("vet", "client_years", "两年", "2"), ("vet", "guarantee", "没有保证", "0"), ("vet", "fee", "10万一年", None),
    ],
)  # fmt: skip
def test_its_own_words_are_understood(flow: str, slot: str, said: str, value: str | None) -> None:
    scene = asked(flow, slot)
    scene.type(said)
    assert value is None or kept(scene, slot) == value


@pytest.mark.parametrize(
    ("flow", "slot", "said"),
    [("assess", "team", "就我一个人"), ("assess", "team", "十几个人"), ("vet", "proof", "没看"),
     ("vet", "proof", "看过"), ("vet", "proof", "看了"), ("vet", "proof", "看过案例"),
     ("assess", "motives", "都有"), ("vet", "fee_period", "every 2 months")],
)  # fmt: skip
def test_a_wrong_option_is_not_taken(flow: str, slot: str, said: str) -> None:
    scene = asked(flow, slot)
    scene.type(said)
    assert kept(scene, slot) is None


@pytest.mark.parametrize(
    ("said", "option"),
    [("看过后台", "verifiable"), ("登后台看过", "verifiable"), ("能登后台", "verifiable"), ("给看了ppt", "shown-only")],
)
def test_a_plain_word_on_the_cases_is_taken(said: str, option: str) -> None:
    scene = asked("vet", "proof")
    scene.type(said)
    assert kept(scene, "proof") == option


@pytest.mark.parametrize(
    "said",
    [
        "怎么收费？",
        "你好",
        "怎么退款",
        "10万",
        "👍",
        "13800000000",
        "我不想说",
        "1️⃣",
        "。。。",
        "不知道",
        "好",
        "没有",
        "30%",
        "谢谢",
    ],
)
def test_what_is_no_name_is_not_kept_as_one(said: str) -> None:
    assert kept(played("/vet", said), "name") is None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("叫某某电商", "某某电商"), ("是某某", "某某"), ("他们叫星光", "星光"),
        ("it's called Bright Shop", "Bright Shop"),
        ("called Bright Shop", "Bright Shop"), ("好想来", "好想来"), ("无印良品", "无印良品"), ("星光电商", "星光电商"),
    ],
)  # fmt: skip
def test_a_name_is_kept_without_what_is_said_around_it(said: str, name: str) -> None:
    assert kept(played("/vet", said), "name") == name


@pytest.mark.parametrize("name", ["怎么卖电商有限公司", "1688", "我爱我家", "那么家居科技"])
def test_an_odd_name_is_asked_at_most(name: str) -> None:
    scene = played("/vet", name)
    if kept(scene, "name") is None:
        scene.press("是")
    assert kept(scene, "name") == name


def test_a_name_that_is_none_is_asked_for_again() -> None:
    scene = played("/vet", "我不想说")
    scene.press("不是")
    assert kept(scene, "name") is None
    scene.type("星光")
    assert kept(scene, "name") == "星光"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_echo_names_its_thing(language: str) -> None:
    """Every question that ships has a title, so none is echoed by its whole question."""
    scene = Scene(stage(), language)
    for flow in stage().book.flows.values():
        for question in flow.questions:
            assert question.title is not None, (flow.id, question.id)
            assert question.title.in_language(language) in scene.speaker.echo(question, "1")


def test_an_echo_is_short_and_says_what_was_kept() -> None:
    scene = asked("vet", "gross_margin")
    scene.type("三成")
    assert "毛利记 30%。" in told(scene)
