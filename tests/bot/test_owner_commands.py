"""`lampwise export` and `forget`, and the same in a chat: all of one owner, to see and to be rid of."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import answer
from bot.owner_files import history_file
from storage import backup, locks

CANARY = "kanarienvogel"


def say(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    typed = io.TextIOWrapper(io.BytesIO("".join(f"{line}\n" for line in lines).encode()), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", typed)


def chat(monkeypatch: pytest.MonkeyPatch, *lines: str, name: str = "wang") -> None:
    say(monkeypatch, *lines)
    assert answer(["chat", "--lang", "en", "--as", name]) == 0


def files_with(folder: Path, word: str) -> list[str]:
    return [file.name for file in folder.iterdir() if file.is_file() and word.encode() in file.read_bytes()]


@pytest.fixture
def database(settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """One who has answered a question, and another."""
    chat(monkeypatch, "/lamps", "factory", f"{CANARY}", "100000")
    chat(monkeypatch, "/lamps", "dealer", name="li")
    capsys.readouterr()
    return settings_of_ours


def url(database: Path) -> str:
    return f"sqlite:///{database}"


def test_case_57_export_prints_all_as_json_and_writes_a_sheet(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(["export", "terminal:wang", "--sheet", "wang.csv"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["owner"] == "terminal:wang"
    assert [one["raw"] for one in told["kept"]["conversation"][0]["answers"]] == ["factory", "100000"]
    assert CANARY in json.dumps(told["kept"]["inbox"])
    assert Path("wang.csv").stat().st_mode & 0o777 == 0o600
    rows = list(csv.reader(io.StringIO(Path("wang.csv").read_text("utf-8-sig"), newline="")))
    assert {row[0] for row in rows[1:]} == {"Settings", "Chat", "Answers", "What you said", "What I said"}
    assert ["What sales a month?", "100000"] in [[row[3], row[5]] for row in rows]


def test_a_sheet_overwrites_nothing(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("there.csv").write_text("mine")
    assert answer(["export", "terminal:wang", "--sheet", "there.csv"]) == 2
    assert "there.csv exists already" in capsys.readouterr().err
    assert answer(["export", "terminal:wang", "--sheet", "no/folder.csv"]) == 2
    assert Path("there.csv").read_text() == "mine"


@pytest.mark.parametrize("command", [["export"], ["forget", "--yes"]])
@pytest.mark.parametrize("owner", ["terminal:nobody", "terminal:Wang", "telegram:wang", "fax:1"])
def test_case_51_who_is_not_there_is_not_found_in_the_same_words(
    database: Path, capsys: pytest.CaptureFixture[str], command: list[str], owner: str
) -> None:
    before = database.read_bytes()
    assert answer([*command, owner]) == 2
    assert capsys.readouterr() == ("", f"OWNER: {owner} not found\n")
    assert database.read_bytes() == before


@pytest.mark.parametrize("command", ["export", "forget"])
def test_no_database_is_made_to_look_for_somebody(
    settings_of_ours: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert answer([command, "terminal:wang"]) == 2
    assert capsys.readouterr().err == "OWNER: terminal:wang not found\n"
    assert not settings_of_ours.parent.exists()


@pytest.mark.parametrize("owner", ["wang", "terminal:", ":wang", "terminal: ", ""])
def test_an_owner_is_a_channel_and_a_name(
    settings_of_ours: Path, capsys: pytest.CaptureFixture[str], owner: str
) -> None:
    assert answer(["export", owner]) == 2
    assert "write it like terminal:NAME" in capsys.readouterr().err


def test_case_57_forget_says_what_goes_and_asks(
    database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for word in ("no", ""):
        say(monkeypatch, word)
        assert answer(["forget", "terminal:wang"]) == 2
        told = capsys.readouterr().err
        assert "conversation 1" in told
        assert "nothing was deleted" in told
    say(monkeypatch, "yes")
    assert answer(["forget", "terminal:wang"]) == 0
    assert "terminal:wang is deleted" in capsys.readouterr().out
    assert answer(["export", "terminal:wang"]) == 2
    assert answer(["export", "terminal:li"]) == 0


def test_case_57_forget_leaves_no_byte_in_any_file(database: Path) -> None:
    history = history_file(url(database), "wang")
    history.write_text(CANARY)
    assert len(files_with(database.parent, CANARY)) == 2
    assert answer(["forget", "terminal:wang", "--yes"]) == 0
    backup.backup(url(database), database.parent / "after.db")
    assert files_with(database.parent, CANARY) == []
    assert files_with(database.parent, "wang") == []


def test_who_is_talking_is_not_forgotten_from_outside(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with locks.hold(url(database), "terminal:wang"):
        assert answer(["forget", "terminal:wang", "--yes"]) == 2
    assert "terminal:wang" in capsys.readouterr().err
    assert answer(["export", "terminal:wang"]) == 0


def test_case_57_forget_in_a_chat_leaves_no_byte_and_the_chat_goes_on(
    database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    history = history_file(url(database), "wang")
    history.write_text(CANARY)
    chat(monkeypatch, "/forget", "Delete all of it", "/lamps")
    told = capsys.readouterr().out
    assert "All of it is gone" in told
    assert told.index("All of it is gone") < told.index("您做哪一行？")
    assert files_with(database.parent, CANARY) == []
    assert answer(["export", "terminal:wang"]) == 0
    assert CANARY not in capsys.readouterr().out


def test_case_57_after_forgetting_in_a_chat_nothing_is_left_but_tombstones(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat(monkeypatch, "/forget yes")
    assert answer(["export", "terminal:wang"]) == 2
    assert files_with(database.parent, "wang") == []


def test_case_57_export_in_a_chat_writes_two_files_for_the_owner_alone(
    database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Path("clock.txt")
    clock.write_text("2026-11-23T09:00:00+08:00")
    monkeypatch.setenv("LAMPWISE_CLOCK_FILE", str(clock))
    chat(monkeypatch, "/export", "/export")
    told = capsys.readouterr().out
    folder = database.parent / "exports"
    assert str(folder) in told.replace("\n", "")
    assert folder.stat().st_mode & 0o777 == 0o700
    names = [f"terminal-wang-20261123T010000Z{number}.{kind}" for number in ("", "-2") for kind in ("csv", "json")]
    assert sorted(file.name for file in folder.iterdir()) == sorted(names)
    for file in folder.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.name in told
        assert CANARY in file.read_text("utf-8")


def test_what_cannot_be_written_is_told_and_the_chat_goes_on(
    database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (database.parent / "exports").write_text("in the way")
    chat(monkeypatch, "/export", "/privacy")
    told = capsys.readouterr().out
    assert "could not be written: File exists" in told
    assert "What I keep of you" in told


def test_what_came_in_is_purged_when_a_chat_starts(
    database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chat(monkeypatch, "/privacy")
    assert "Older than 30 days" in " ".join(capsys.readouterr().out.split())
    answer(["export", "terminal:wang"])
    newest = json.loads(capsys.readouterr().out)["exported_at"]
    later = Path("clock.txt")
    moment = datetime.fromisoformat(newest) + timedelta(days=2)
    later.write_text(moment.isoformat())
    monkeypatch.setenv("LAMPWISE_CLOCK_FILE", str(later))
    monkeypatch.setenv("LAMPWISE_KEEP_DAYS", "1")
    chat(monkeypatch, "/privacy")
    assert "Older than 1 days" in " ".join(capsys.readouterr().out.split())
    answer(["export", "terminal:wang"])
    kept = json.loads(capsys.readouterr().out)["kept"]
    assert CANARY not in json.dumps(kept)
    assert len(kept["conversation"][0]["answers"]) == 2


@pytest.mark.parametrize("days", ["0", "-1", "3651", "many"])
def test_keep_days_has_limits(
    settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], days: str
) -> None:
    monkeypatch.setenv("LAMPWISE_KEEP_DAYS", days)
    assert answer(["export", "terminal:wang"]) == 2
    assert "LAMPWISE_KEEP_DAYS" in capsys.readouterr().err
