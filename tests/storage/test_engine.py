"""The database is opened safely, private to its owner, and refuses with a sentence."""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from storage import engine as engine_module
from storage.engine import open_database, reading, write
from storage.errors import (
    DatabaseReadOnly,
    DatabaseUnknown,
    DatabaseUnreadable,
    DriverMissing,
    StorageError,
)
from storage.store import Store
from tests.storage.sample import NOW, step, typed


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def pragma(engine: Engine, name: str) -> object:
    with reading(engine) as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_files_are_private(store: Store, path: Path) -> None:
    store.apply([typed(1)], step)
    assert {file.name: mode(file) for file in path.parent.iterdir()} == {
        "lampwise.db": 0o600,
        "lampwise.db-wal": 0o600,
        "lampwise.db-shm": 0o600,
        "lampwise.db.lock": 0o600,
    }
    assert mode(path.parent) == 0o700


def test_case_26_a_commit_is_on_the_disk(engine: Engine) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 10_000}
    assert {name: pragma(engine, name) for name in wanted} == wanted


def test_case_26_a_write_ahead_log_cut_anywhere_gives_whole_events(store: Store, path: Path, tmp_path: Path) -> None:
    """Power loss, as far as it can be had here: the log ends somewhere, and what is read are whole transactions."""
    for number in range(8):
        store.apply([typed(number)], step)
    log = path.with_name("lampwise.db-wal").read_bytes()
    chance = random.Random(26)
    for cut in [*(chance.randrange(len(log)) for _ in range(12)), len(log)]:
        copy = tmp_path / f"cut-{cut}.db"
        shutil.copyfile(path, copy)
        copy.with_name(f"{copy.name}-wal").write_bytes(log[:cut])
        assert whole_events(copy) <= 8
    assert whole_events(tmp_path / f"cut-{len(log)}.db") == 8


def whole_events(copy: Path) -> int:
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'inbox'").fetchall():
            return 0
        counted = "SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM outbox)"
        events, messages = connection.execute(counted).fetchone()
        answers = connection.execute("SELECT json_array_length(answers) FROM conversation").fetchall()
    assert events == messages == sum(number for (number,) in answers)
    return events


@pytest.mark.parametrize("url", ["", "wang", "sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_an_address_that_keeps_nothing_is_refused(url: str) -> None:
    with pytest.raises(DatabaseUnknown, match="sqlite:///FILE"):
        open_database(url)


def test_postgresql_without_its_driver_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DriverMissing, match="psycopg"):
        open_database("postgresql://localhost/lampwise")


def test_what_is_no_database_is_refused(path: Path, url: str) -> None:
    path.parent.mkdir()
    path.write_bytes(b"a letter to the landlord, longer than the head of a database" * 20)
    with pytest.raises(DatabaseUnreadable, match=r"lampwise\.db"):
        open_database(url)


def test_a_folder_is_no_database(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(DatabaseUnreadable, match="kept"):
        open_database(f"sqlite:///{path}")


def test_case_25_a_read_only_database_says_so(store: Store, engine: Engine) -> None:
    with reading(engine) as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    with pytest.raises(DatabaseReadOnly):
        store.apply([typed(1)], step)


def test_an_error_holds_no_words_of_an_owner(store: Store, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE outbox")
    with pytest.raises(StorageError) as caught:
        store.apply([typed(1, "canary")], step)
    assert "canary" not in str(caught.value)


def test_the_address_may_hold_spaces_and_chinese(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/灯 商%20/a.db").dispose()
    assert (tmp_path / "灯 商 " / "a.db").exists()


def refused_at(engine: Engine) -> str:
    """Where it ends when one has read, another writes, and the first writes what it made of its reading."""
    engine.dispose()
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=0"))
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    with pytest.raises(OperationalError, match="locked"):
        write_what_was_read(engine)
    return statements[-1]


def write_what_was_read(engine: Engine) -> None:
    add_one = "UPDATE owner SET focus = focus + 1"
    with engine.begin() as first:
        first.exec_driver_sql("SELECT focus FROM owner").all()
        with engine.begin() as second:
            second.exec_driver_sql(add_one)
        first.exec_driver_sql(add_one)


def test_case_27_nobody_writes_what_another_has_just_read(store: Store, engine: Engine) -> None:
    store.apply([typed(1)], step)
    assert refused_at(engine) == "BEGIN IMMEDIATE"


def test_case_27_the_test_catches_a_deferred_begin(store: Store, engine: Engine) -> None:
    store.apply([typed(1)], step)
    event.remove(engine, "begin", engine_module._begin)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    assert refused_at(engine).startswith("UPDATE")


def test_work_that_raises_is_undone(store: Store, engine: Engine) -> None:
    store.apply([typed(1)], step)
    with pytest.raises(KeyError):
        write(engine, "apply", lambda connection: [connection.exec_driver_sql("DELETE FROM outbox"), {}["no"]])
    assert len(store.claim(NOW, "me", 1)) == 1
