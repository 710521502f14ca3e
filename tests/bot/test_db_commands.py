"""`lampwise db`: what each says and does."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import cli


@pytest.fixture(autouse=True)
def _settings(settings_of_ours: Path) -> None:
    """The database is one of ours."""


def test_a_database_is_made_checked_copied_and_restored(
    settings_of_ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each says what it did and to which file."""
    for command in (["upgrade"], ["check"], ["backup", "copy.db"], ["restore", "copy.db"], ["check"]):
        assert cli.answer(["db", *command]) == 0
        assert str(settings_of_ours) in capsys.readouterr().out
    assert Path("copy.db").stat().st_mode & 0o777 == 0o600
    assert list(settings_of_ours.parent.glob("*.before-restore-*"))


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["check"], "there is no database"),
        (["backup", "copy.db"], "No backup was made: there is no database"),
        (["restore", "nowhere.db"], "there is no file nowhere.db"),
        (["restore"], "Missing argument 'FILE'"),
    ],
)
def test_what_is_not_there_is_told(command: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In a line, exit code 2; nothing is made."""
    assert cli.answer(["db", *command]) == 2
    assert says in capsys.readouterr().err


def test_a_damaged_database_fails_the_check(settings_of_ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Something of another program, too, is told."""
    settings_of_ours.parent.mkdir()
    settings_of_ours.write_bytes(b"no database at all, but long enough to be one" * 100)
    assert cli.answer(["db", "check"]) == 2
    assert "cannot be opened or read" in capsys.readouterr().err
