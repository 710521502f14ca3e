"""What was kept before slots and options were renamed goes on working: what is said is the same as without."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from dialogs.compile import SHIPPED, Book, compile_flow
from dialogs.documents.making import made
from dialogs.documents.wish import read
from dialogs.events import ButtonPressed
from dialogs.flow import Flow, Question
from dialogs.former_names import of_owner, of_record
from dialogs.loop.signing import ADVISED
from dialogs.message import Button, Message
from dialogs.owner import Answer, Conversation, Kept, Owner
from dialogs.scripted.scene import Scene
from dialogs.sheet import sheet
from knowledge.yaml_reader import read_bytes
from scheduler.owners import planned_by
from tests.dialogs.loop.loop_desk import CONTRACT, days, labels, review, say, stage, text, until
from tests.dialogs.offers import desk

#: What is done with what was kept before; a label in angle brackets is a button.
ACTS = {
    "list": ["/agencies"],
    "compare": ["/compare"],
    "look at one": ["/agencies", "1"],
    "vet again": ["/agencies", "1", "<再看一次>", "11", "15万", "<看结果>"],
    "walk through": ["/agencies", "2", "<再看一次>", "<从头一题一题过>", "不变", "不变", "不变", "<上一题>", "不变"],
    "sign": ["/agencies", "1", "<签了这家，记合同>", "刚签", "今天", "2026-10-01", "不变", "不变", "不变"],
    "contract": ["/contract", "1"],
    "its answers": ["/contract", "1", "<当初填错了，改正>", "<看结果>"],
    "new terms": ["/contract", "1", "<条件改了（补充协议）>", "2026-12-01", "<填 2026-12-01 起的新条件>", "<看结果>"],
    "renew": ["/contract", "1", "<续签了>", "12个月"],
    "reviews": ["/review 1 all"],
    "next review": ["/review", "没有", "20万", "1万", "不变", "不变", "不变", "不变", "不变", "不变", "没有"],
    "leave": ["/exit", "<光明电商：接着勾>", "都没有"],
    "what is half done": ["/assess", "<上一题>", "不变", "<看结果>"],
}
DOCUMENTS = [
    "result vet 1", "sheet vet 1", "compare vet 1 2", "result contract 1", "result review 2", "picture contract 1",
    "table contract 1", "calendar contract 1", "letter-refund contract 1", "letter-notice contract 1",
    "letter-handover contract 1",
]  # fmt: skip


def former(name: str) -> str:
    return f"former-{name}"


def renamed(flow: Flow) -> Flow:
    """The dialog with every slot and every option called otherwise before."""
    questions = tuple(
        replace(
            one,
            was=(former(one.id),),
            options=tuple(replace(option, was=(former(option.id),)) for option in one.options),
        )
        for one in flow.questions
    )
    return replace(flow, questions=questions, by_slot={one.id: one for one in questions})


@cache
def book() -> Book:
    """The shipped one so."""
    shipped = stage().book
    return replace(shipped, flows={id: renamed(flow) for id, flow in shipped.flows.items()})


def value(question: Question, kept: Any) -> Any:
    if not question.options or kept is None:
        return kept
    return [former(one) for one in kept] if isinstance(kept, list) else former(kept)


def answers(flow: Flow, kept: Mapping[str, Any]) -> dict[str, Any]:
    return {former(slot): value(flow.by_slot[slot], one) for slot, one in kept.items()}


def record(kept: Kept) -> Kept:
    flows = stage().book.flows
    if kept.kind not in flows:
        return kept
    result = dict(kept.result)
    if ADVISED in result:
        result[ADVISED] = {**result[ADVISED], "answers": answers(flows["vet"], result[ADVISED]["answers"])}
    return replace(kept, answers=answers(flows[kept.kind], kept.answers), result=result)


def conversation(talked: Conversation) -> Conversation:
    by_slot = stage().book.flows[talked.flow].by_slot

    def entry(one: Answer) -> Answer:
        return replace(one, slot=former(one.slot), value=value(by_slot[one.slot], one.value))

    return replace(
        talked, answers=tuple(entry(one) for one in talked.answers), shown=former(talked.shown),
        draft=tuple(former(one) for one in talked.draft),
    )  # fmt: skip


def as_before(owner: Owner) -> Owner:
    """What would be kept on him if all had been called otherwise."""
    return replace(
        owner,
        records=tuple(record(one) for one in owner.records),
        conversations={number: conversation(one) for number, one in owner.conversations.items()},
    )


@cache
def merchant() -> Scene:
    """Two agencies, a contract with one of them, two quarters reviewed, a list of what to hand over, one thing open."""
    played = Scene(stage(), "zh-Hans")
    played.owner = replace(played.owner, records=(
        desk.record(1, {**desk.GOOD, "clauses": desk.clauses()}), desk.record(2, {**desk.TRAP, "name": "光明电商"}),
    ))  # fmt: skip
    say(played, "/contract", *CONTRACT)
    until(played, "2026-06-05 10:00")
    review(played, "10万")
    until(played, "2026-09-05 10:00")
    review(played, "60万", missed="缺货")
    say(played, "/exit 1", "到期走", "2026-12-01", "1 2", "都没有")
    played.wait(days(95))
    say(played, "/assess", "2", "1")
    return played


def go(played: Scene, line: str) -> None:
    """What is typed, or the button whose label begins like it."""
    if line.startswith("<"):
        played.press(next(label for label in labels(played) if label.startswith(line.strip("<>"))))
    else:
        played.type(line)


def told(*, before: bool, lines: Iterable[str]) -> list[tuple[Message, ...]]:
    played = merchant().copy()
    if before:
        played.book, played.owner = book(), as_before(played.owner)
    said: list[tuple[Message, ...]] = []
    for line in lines:
        go(played, line)
        said.append(played.messages)
    return said


@pytest.mark.parametrize("lines", ACTS.values(), ids=ACTS)
def test_what_is_said_is_the_same(lines: list[str]) -> None:
    """Lists, defaults, history, what has changed since: whatever was answered is known under its name of today."""
    assert told(before=True, lines=lines) == told(before=False, lines=lines)


@pytest.mark.parametrize(
    ("line", "labels"), [("/assess", ["工厂，自己产灯"]), ("/exit 1", ["到期走", "广告账户", "密码和子账号", "选好了"])]
)
def test_buttons_of_before_do_what_they_say(line: str, labels: list[str]) -> None:
    """One that was shown under the former names answers or ticks under those of today."""
    said: list[tuple[Message, ...]] = []
    for before in (False, True):
        played = merchant().copy()
        played.type(line)
        pressed = [one.press for label in labels for one in _buttons(played) if one.label == label]
        if before:
            played.book, played.owner = book(), as_before(played.owner)
        for press in pressed:
            event = ButtonPressed(id="old", at=played.at, channel="talk", chat="owner", press=_as_before(press, before))
            played.happen(event)
        said.append(played.messages)
    assert said[0] == said[1]
    assert "过期" not in text(said[1])


def _buttons(played: Scene) -> list[Button]:
    return [button for message in played.messages for row in message.buttons for button in row]


def _as_before(press: str, before: bool) -> str:
    """Its slot and its option under their former names."""
    verb, number, slot, value, *rest = press.split(":")
    if not before:
        return press
    return ":".join((verb, number, former(slot), value if verb == "c" else former(value), *rest))


@pytest.mark.parametrize("wished", DOCUMENTS)
def test_documents_are_the_same(wished: str) -> None:
    """Also of what was kept long ago."""
    wish, now = read(wished), datetime(2026, 12, 9, tzinfo=UTC)
    owner = merchant().owner
    assert wish is not None
    today, before = (
        made(book, {}, one, merchant().speaker, wish, now)
        for book, one in ((stage().book, owner), (book(), as_before(owner)))
    )
    assert today is not None
    assert before is not None
    assert before.content == today.content


def test_the_exported_sheet_names_the_questions() -> None:
    """Not the former ids."""
    rows = [
        {**asdict(one), "result": {}, "at": one.at.isoformat()}
        for one in as_before(merchant().owner).records
        if one.kind in book().flows
    ]
    speaker = replace(merchant().speaker, book=book())
    exported = json.dumps([*sheet(speaker, "Asia/Shanghai", {"record": rows})], default=str)
    assert len(exported) > 1000
    assert "former-" not in exported


def test_what_is_kept_under_todays_name_counts_first() -> None:
    """An agency that was given another name after its slot was renamed."""
    flow = renamed(stage().book.flows["vet"])
    assert of_record(flow, {"name": "新", "former-name": "旧", "gone": 1}) == {"name": "新", "gone": 1}


def test_reminders_are_planned_by_them() -> None:
    """Of a contract that was entered before its slots were renamed."""
    owner = merchant().owner
    planned = planned_by(of_owner(book().flows, as_before(owner)))
    assert planned == planned_by(owner)
    assert planned
    assert planned_by(as_before(owner)) != planned


def test_two_questions_cannot_both_have_been_the_same() -> None:
    """Nor can one have been what another is: the answer would go on as either."""
    text = (SHIPPED / "flows" / "change.yaml").read_text("utf-8")
    for first, second in (("days", "days"), ("ended_on", "days")):
        edited = text.replace("      - id: effective_from\n", f"      - id: effective_from\n        was: {first}\n")
        edited = edited.replace("      - id: months_more\n", f"      - id: months_more\n        was: {second}\n")
        flow, findings = compile_flow(read_bytes(edited.encode(), "change.yaml"))
        assert flow is None
        assert [one.code for one in findings] == ["name-twice"]
