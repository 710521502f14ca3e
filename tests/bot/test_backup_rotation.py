"""Which backups stay, and what `lampwise db backup --rotate` does with a folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import cli
from bot.backup_rotation import name_at, superfluous
from storage.engine import open_database
from storage.installation import last_backup

START = datetime(2026, 1, 5, 3, 30, tzinfo=UTC)


def test_seven_days_and_four_weeks_stay() -> None:
    """After a backup a day for ten weeks: the last seven, and the last of each of the three weeks before."""
    names = set[str]()
    for day in range(70):
        names.add(name_at(START + timedelta(days=day)))
        names -= set(superfluous(names))
    last = START + timedelta(days=69)
    days = {name_at(last - timedelta(days=day)) for day in range(7)}
    weeks = {name_at(last - timedelta(weeks=week)) for week in range(4)}
    assert names == days | weeks


def test_of_a_day_the_newest_stays() -> None:
    """Several by hand push out no other day."""
    hours = [name_at(START + timedelta(hours=hour)) for hour in (0, 1, 2)]
    before = name_at(START - timedelta(days=1))
    assert superfluous([*hours, before]) == hours[:2]


def test_a_machine_that_was_off_loses_nothing_by_it() -> None:
    """Days and weeks without a backup do not count."""
    old = [name_at(START + timedelta(days=day)) for day in range(3)]
    assert superfluous([*old, name_at(START + timedelta(days=400))]) == []


@pytest.mark.parametrize(
    "name",
    ["monday.db", "lampwise-20260230T000000Z.db", "lampwise-20260105T033000Z.db-wal", "x-lampwise-1.db", "灯.db"],
)
def test_other_files_are_nobodys_business(name: str) -> None:
    """Even where they look alike."""
    many = [name_at(START + timedelta(days=day)) for day in range(70)]
    assert name not in superfluous([*many, name])


def test_the_command_rotates_and_notes_when(
    settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The copy is named by its moment; /metrics reads that moment from the database."""
    clock = tmp_path / "clock.txt"
    monkeypatch.setenv("LAMPWISE_CLOCK_FILE", str(clock))
    clock.write_text(START.isoformat())
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "mine.txt").write_text("x")
    assert cli.answer(["db", "upgrade"]) == 0
    for hours in (0, 1):
        clock.write_text((START + timedelta(hours=hours)).isoformat())
        assert cli.answer(["db", "backup", str(folder), "--rotate"]) == 0
    later = START + timedelta(hours=1)
    assert {file.name for file in folder.iterdir()} == {"mine.txt", name_at(later)}
    assert f"Removed {folder / name_at(START)}" in capsys.readouterr().out
    engine = open_database(f"sqlite:///{settings_of_ours}")
    assert last_backup(engine) == later
    engine.dispose()


def test_a_copy_with_something_wrong_is_kept_and_removes_nothing(
    settings_of_ours: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be the last that there is; the exit code says it."""
    assert cli.answer(["db", "upgrade"]) == 0
    with closing(sqlite3.connect(settings_of_ours)) as connection, connection:
        connection.execute("INSERT INTO rating (owner, topic, helped, at) VALUES (99, 'x', 1, '2026-01-01')")
    old = [tmp_path / name_at(START + timedelta(minutes=minute)) for minute in range(3)]
    for file in old:
        file.write_text("old")
    assert cli.answer(["db", "backup", str(tmp_path), "--rotate"]) == 1
    assert "points to a row of owner that is not there" in capsys.readouterr().out
    assert all(file.exists() for file in old)
    assert len(list(tmp_path.glob("lampwise-*.db"))) == 4


def test_a_backup_stands_where_its_moment_cannot_be_noted(
    settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full disk is when a copy elsewhere is wanted most."""
    assert cli.answer(["db", "upgrade"]) == 0
    with closing(sqlite3.connect(settings_of_ours)) as connection, connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON installation BEGIN SELECT RAISE(ABORT, 'full'); END")
    assert cli.answer(["db", "backup", "copy.db"]) == 0
    assert "could not note the moment" in capsys.readouterr().err
    assert Path("copy.db").exists()


def test_a_server_has_its_own_tool(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Named in the sentence; the address, which may hold a password, is not."""
    monkeypatch.setenv("LAMPWISE_DATABASE_URL", "postgresql://u:CANARY@127.0.0.1:9/x")
    assert cli.answer(["db", "backup", "copy.db"]) == 2
    assert "pg_dump" in capsys.readouterr().err
