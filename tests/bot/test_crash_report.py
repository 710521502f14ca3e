"""What is kept of a crash: where it happened, beside the database, and nobody's words."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bot import cli, crash_report
from bot.crash_report import REPORT
from bot.settings import data_folder
from tests.conftest import CANARY

ROOT = Path(__file__).resolve().parents[2]
TOKEN = f"123456:{CANARY}-token-of-the-bot"


class OddError(Exception):
    """One of a library's."""


def caused() -> NoReturn:
    """An error with a cause, each with words in it."""
    try:
        raise KeyError(f"{CANARY} 北京灯具 375000")
    except KeyError as error:
        raise OddError(f"{TOKEN} in the way") from error


def grouped() -> NoReturn:
    """Several at once."""
    raise ExceptionGroup(f"{CANARY} of a group", [ValueError(f"{CANARY} 1"), OSError(errno.ENOSPC, CANARY)])


@pytest.mark.parametrize(
    ("crash", "named"),
    [
        (caused, ["KeyError\n", "which caused:", "OddError\n", "in caused"]),
        (grouped, ["ExceptionGroup\n", "one of the group:", "ValueError\n", "OSError (ENOSPC)\n"]),
    ],
)
def test_the_kinds_and_places_are_told_without_words(crash: Callable[[], NoReturn], named: list[str]) -> None:
    """Also those of causes and groups. Lines of code are shown, so the words here come from elsewhere."""
    with pytest.raises((OddError, ExceptionGroup)) as caught:
        crash()
    lines = crash_report.told(caught.value)
    told = "".join(line for line in lines.splitlines(keepends=True) if not line.startswith("    "))
    assert [part for part in named if part not in told] == []
    assert CANARY not in told
    assert "北京" not in told


def test_an_error_that_causes_itself_is_told_once() -> None:
    """Two that name one another have no end."""
    first, second = ValueError(), TypeError()
    first.__context__, second.__context__ = second, first
    assert crash_report.told(first).count("ValueError") == 1


@pytest.fixture
def folders(settings_of_ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Where a report may lie, in order."""
    monkeypatch.setenv("STATE_DIRECTORY", f"{tmp_path / 'state'}:/other")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "user"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "passing"))
    return [settings_of_ours.parent, tmp_path / "state", data_folder(), tmp_path / "passing"]


@pytest.mark.parametrize("shut", range(4))
def test_it_falls_back_where_a_folder_cannot_be_written(folders: list[Path], shut: int) -> None:
    """Beside the database, else in the next that takes it; a file in the place of a folder is none."""
    for folder in folders[:shut]:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.write_text("no folder")
    assert crash_report.write(ValueError(CANARY)) == folders[shut] / REPORT
    assert (folders[shut] / REPORT).read_text() == "ValueError\n"
    assert (folders[shut] / REPORT).stat().st_mode & 0o777 == 0o600


def test_broken_settings_do_not_hide_the_crash(folders: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a server in the place of a file."""
    monkeypatch.setenv("LAMPWISE_TIMEZONE", "Mars/Olympus")
    assert crash_report.write(ValueError()).parent == folders[1]
    monkeypatch.delenv("LAMPWISE_TIMEZONE")
    monkeypatch.setenv("LAMPWISE_DATABASE_URL", "postgresql://u:secret@127.0.0.1/x")
    assert crash_report.write(ValueError()).parent == folders[1]


def test_no_folder_at_all_is_said(folders: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    """The sentence comes all the same."""
    for folder in folders:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.write_text("no folder")
    monkeypatch.setattr("bot.given.settings", lambda: 1 // 0)
    assert cli.answer(["chat"]) == 70
    assert "could not be written" in capsys.readouterr().err


_CRASHES = """
import sys
from bot import cli, serve_command

def crash(*_):
    raise LookupError(sys.argv[1])

serve_command._parts = crash
sys.exit(cli.answer(["serve"]))
"""


def test_a_crash_of_serve_is_a_line_of_its_log_and_a_file(settings_of_ours: Path) -> None:
    """One line of JSON, and the file beside the database, with the places and without the words."""
    settings = {**os.environ, "LAMPWISE_TELEGRAM_TOKEN": "123456:ABCDEF"}
    done = subprocess.run(
        [sys.executable, "-c", _CRASHES, TOKEN], cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 70
    line = next(json.loads(line) for line in done.stderr.splitlines() if line.startswith("{"))
    assert (line["action"], line["error"], line["level"]) == ("crashed", "LookupError", "error")
    report = (settings_of_ours.parent / REPORT).read_text()
    assert "in crash" in line["traceback"]
    assert "in crash" in report
    assert CANARY not in done.stderr + report
