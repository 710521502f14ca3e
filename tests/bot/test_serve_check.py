"""`lampwise serve --check`: what each part says, and that nothing is changed by it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from storage.schema import HEAD

TOKEN = "42:CANARY-token_of-nobody"
HOOK = "https://bot.example.com/CANARY-path"
HOOKED = {
    "TELEGRAM_WEBHOOK_URL": HOOK, "TELEGRAM_WEBHOOK_SECRET": "CANARY-secret-of-the-hook",
    "TELEGRAM_WEBHOOK_LISTEN": "127.0.0.1:9",
}  # fmt: skip

Check = Callable[..., tuple[int, dict[str, str]]]


@dataclass
class Server:
    """A Bot API; `answers` are (status, what it says) by method, `asked` what it was asked."""

    answers: dict[str, tuple[int, Any]] = field(
        default_factory=lambda: {
            "getMe": (200, {"ok": True, "result": {"id": 42, "is_bot": True, "username": "lamp_bot"}}),
            "getWebhookInfo": (200, {"ok": True, "result": {"url": ""}}),
        }
    )
    asked: list[str] = field(default_factory=list[str])
    root: str = "http://127.0.0.1:9"

    async def call(self, token: str, method: str, told: Mapping[str, Any], timeout: float) -> tuple[int, bytes]:
        assert token == TOKEN
        self.asked.append(method)
        status, said = self.answers[method]
        return status, said if isinstance(said, bytes) else json.dumps(said).encode()

    async def close(self) -> None:
        pass

    def hooked(self, url: str, **more: Any) -> None:
        """A webhook is set."""
        self.answers["getWebhookInfo"] = (200, {"ok": True, "result": {"url": url, **more}})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """Answers as long as a test says nothing else."""
    one = Server()
    monkeypatch.setattr("bot.serve_check.Http", lambda _: one)
    return one


@pytest.fixture
def check(settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """The exit code with these settings, and the lines by part, the last of each; no secret stands in any."""

    def checked(*options: str, **settings: str) -> tuple[int, dict[str, str]]:
        for name, value in {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_ROOT": "http://127.0.0.1:9", **settings}.items():
            monkeypatch.setenv(f"LAMPWISE_{name}", value)
        code = cli.answer(["serve", "--check", *options])
        out = capsys.readouterr().out
        assert "CANARY" not in out
        split = [line.split(None, 1) for line in out.splitlines()]
        return code, {says.split(":")[0]: f"{verdict} {says}" for verdict, says in split}

    return checked


def test_all_is_well(check: Check, server: Server) -> None:
    """A line a part, and exit code 0; the server is asked two harmless questions."""
    assert cli.answer(["db", "upgrade"]) == 0
    code, said = check()
    assert code == 0
    assert list(said)[-9:] == [
        "settings", "clock", "database", "disk", "dialogs", "knowledge", "library", "token", "webhook"
    ]  # fmt: skip
    assert [line for line in said.values() if not line.startswith(("ok ", "The "))] == []
    assert "@lamp_bot" in said["token"]
    assert HEAD in said["database"]
    assert server.asked == ["getMe", "getWebhookInfo"]


def test_nothing_is_made_or_changed(check: Check, server: Server, settings_of_ours: Path) -> None:
    """Neither where there is no database, nor where there is one."""
    code, said = check()
    assert (code, said["database"].split()[0]) == (0, "note")
    assert not settings_of_ours.parent.exists()
    assert cli.answer(["db", "upgrade"]) == 0
    before = {file: file.read_bytes() for file in settings_of_ours.parent.iterdir()}
    assert check()[0] == 0
    assert {file: file.read_bytes() for file in settings_of_ours.parent.iterdir()} == before


def test_an_older_database_is_told_of_and_left_as_it_is(check: Check, server: Server, settings_of_ours: Path) -> None:
    """Serve would bring it up."""
    assert cli.answer(["db", "upgrade"]) == 0
    version(settings_of_ours, "0003")
    code, said = check()
    assert code == 0
    assert said["database"].startswith("note")
    assert f"0003, and serve would bring them to {HEAD}" in said["database"]
    assert version(settings_of_ours) == "0003"
    version(settings_of_ours, "9999")
    assert check()[0] == 1


def version(path: Path, new: str = "") -> str:
    """That of the tables, set before where `new` says so."""
    with closing(sqlite3.connect(path)) as connection, connection:
        if new:
            connection.execute("UPDATE alembic_version SET version_num = ?", (new,))
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_a_database_that_takes_no_write_is_wrong(
    check: Check, server: Server, settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program may hold it; a file may be of something else; its folder may be none."""
    monkeypatch.setattr("storage.trial.WAIT", 0.0)
    assert cli.answer(["db", "upgrade"]) == 0
    with closing(sqlite3.connect(settings_of_ours, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        code, said = check()
        assert (code, said["database"].split()[0]) == (1, "wrong")
        assert "busy" in said["database"]
        other.execute("ROLLBACK")
    settings_of_ours.write_bytes(b"no database at all, but long enough to be one" * 100)
    assert check()[0] == 1
    code, said = check(DATABASE_URL=f"sqlite:///{settings_of_ours}/below/lampwise.db")
    assert (code, said["database"].split()[0]) == (1, "wrong")


def test_a_server_that_is_not_there_is_wrong(check: Check, server: Server) -> None:
    """The address, which may hold a password, is not shown."""
    code, said = check(DATABASE_URL="postgresql://lamp:CANARY@127.0.0.1:9/lamp")
    assert (code, said["database"].split()[0]) == (1, "wrong")


def test_little_room_is_wrong(check: Check, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would stand still soon."""
    assert cli.answer(["db", "upgrade"]) == 0
    monkeypatch.setattr("storage.trial.free_bytes", lambda _: 5 * 1024 * 1024)
    code, said = check()
    assert (code, said["disk"]) == (1, "wrong disk: 5 MB free")


@pytest.mark.parametrize(
    ("status", "said", "found"),
    [
        (401, {"ok": False, "error_code": 401}, "does not know this token"),
        (404, {"ok": False, "error_code": 404}, "does not know this token"),
        (502, b"<html>", "not as a Bot API does"),
        (200, b"<html>", "not as a Bot API does"),
        (200, {"ok": True, "result": []}, "not as a Bot API does"),
    ],
)
def test_a_token_that_cannot_be_used_is_wrong(check: Check, server: Server, status: int, said: Any, found: str) -> None:
    """And then nothing more is asked."""
    server.answers["getMe"] = (status, said)
    code, lines = check()
    assert (code, lines["token"].split()[0]) == (1, "wrong")
    assert found in lines["token"]
    assert server.asked == ["getMe"]


def test_a_server_of_the_bot_api_that_is_not_reached_is_wrong(check: Check) -> None:
    """Nobody listens on port 9."""
    code, said = check()
    assert code == 1
    assert "127.0.0.1:9 cannot be reached" in said["token"]


@pytest.mark.parametrize(
    ("found", "settings", "verdict", "code"),
    [
        ("", {}, "ok", 0),
        (HOOK, HOOKED, "ok", 0),
        ("", HOOKED, "note", 0),
        (HOOK, {}, "wrong", 1),
        ("https://other.example.com/x", HOOKED, "wrong", 1),
    ],
)
def test_the_webhook_is_compared_with_the_settings(
    check: Check, server: Server, found: str, settings: dict[str, str], verdict: str, code: int
) -> None:
    """One that another program has set is not taken away unasked; only its host is shown."""
    server.hooked(found)
    got, said = check(**settings)
    assert (got, said["webhook"].split()[0]) == (code, verdict)
    if verdict == "wrong":
        got, said = check("--take-over", **settings)
        assert (got, said["webhook"].split()[0]) == (0, "note")


def test_deliveries_that_fail_are_told_of(check: Check, server: Server) -> None:
    """What Telegram says of them, without its words."""
    server.hooked(HOOK, pending_update_count=2000, last_error_date=1772000000, last_error_message="CANARY")
    code, said = check(**HOOKED)
    assert code == 0
    assert "2026-02-25" in said["webhook"]


def test_folders_and_the_clock_are_looked_at(
    check: Check, server: Server, dialogs: Path, knowledge: Path, tmp_path: Path
) -> None:
    """A broken dialog, no entries, a clock that says nothing."""
    for file in (knowledge / "entries").iterdir():
        file.unlink()
    (tmp_path / "clock.txt").write_text("soon")
    (dialogs / "flows" / "lamps.yaml").write_text("flow: [\n")
    code, said = check(CLOCK_FILE=str(tmp_path / "clock.txt"))
    assert code == 1
    assert [said[part].split()[0] for part in ("clock", "dialogs")] == ["wrong", "wrong"]


def test_settings_that_cannot_be_used_end_it_with_2(check: Check, capsys: pytest.CaptureFixture[str]) -> None:
    """By name, as every command says it."""
    assert check(TELEGRAM_TOKEN="")[0] == 2
    assert check(TELEGRAM_TOKEN=TOKEN, TIMEZONE="Mars/Olympus")[0] == 2
