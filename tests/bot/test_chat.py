"""A whole conversation in the terminal, from the command line to the database and back, with lines from a pipe."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import cli
from bot.advisor import Advisor
from bot.book import build
from bot.clock import system_clock
from dialogs.events import CommandGiven
from dialogs.owner import Owner
from storage import locks
from storage.engine import open_database
from storage.errors import DatabaseReadOnly
from storage.store import Store

Chat = Callable[..., str]


@pytest.fixture
def chat(settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Chat:
    """chat(line, …, options=…): one start with these lines; what was printed."""

    def once(*lines: str, options: tuple[str, ...] = (), code: int = 0) -> str:
        typed = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        assert cli.answer(["chat", *options]) == code
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return told.out + told.err

    return once


def owner(database: Path, name: str = "me") -> Owner:
    """What is kept on the owner of that name."""
    engine = open_database(f"sqlite:///{database}")
    try:
        return Store(engine=engine, apology=lambda owner: pytest.fail("an apology")).snapshot("terminal", name)
    finally:
        engine.dispose()


def test_a_conversation_to_its_result(chat: Chat) -> None:
    """The menu by number, a choice by its label, a sum in words, several by their numbers."""
    told = chat("1", "工厂", "十万", "1 2")
    assert "  1. 灯怎么卖" in told
    assert "已答 1/3" in told
    assert "按 工厂 记下。" in told
    assert "可以开卖" in told
    assert "您说了算。〔宣传用语〕" in told
    assert told.endswith("再见。您的回答都留着，用同样的命令再打开，就接着往下。\n")


def test_a_start_goes_on_where_the_last_ended(chat: Chat, settings_of_ours: Path) -> None:
    """What was answered before counts."""
    chat("1", "1")
    told = chat("5万", "/上一题")
    assert "接着上次的“灯怎么卖”" in told
    assert "按 5 万元/月 记下。" in told
    answers = owner(settings_of_ours).conversations[1].answers
    assert [(answer.slot, answer.how) for answer in answers] == [
        ("trade", "given"), ("sales", "given"), ("sales", "withdrawn"),
    ]  # fmt: skip


def test_the_dialog_may_change_between_two_starts(chat: Chat, dialogs: Path) -> None:
    """An option that is gone is asked again, and said."""
    chat("1", "2", "10万")
    file = dialogs / "flows" / "lamps.yaml"
    file.write_text(file.read_text("utf-8").replace("id: dealer", "id: shop"), "utf-8")
    told = chat()
    assert "这份问卷更新过" in told
    assert "您做哪一行？" in told


@pytest.mark.parametrize("leaving", ["/quit", "/退出", "／ＱＵＩＴ"])
def test_leaving_by_a_command(chat: Chat, settings_of_ours: Path, leaving: str) -> None:
    """At once: what follows is not read."""
    told = chat("1", leaving, "1")
    assert told.endswith("就接着往下。\n")
    assert owner(settings_of_ours).conversations[1].answers == ()


def test_a_command_that_is_misspelt(chat: Chat) -> None:
    """The nearest is named, and the numbers of the menu still count."""
    told = chat("/hepl", "1")
    assert "是不是想打 /help？" in told
    assert "您做哪一行？" in told


def test_the_language_is_switched_at_the_start(chat: Chat) -> None:
    """From then on, without saying everything twice."""
    chat("1")
    told = chat(options=("--lang", "en"))
    assert told.count("Which trade?") == 1
    assert "We go on with" in told
    assert "Which trade?" in chat()


def test_the_language_is_switched_in_the_middle(chat: Chat) -> None:
    """The terminal's own words follow."""
    told = chat("1", "/language en", options=("--lang", "zh-Hant"))
    assert "也可以打：不確定" in told
    assert "You can also type: Not sure" in told
    assert told.endswith("run the same command again to go on.\n")


