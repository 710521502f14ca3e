"""The desk in conversation: list, compare, edit, rename, vet again, delete, documents."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.documents.wish import read
from dialogs.effects import DropRecord, Record, SendMessage
from dialogs.events import ButtonPressed, CommandGiven, Event, TextReceived
from dialogs.message import Button, Message
from dialogs.offers.vetted import MOST, as_kept
from dialogs.owner import Owner
from dialogs.step import step
from dialogs.wording import LANGUAGES
from tests.dialogs.offers.desk import GOOD, HOSTILE, NOW, TRAP, book, clauses, owner, record

COMPLETE = {**GOOD, "clauses": clauses()}


class Desk:
    """An owner who types and taps; what is kept comes back with the next event, as from a store."""

    def __init__(self, whom: Owner) -> None:
        self.owner = whom
        self.said: list[Message] = []
        self._ids = count()

    def command(self, name: str, argument: str = "") -> list[Message]:
        return self._take(CommandGiven(id=self._id(), at=NOW, channel="t", chat="w", name=name, argument=argument))

    def type(self, text: str) -> list[Message]:
        return self._take(TextReceived(id=self._id(), at=NOW, channel="t", chat="w", text=text))

    def tap(self, label: str) -> list[Message]:
        (button, *_) = [button for button in self.buttons() if label in button.label]
        return self.press(button.press)

    def press(self, press: str) -> list[Message]:
        return self._take(ButtonPressed(id=self._id(), at=NOW, channel="t", chat="w", press=press))

    def buttons(self) -> list[Button]:
        return [button for row in self.said[-1].buttons for button in row]

    def text(self) -> str:
        return "\n".join(line.text for message in self.said for line in message.lines)

    def _id(self) -> str:
        return str(next(self._ids))

    def _take(self, event: Event) -> list[Message]:
        turn = step(book(), self.owner, event)
        kept = {(one.kind, one.number): one for one in turn.owner.records}
        for effect in turn.effects:
            if isinstance(effect, Record):
                kept[effect.kind, effect.number] = as_kept(effect, NOW)
            if isinstance(effect, DropRecord):
                assert (effect.kind, effect.number) not in kept
        self.owner = replace(turn.owner, records=tuple(kept[key] for key in sorted(kept)))
        self.said = [effect.message for effect in turn.effects if isinstance(effect, SendMessage)]
        return self.said


def two() -> Desk:
    return Desk(owner([record(1, COMPLETE), record(2, TRAP)]))


def test_the_list_tells_each_with_its_verdict() -> None:
    """One line an agency, and a way to compare."""
    desk = two()
    desk.command("agencies")
    labels = [button.label for button in desk.buttons()]
    assert labels[0].startswith("老陈：可以往下走（")
    assert labels[1].startswith("金灯：这份别签（")
    assert len(labels) == 3


def test_two_agencies_never_become_one_by_a_name() -> None:
    """The name of another is asked again; its own name, and a new one, are taken."""
    desk = two()
    for name, names in (("金灯", ["老陈", "金灯"]), ("老陈", ["老陈", "金灯"]), ("陈记", ["金灯", "陈记"])):
        desk.command("agencies")
        desk.tap("老陈")
        desk.tap("改名字")
        desk.type(name)
        assert ("同名会变成一家" in desk.text()) == (name == "金灯")
        assert sorted(one.subject for one in desk.owner.records) == sorted(names)


def test_who_names_an_agency_again_is_told_so() -> None:
    """At once, and not of one that he has never met."""
    for name in ("金灯", "银灯"):
        desk = two()
        desk.command("vet")
        desk.type(name)
        assert ("2026-11-23 看过" in desk.text()) == (name == "金灯")


def test_a_verdict_that_the_rules_have_changed_is_said_so() -> None:
    """Where the card says otherwise than was told, it says what was told, and that the answers are the same."""
    told = [replace(record(1, COMPLETE), result={"verdict": verdict}) for verdict in ("walk-away", "proceed")]
    said: list[str] = []
    for kept in told:
        desk = Desk(owner([kept]))
        desk.command("agencies")
        desk.tap("老陈")
        said.append(desk.text())
    assert "2026-11-23 那天说的是“这份别签”；规则后来更新过，照今天的，同样的回答该是“可以往下走”" in said[0]
    assert "规则" not in said[1]


@pytest.mark.parametrize("order", [1, -1])
def test_the_document_of_two_that_were_judged_at_one_moment_is_of_the_later(order: int) -> None:
    """A clock may stand still."""
    desk = Desk(owner([record(number, COMPLETE) for number in (1, 2)][::order]))
    desk.command("document")
    assert [one.document for one in desk.said if one.document] == ["result vet 2"]


def test_nothing_vetted_is_said_so() -> None:
    """No empty lists, and no dead end: the menu leads on."""
    desk = Desk(owner([]))
    for command in ("agencies", "compare"):
        desk.command(command)
        assert "还没有看过" in desk.text()
        assert "我能帮您什么" in desk.text()
    desk.command("document")
    assert "没有结果" in desk.text()


@pytest.mark.parametrize("argument", ["", "1 2", "老陈 金灯", "2 1", "r1 r2"])
def test_compare_takes_places_and_names(argument: str) -> None:
    """However the two are named, the same is told."""
    desk, plain = two(), two()
    desk.command("compare", argument)
    plain.command("compare")
    assert desk.said == plain.said
    assert "1. 老陈" in desk.text()


def test_compare_says_what_it_does_not_know() -> None:
    """A stray number or name is named; one alone cannot be compared."""
    desk = two()
    desk.command("compare", "1 9")
    assert "“9”" in desk.text()
    desk.command("compare", "1")
    assert "只点了“老陈”" in desk.text()
    alone = Desk(owner([record(1, COMPLETE)]))
    alone.command("compare")
    assert "只看过一家" in alone.text()


def test_a_fee_by_another_period_is_told_with_its_sum() -> None:
    """That it is due less often says nothing without how much it is then."""
    weak = {**GOOD, "clauses": ["scope"], "lead": "named-junior"}
    desk = Desk(owner([record(1, {**TRAP, "term_months": "6"}), record(2, weak)]))
    desk.command("compare")
    assert "“服务费多久收一次”改成“每半年”，也就是 10 万元/半年" in desk.text()


def test_at_most_five_are_compared_and_the_others_can_be_brought_in() -> None:
    """The five latest; a tap on another takes the place of the last."""
    desk = Desk(owner([record(number, {**COMPLETE, "name": f"第{number}家"}) for number in range(1, 8)]))
    desk.command("compare")
    assert "第1家" not in desk.text()
    assert "第7家" in desk.text()
    desk.tap("第1家")
    assert "第1家" in desk.text()
    assert f"{MOST} 家放在一起" in desk.text()


def test_an_edited_answer_is_judged_anew_under_the_same_number() -> None:
    """And nothing else is asked, though half of the questions were never answered."""
    desk = two()
    desk.command("agencies")
    desk.tap("金灯")
    desk.tap("看我的回答")
    desk.tap("没做到约定的数")
    desk.type("分期按比例退")
    kept = desk.owner.records
    assert [one.number for one in kept] == [1, 2]
    assert kept[1].answers["refund"] == "pro-rata"


def test_a_new_name_stays_the_same_agency() -> None:
    """Renaming is an edit, not a second agency."""
    desk = two()
    desk.command("agencies")
    desk.tap("金灯")
    desk.tap("改名字")
    desk.type("金灯二号")
    assert [(one.number, one.subject) for one in desk.owner.records] == [(1, "老陈"), (2, "金灯二号")]


def test_vetted_again_it_tells_what_has_changed_and_keeps_the_former() -> None:
    """The new result stands beside the old one, and the list shows the old verdict."""
    desk = two()
    desk.command("agencies")
    desk.tap("金灯")
    desk.tap("再看一次")
    desk.tap("没做到约定的数")
    desk.type("分期按比例退")
    assert "跟 2026-11-23 那次比" in desk.text()
    assert "满期才退 → 分期按比例退" in desk.text()
    assert [(one.number, one.subject) for one in desk.owner.records] == [(1, "老陈"), (2, "金灯"), (3, "金灯")]
    desk.command("agencies")
    assert len([button for button in desk.buttons() if "金灯" in button.label]) == 1
    desk.tap("金灯")
    assert "上一次" in desk.text()


def test_vetted_again_unchanged_says_so() -> None:
    """Nothing is made up."""
    desk = two()
    desk.command("agencies")
    desk.tap("老陈")
    desk.tap("再看一次")
    desk.tap("看结果")
    assert "什么都没变" in desk.text()


def test_every_question_can_be_gone_through_with_its_answer_to_keep() -> None:
    """Nothing has to be typed again."""
    desk = two()
    desk.command("agencies")
    desk.tap("老陈")
    desk.tap("再看一次")
    desk.tap("从头一题一题过")
    for _ in range(60):
        if desk.owner.conversations[desk.owner.focus].ended:
            break
        assert "您之前答的是" in desk.text()
        desk.type("不变")
    assert desk.owner.records[-1].answers == desk.owner.records[0].answers


def test_deleting_asks_first_and_then_nothing_is_left() -> None:
    """Neither the records, the former ones, nor the conversations."""
    desk = Desk(owner([record(1, TRAP), record(2, TRAP), record(3, COMPLETE)]))
    desk.command("agencies")
    desk.tap("金灯")
    desk.tap("改名字")
    desk.type("金灯")
    desk.command("agencies")
    desk.tap("金灯")
    desk.tap("删掉")
    assert len(desk.owner.records) == 3
    desk.tap("是，删掉")
    assert [one.number for one in desk.owner.records] == [3]
    assert desk.owner.conversations == {}


def test_a_button_of_a_deleted_agency_changes_nothing() -> None:
    """An old button says that it is old."""
    desk = two()
    before = desk.owner
    for press in ("r:9:vet:drop", "r:1:vet:eat", "r:1:nothing:card", "r:1:vet", "r:x:vet:card", "c:1::walk"):
        desk.press(press)
        assert desk.owner == before


@pytest.mark.parametrize(("argument", "expected"), [
    ("", "result vet 2"), ("sheet", "sheet vet 2"), ("compare", "compare vet 1 2"), ("compare 2 1", "compare vet 1 2"),
    ("result vet 1", "result vet 1"), ("sheet vet 9", None), ("result nothing 1", None), ("compare 1 9", None),
])  # fmt: skip
def test_a_document_is_wished_for_by_ids_alone(argument: str, expected: str | None) -> None:
    """What stands in the outbox holds no word of the owner's."""
    later = replace(record(2, TRAP), at=NOW.replace(hour=2))
    desk = Desk(owner([record(1, COMPLETE), later]))
    (message,) = desk.command("document", argument)
    assert message.document == expected
    assert expected is None or read(expected) is not None


@given(st.text(max_size=60))
def test_nothing_typed_after_the_commands_breaks_them(text: str) -> None:
    """Whatever stands there, there is an answer."""
    desk = two()
    for command in ("agencies", "compare", "document"):
        assert desk.command(command, text)
    assert desk.press(f"r:1:vet:{text}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_presses_fit_and_hostile_names_stay_text(language: str) -> None:
    """Buttons carry ids alone, however the agency is called."""
    named = [record(number, {**TRAP, "name": f"{number}{HOSTILE[:40]}"}) for number in range(1, 8)]
    desk = Desk(replace(owner(named), language=language))
    for command in ("agencies", "compare"):
        desk.command(command)
        assert all(len(button.press.encode()) <= 64 for button in desk.buttons())
    assert "<script>" in desk.text()
