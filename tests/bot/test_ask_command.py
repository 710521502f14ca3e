"""`lampwise ask`, `lampwise eval` and `lampwise gaps`: what they print, and what is said of bad input."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import knowledge
from bot import cli
from dialogs.effects import LogUnanswered, RateEntry
from dialogs.events import Event, TextReceived
from dialogs.message import Message
from dialogs.owner import Owner
from dialogs.talk import Turn
from storage import schema
from storage.engine import open_database
from storage.store import Store

BOOKS = Path(knowledge.__path__[0])
Lampwise = Callable[..., tuple[str, str]]


@pytest.fixture
def lampwise(
    settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Lampwise:
    """lampwise(argument, …, given=…, code=…): what was printed and complained of; the books are those we ship."""
    monkeypatch.setenv("LAMPWISE_KNOWLEDGE", str(BOOKS))

    def once(*arguments: str, given: str = "", code: int = 0) -> tuple[str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        assert cli.answer(arguments) == code
        told = capfdbinary.readouterr()
        return told.out.decode(), told.err.decode()

    return once


def test_an_answer_for_reading(lampwise: Lampwise, settings_of_ours: Path) -> None:
    """The short answer, the long one, whose word it is, what may change; nothing is kept."""
    told, _ = lampwise("ask", "抽点一般收几个点")
    assert told.startswith("提成几个点合理\n\n没有一个统一的")
    assert all(
        part in told for part in ("谁说的、谁得利：", "会变的：", "\n出处，各自站在哪边\n- ", "http", "相近的：")
    )
    assert not settings_of_ours.exists()


def test_an_answer_in_json(lampwise: Lampwise) -> None:
    """In the form that cli.md fixes."""
    told = json.loads(lampwise("ask", "推廣費誰出", "--json", "--lang", "zh-Hant")[0])
    assert list(told) == ["id", "kind", "topic", "ranked", "text"]
    assert (told["id"], told["kind"], told["topic"]) == (None, "answer", "ad-spend-who-pays")
    assert told["ranked"][0][0] == told["topic"]
    scores = [score for _, score in told["ranked"]]
    assert len(scores) <= 5
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert "廣告費" in told["text"]


def test_a_batch_is_answered_in_order(lampwise: Lampwise) -> None:
    """A line that is no question is told so, and the others are answered."""
    asked = [{"id": 1, "text": "保底骗局"}, {"id": "b", "text": "明天会下雨吗"}, {"id": None, "text": ""}]
    lines = [*map(json.dumps, asked), "no json", '{"id":5}', "[]"]
    out, _ = lampwise("ask", "--batch", "-", "--json", given="\n".join(lines), code=2)
    told: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    assert [one["id"] for one in told] == [1, "b", None, None, 5, None]
    assert [one.get("kind") for one in told] == ["answer", "none", "none", None, None, None]
    assert [one.get("topic") for one in told[:2]] == ["sales-guarantee-trap", None]
    assert all(one["errors"] for one in told[3:])


def test_a_batch_is_quick(lampwise: Lampwise, tmp_path: Path) -> None:
    """Far below the 500 questions a second that are asked for, so that a busy machine does not fail it."""
    lines = (BOOKS / "questions.jsonl").read_text("utf-8").splitlines()
    lampwise("ask", "warm")
    began = time.process_time()
    lampwise("ask", "--batch", str(BOOKS / "questions.jsonl"), "--json")
    assert time.process_time() - began < 2.5 + len(lines) / 250


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["ask"], "write one question"),
        (["ask", "a", "--batch", "-"], "write one question"),
        (["ask", "--batch", "nowhere.jsonl"], "--batch: nowhere.jsonl: No such file"),
        (["ask", "a", "--lang", "fr"], "--lang"),
        (["eval", "nowhere.jsonl"], "FILE: nowhere.jsonl: No such file"),
        (["eval", "bad.jsonl"], "bad.jsonl:2: no question"),
        (["eval", "twice.jsonl"], "the same id"),
        (["eval", "good.jsonl", "--accept"], "--accept: name the file"),
        (["eval", "good.jsonl", "--baseline", "none.json"], "there is no file none.json"),
        (["eval", "good.jsonl", "--baseline", "bad.jsonl"], "holds no accepted run"),
        (["eval", "empty.jsonl"], "there is no question in it"),
    ],
)
def test_what_cannot_be_used(lampwise: Lampwise, tmp_path: Path, arguments: list[str], complaint: str) -> None:
    """One line that says what and where."""
    good = '{"id":1,"text":"a","topics":[]}\n'
    for name, text in (("good", good), ("bad", good + "{}\n"), ("twice", good * 2), ("empty", "\n")):
        (tmp_path / f"{name}.jsonl").write_text(text, "utf-8")
    _, told = lampwise(*arguments, code=2)
    assert complaint in told
    assert told.count("\n") == 1


def test_a_run_is_measured_and_compared(lampwise: Lampwise, tmp_path: Path) -> None:
    """Overall and by style, with the confusions; what has changed since the accepted run, question by question."""
    asked = [
        {"id": 1, "text": "保底骗局", "topics": ["sales-guarantee-trap"], "style": "fragment"},
        {"id": 2, "text": "抽点一般收几个点", "topics": ["total-cost"], "style": "plain"},
        {"id": 3, "text": "明天会下雨吗", "topics": []},
    ]
    file, kept = tmp_path / "asked.jsonl", tmp_path / "accepted.json"
    file.write_text("".join(json.dumps(one) + "\n" for one in asked), "utf-8")
    told, _ = lampwise("eval", str(file), "--baseline", str(kept), "--accept")
    assert told.splitlines()[1].split()[:3] == ["overall", "2", "0.500"]
    assert "total-cost -> commission-range" in told
    assert "since" not in told
    file.write_text(file.read_text("utf-8").replace("total-cost", "commission-range"), "utf-8")
    told, _ = lampwise("eval", str(file), "--baseline", str(kept))
    assert "top-1 0.500 -> 1.000" in told
    assert "2: wrong -> answered  抽点一般收几个点" in told
    found = json.loads(lampwise("eval", str(file), "--baseline", str(kept), "--json")[0])
    assert found["overall"]["top1"] == 1
    assert found["changed"] == [["2", "wrong", "answered"]]


def test_nothing_was_asked_in_vain(lampwise: Lampwise, settings_of_ours: Path) -> None:
    """Without a database there is nothing, and none is made."""
    assert lampwise("gaps", "--lang", "en")[0] == "# Nobody has asked anything in vain.\n"
    assert not settings_of_ours.exists()


def test_gaps_come_with_a_draft(lampwise: Lampwise, settings_of_ours: Path) -> None:
    """Alike ones together, the most first; a wording for an entry that is near, else a new entry; the ratings last."""
    asked = [
        ("none", "电商公司要交增值税吗"), ("none", "电商公司要交增值税吗"), ("declined", "电商公司要不要交增值税"),
        ("reworded", "代运营一般抽成抽几个点"),
    ]  # fmt: skip
    keep_in(settings_of_ours, asked)
    told, _ = lampwise("gaps")
    assert told.index("增值税") < told.index("抽成")
    assert "没找到 2，都不是 1" in told
    assert '    - "电商公司要不要交增值税"' in told
    assert "entries/commission-range.yaml" in told
    assert told.endswith("# total-cost: +0 -1\n")


def keep_in(database: Path, asked: list[tuple[str, str]]) -> None:
    """Keep these questions, and a thumb down."""
    engine = open_database(f"sqlite:///{database}")
    schema.ensure(engine)

    def step(owner: Owner, event: Event) -> Turn:
        why, text = asked[int(event.id)]
        gap = LogUnanswered(why=why, text=text, language="zh-Hans")
        return Turn(owner=owner, effects=(gap, RateEntry(topic="total-cost", helped=False)))

    def apology(owner: Owner) -> Message:
        raise AssertionError(owner)

    events = [
        TextReceived(id=str(place), at=datetime(2026, 3, 2, tzinfo=UTC), channel="terminal", chat="me", text="")
        for place in range(len(asked))
    ]
    Store(engine=engine, apology=apology).apply(events, step)
    engine.dispose()