def test_each_name_has_its_own_answers(chat: Chat, settings_of_ours: Path) -> None:
    """In one database."""
    chat("1", "1", options=("--as", "王老板"))
    chat("1", "2", options=("--as", "wang"))
    chosen = {name: owner(settings_of_ours, name).conversations[1].answers[0].value for name in ("王老板", "wang")}
    assert chosen == {"王老板": "factory", "wang": "dealer"}
    assert owner(settings_of_ours).conversations == {}


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\tb", "a\x1bb", "a\nb", "\udcff"])
def test_a_name_that_cannot_be_kept(chat: Chat, settings_of_ours: Path, name: str) -> None:
    """One line, and no database is made."""
    told = chat(options=("--as", name), code=2)
    assert told.startswith("--as: the name")
    assert told.count("\n") == 1
    assert not settings_of_ours.exists()


def test_a_name_may_be_any_text(chat: Chat) -> None:
    """Sixty characters of whatever."""
    assert "我能帮您什么" in chat(options=("--as", "灯/../é'\"" + "x" * 51))


def test_a_name_in_use_is_refused(chat: Chat, settings_of_ours: Path) -> None:
    """Another name at the same time is not."""
    chat()
    with locks.hold(f"sqlite:///{settings_of_ours}", "terminal:me"):
        assert chat(code=2) == "“me”正在另一个窗口里用。请先关掉那个窗口，或者用 --as 换个名字。\n"
        assert "being used in another window" in chat(code=2, options=("--lang", "en"))
        assert "我能帮您什么" in chat(options=("--as", "you"))


def test_what_was_kept_but_not_said_is_said_first(chat: Chat, settings_of_ours: Path) -> None:
    """As after a kill between the commit and the screen; the question is not asked twice then."""
    chat("1")
    answer_unsaid(settings_of_ours, "back")
    told = chat("1")
    assert told.startswith("\n这已经是第一题了。\n")
    assert told.count("您做哪一行？") == 1
    assert "按 工厂 记下。" in told


def answer_unsaid(database: Path, name: str) -> None:
    """Answer a command without saying so."""
    engine = open_database(f"sqlite:///{database}")
    folder = database.parents[1]
    book, _ = build(folder / "dialogs", folder / "knowledge", "terminal")
    store = Store(engine=engine, apology=lambda owner: pytest.fail("an apology"))
    event = CommandGiven(id="unsaid", at=system_clock(), channel="terminal", chat="me", name=name)
    Advisor(book=book, store=store).take(event)
    engine.dispose()


def test_odd_lines_stop_nothing(chat: Chat) -> None:
    """Empty, too long, not UTF-8, controls, a template."""
    told = chat("1", "", "   ", "\udcff\udcfe", "x" * 100_000, "\x1b[2J\x00", "{0.__class__}", "{{7*7}}", "1")
    assert "\x1b" not in told
    assert "按 工厂 记下。" in told


def test_the_files_are_for_their_owner_alone(chat: Chat, settings_of_ours: Path) -> None:
    """And a pipe leaves no history."""
    chat("1")
    assert {file.stat().st_mode & 0o077 for file in settings_of_ours.parent.iterdir()} == {0}
    assert list(settings_of_ours.parent.glob("*.history")) == []


def test_a_database_that_cannot_be_written_is_told(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """test_case_25: a sentence, where to look, and nothing half done."""

    def refuse(*_: object) -> None:
        raise DatabaseReadOnly("lampwise.db")

    monkeypatch.setattr(Store, "apply", refuse)
    assert "may not be written to; check the permissions" in chat(code=2)


def test_a_broken_dialog_stops_the_start_with_its_findings(chat: Chat, dialogs: Path) -> None:
    """As lines of file:line:column, in the reader's language."""
    file = dialogs / "flows" / "lamps.yaml"
    file.write_text(file.read_text("utf-8").replace("kind: money", "kind: mony"), "utf-8")
    assert "lamps.yaml:16:15: not-one-of " in chat(code=2)


def test_a_bad_clock_is_told(chat: Chat, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whenever it is read."""
    (tmp_path / "clock").write_text("yesterday")
    monkeypatch.setenv("LAMPWISE_CLOCK_FILE", str(tmp_path / "clock"))
    assert "write it like 2026-03-01T09:00:00+08:00" in chat(code=2)


def test_ctrl_c_while_answering_leaves_at_once(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the goodbye and without a traceback."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "apply", interrupt)
    assert chat().strip().startswith("再见")
