"""Free texts in a conversation: questions to the books, small talk, and the gaps that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest

import knowledge
from bot.book import build
from bot.command_table import CommandTable
from dialogs.compile import SHIPPED, Book
from dialogs.effects import Effect, LogUnanswered, RateEntry, SendMessage
from dialogs.events import ButtonPressed
from dialogs.free_text.gaps import LONGEST, shortened
from dialogs.free_text.small_talk import asks, remark
from dialogs.message import Message
from dialogs.scripted.scene import Scene, Stage
from dialogs.step import step
from knowledge.entry import Books
from knowledge.loader import read_books
from knowledge.search import Decision

ANSWER = Decision(kind="answer", topic="commission-range", ranked=[("commission-range", 0.95)])
NEAR = [("commission-range", 0.5), ("fee-models", 0.2), ("total-cost", 0.1), ("talent-shortage", 0.1)]
SUGGEST = Decision(kind="suggest", topic=None, ranked=NEAR)
NONE = Decision(kind="none", topic=None, ranked=NEAR)
QUESTION = "提成一般收几个点？"


@dataclass
class Fake:
    """Decides as the test says, and remembers what it was asked."""

    decision: Decision
    books: Books = field(default_factory=lambda: read_books()[0])
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    @property
    def entries(self):
        return self.books.entries

    @property
    def sources(self):
        return self.books.sources

    def decide(self, text: str, last_topic: str | None = None) -> Decision:
        self.asked.append((text, last_topic))
        return self.decision

    def open_soon(self) -> None:
        pytest.fail("nothing to open")


@cache
def shipped() -> tuple[Book, CommandTable]:
    return build(SHIPPED, Path(knowledge.__path__[0]), "terminal")


def scene(decision: Decision, language: str = "zh-Hans", **changed: object) -> tuple[Scene, Fake]:
    book, table = shipped()
    fake = Fake(decision)
    changed_book = replace(book, library=fake, **changed)
    return Scene(Stage(book=changed_book, folder=SHIPPED, named=table.named), language), fake


def text(messages: Sequence[Message]) -> str:
    return "\n".join(line.text for message in messages for line in message.lines)


def labels(messages: Sequence[Message]) -> list[str]:
    return [button.label for message in messages for row in message.buttons for button in row]


def effects(of: Scene) -> list[Effect]:
    return [effect for effect in of.turns[-1][1].effects if not isinstance(effect, SendMessage)]


def pending(of: Scene) -> str:
    """What the pending question asks."""
    conversation = of.owner.conversations[of.owner.focus]
    flow = of.book.flows[conversation.flow]
    question = next(one for one in flow.questions if one.id == conversation.shown)
    return question.ask.zh_hans


@pytest.mark.parametrize("decision", [ANSWER, SUGGEST, NONE], ids=lambda one: one.kind)
def test_in_a_dialog_the_pending_question_comes_once_more(decision: Decision) -> None:
    """At each question that is no free text; nothing is filled in, and the way goes on as before."""
    talk, _ = scene(decision)
    for said in ("/vet", "光明电商"):
        talk.type(said)
    for said in ("400万", "按季", "10万", "一年", "不退", "我们出"):
        before = talk.owner.conversations[1].answers
        ask = pending(talk)
        talk.type(QUESTION)
        assert len(talk.messages) == 1
        assert text(talk.messages).count(ask) == 1
        assert talk.owner.conversations[1].answers == before
        assert ("没有一个统一的" in text(talk.messages)) is (decision.kind == "answer")
        talk.type(said)
        assert len(talk.owner.conversations[1].answers) == len(before) + 1


def test_an_answer_never_goes_to_the_books() -> None:
    """Whatever can be read as one, an option that is spelt almost right included."""
    talk, fake = scene(ANSWER)
    for said in ("/vet", "提成多少公司", "保证400万", "按季度收吧", "十来万", "不知道", "上一题"):
        talk.type(said)
    assert fake.asked == []


def test_a_short_text_is_no_question_unless_the_books_are_sure() -> None:
    """A fragment is told when it is surely meant; else the question is asked again with what was wrong."""
    for decision, told in ((ANSWER, True), (SUGGEST, False)):
        talk, _ = scene(decision)
        for said in ("/vet", "光明电商", "提成"):
            talk.type(said)
        assert ("没有一个统一的" in text(talk.messages)) is told
        assert talk.owner.conversations[1].misses == (0 if told else 1)
        assert effects(talk) == []


def test_outside_an_answer_leads_on() -> None:
    """To more, to related entries, to its dialog."""
    talk, _ = scene(ANSWER)
    talk.type(QUESTION)
    assert {"说详细点", "有用", "没用", "看一家代运营", "主菜单"} <= set(labels(talk.messages))
    assert "出处：" in text(talk.messages)
    talk.press("说详细点")
    assert "说销售" not in text(talk.messages)
    assert "出处，各自站在哪边" in text(talk.messages)
    talk.press("看一家代运营")
    assert "这家代运营叫什么名字" in text(talk.messages)


@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_an_entry_is_told_in_the_language_of_the_owner(language: str) -> None:
    talk, _ = scene(ANSWER, language)
    talk.type(QUESTION)
    assert {"zh-Hant": "沒有一個統一的", "en": "There is no single market price"}[language] in text(talk.messages)


def test_three_are_offered_and_none_of_them() -> None:
    """A press opens the entry; "none of these" is kept as a gap."""
    talk, _ = scene(SUGGEST)
    talk.type("抽成 13812345678 怎么算呢")
    assert len(labels(talk.messages)) == 5
    title = labels(talk.messages)[0]
    talk.press("都不是")
    (gap,) = effects(talk)
    assert isinstance(gap, LogUnanswered)
    assert (gap.why, gap.text) == ("declined", "抽成 ########### 怎么算呢")
    assert gap.topics == ("commission-range", "fee-models", "total-cost")
    talk.press_old(title)
    assert text(talk.messages).startswith(title)
    talk.press_old("都不是")
    assert effects(talk) == []


def test_what_the_books_do_not_have_is_said_and_kept() -> None:
    """Honestly, with the menu."""
    talk, _ = scene(NONE)
    talk.type("明天会下雨吗")
    assert "不敢乱答" in text(talk.messages)
    assert "看一家代运营" in labels(talk.messages)
    (gap,) = effects(talk)
    assert isinstance(gap, LogUnanswered)
    assert (gap.why, gap.text) == ("none", "明天会下雨吗")


def test_the_same_in_other_words_is_kept() -> None:
    """What was told first did not help; a repeat of the same words tells nothing."""
    talk, _ = scene(ANSWER)
    talk.type("抽成怎么算")
    talk.type("抽成怎么算")
    assert effects(talk) == []
    talk.type("提成收几个点")
    (gap,) = effects(talk)
    assert isinstance(gap, LogUnanswered)
    assert (gap.why, gap.text) == ("reworded", "抽成怎么算")
    talk.press("有用")
    talk.type("返点多少")
    assert effects(talk) == []


@pytest.mark.parametrize("decision", [ANSWER, SUGGEST, NONE], ids=lambda one: one.kind)
def test_nothing_is_kept_where_that_is_switched_off(decision: Decision) -> None:
    talk, _ = scene(decision, keep_gaps=False)
    for said in ("抽成怎么算", "提成收几个点"):
        talk.type(said)
        assert effects(talk) == []
        assert talk.owner.last_question == ""


def test_whether_it_helped_is_counted() -> None:
    """For each entry; in a dialog the question comes again."""
    talk, _ = scene(ANSWER)
    talk.type(QUESTION)
    talk.press("没用")
    assert effects(talk) == [RateEntry(topic="commission-range", helped=False)]
    for said in ("/vet", "光明电商", QUESTION):
        talk.type(said)
    talk.press("有用")
    assert effects(talk) == [RateEntry(topic="commission-range", helped=True)]
    assert pending(talk) in text(talk.messages)


def test_a_short_question_may_follow_up() -> None:
    """On what was told last, be it an answer or why a question is asked."""
    talk, fake = scene(ANSWER)
    talk.type(QUESTION)
    talk.type("那合同呢")
    assert fake.asked[1] == ("那合同呢", "commission-range")
    for said in ("/vet", "光明电商", "/why", "那合同呢"):
        talk.type(said)
    assert fake.asked[-1] == ("那合同呢", "sales-guarantee-trap")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("你好！", "您好！我是灯商参谋"), ("Hello", "您好！我是灯商参谋"), ("唔該晒", "不客气"), ("谢谢你～", "不客气"),
        ("傻逼", "让您着急了"), ("垃圾！！！", "让您着急了"), ("再见", "回头见"), ("你是机器人吗？", "不是真人"),
        ("？？？", "没有字"), ("😀😀", "没有字"), ("   ", "没有字"),
    ],
)  # fmt: skip
def test_small_talk(typed: str, said: str) -> None:
    """Is answered in kind, and asks the books nothing."""
    talk, fake = scene(ANSWER)
    talk.type(typed)
    assert said in text(talk.messages)
    assert fake.asked == []


def test_small_talk_in_a_dialog_is_no_miss() -> None:
    talk, _ = scene(ANSWER)
    for said in ("/vet", "光明电商", "谢谢"):
        talk.type(said)
    assert "不客气" in text(talk.messages)
    assert pending(talk) in text(talk.messages)
    assert talk.owner.conversations[1].misses == 0


def test_a_huge_text_is_read_in_part() -> None:
    """And that is said; what is kept of it is short."""
    talk, _ = scene(NONE)
    talk.type("广告费一万二" * 20_000)
    assert "只看了开头和结尾" in text(talk.messages)
    (gap,) = effects(talk)
    assert isinstance(gap, LogUnanswered)
    assert len(gap.text) == LONGEST


@pytest.mark.parametrize("press", ["k:no-such:show", "k:commission-range:burn", "k:commission-range", "k::show"])
def test_a_button_that_leads_nowhere(press: str) -> None:
    """Changes nothing, and says so."""
    talk, _ = scene(ANSWER)
    event = ButtonPressed(id="1", at=talk.at, channel="talk", chat="owner", press=press)
    turn = step(talk.book, talk.owner, event)
    assert "过期" in text([one.message for one in turn.effects if isinstance(one, SendMessage)])


def test_every_button_fits_every_channel() -> None:
    """The longest topic included."""
    longest = max(read_books()[0].entries, key=len)
    assert len(f"k:{longest}:not-helped".encode()) <= 64


def test_what_looks_like_a_question() -> None:
    for question in ("抽几个点?", "点解咁贵", "what does it cost", "保底靠不靠谱"):
        assert asks(question), question
    for fragment in ("提成", "10万", "whatsapp", "show"):
        assert not asks(fragment), fragment


def test_a_long_message_is_no_remark() -> None:
    assert remark("你好，想请教一下我们厂该不该找代运营来做天猫店") is None
    assert shortened("a 1\n２  ３") == "a # # #"
