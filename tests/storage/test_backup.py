"""A backup is one moment of a database in use; a restore swaps it in whole, and keeps what was there."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import backup, migrate, schema
from storage.engine import open_database
from storage.errors import AlreadyRunning, BackupRefused, DatabaseUnknown, RestoreRefused, SchemaTooNew
from storage.store import Store
from tests.storage.sample import NOW, apology, said, step, typed
from tests.storage.test_engine import mode, whole_events


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "copy.db"


def answers(url: str) -> list[str]:
    engine = open_database(url)
    try:
        owner = Store(engine=engine, apology=apology).snapshot("terminal", "wang")
        return [answer.raw for one in owner.conversations.values() for answer in one.answers]
    finally:
        engine.dispose()


def test_a_backup_while_others_write_is_one_moment(store: Store, url: str, tmp_path: Path) -> None:
    written = threading.Event()
    stop = threading.Event()

    def write_on() -> None:
        for number in range(10_000):
            if stop.is_set():
                return
            store.apply([typed(number, "x" * 500)], step)
            written.set()

    writer = threading.Thread(target=write_on)
    writer.start()
    written.wait()
    copies = [tmp_path / f"copy-{number}.db" for number in range(5)]
    for copy in copies:
        backup.backup(url, copy)
    stop.set()
    writer.join()
    found = [whole_events(copy) for copy in copies]
    assert found == sorted(found)
    assert found[0] > 0


def test_a_backup_is_private_one_file_and_overwrites_nothing(store: Store, url: str, target: Path) -> None:
    store.apply([typed(1)], step)
    backup.backup(url, target)
    before = target.read_bytes()
    assert mode(target) == 0o600
    with pytest.raises(BackupRefused, match="exists already"):
        backup.backup(url, target)
    assert target.read_bytes() == before
    assert [file.name for file in target.parent.iterdir() if file.is_file()] == ["copy.db"]


def test_a_backup_that_cannot_be_made_leaves_no_file(url: str, tmp_path: Path, target: Path) -> None:
    with pytest.raises(BackupRefused, match="there is no database"):
        backup.backup(url, target)
    open_database(url).dispose()
    with pytest.raises(BackupRefused, match="nowhere"):
        backup.backup(url, tmp_path / "nowhere" / "copy.db")
    with pytest.raises(BackupRefused, match="not a Lampwise database"):
        backup.backup(url, target)
    assert not target.exists()


def test_a_server_is_backed_up_by_its_own_tools(target: Path) -> None:
    with pytest.raises(DatabaseUnknown, match="SQLite"):
        backup.backup("postgresql://localhost/lampwise", target)


def test_case_30_restore_brings_back_the_backup_and_keeps_what_was_there(
    store: Store, engine: Engine, url: str, path: Path, target: Path
) -> None:
    store.apply([typed(1, "old")], step)
    (claimed,) = store.claim(NOW, "me", 1)
    store.settle(claimed, "sent", NOW)
    backup.backup(url, target)
    store.apply([typed(2, "new")], step)
    engine.dispose()
    kept = path.with_name("lampwise.db.before-restore-20261123T010203Z")
    assert backup.restore(url, target, NOW) == kept
    assert answers(url) == ["old"]
    assert answers(f"sqlite:///{kept}") == ["old", "new"]
    assert (mode(path), mode(kept)) == (0o600, 0o600)
    # What was sent before the backup is not sent again, and what came after it may come again.
    assert store.claim(NOW, "me", 1) == []
    assert len(store.apply([typed(1, "old"), typed(2, "new")], step).taken) == 1
    assert [said(one.message) for one in store.claim(NOW, "me", 1)] == ["new"]
    assert migrate.check(engine) == []
    engine.dispose()


def test_restore_waits_for_nobody(store: Store, engine: Engine, url: str, target: Path) -> None:
    store.apply([typed(1, "old")], step)
    backup.backup(url, target)
    with pytest.raises(AlreadyRunning):
        backup.restore(url, target, NOW)
    assert answers(url) == ["old"]


def test_restore_where_there_was_nothing(store: Store, url: str, target: Path, tmp_path: Path) -> None:
    store.apply([typed(1, "old")], step)
    backup.backup(url, target)
    elsewhere = f"sqlite:///{tmp_path}/new/lampwise.db"
    assert backup.restore(elsewhere, target, NOW) is None
    assert answers(elsewhere) == ["old"]


def test_restore_over_a_damaged_database(url: str, path: Path, store: Store, engine: Engine, target: Path) -> None:
    store.apply([typed(1, "old")], step)
    backup.backup(url, target)
    engine.dispose()
    path.write_bytes(b"damaged" * 1000)
    path.with_name("lampwise.db-wal").write_bytes(b"half")
    kept = backup.restore(url, target, NOW)
    assert answers(url) == ["old"]
    assert kept is not None
    assert kept.read_bytes().startswith(b"damaged")
    assert not path.with_name("lampwise.db-wal").exists()


def test_restore_refuses_what_is_no_backup(store: Store, engine: Engine, url: str, target: Path) -> None:
    store.apply([typed(1, "old")], step)
    engine.dispose()
    with pytest.raises(RestoreRefused, match="there is no file"):
        backup.restore(url, target, NOW)
    target.write_bytes(b"")
    with pytest.raises(RestoreRefused, match="not a Lampwise database"):
        backup.restore(url, target, NOW)
    target.write_bytes(b"a letter to the landlord" * 99)
    with pytest.raises(RestoreRefused, match="not a database"):
        backup.restore(url, target, NOW)
    assert answers(url) == ["old"]


def test_restore_refuses_a_damaged_backup(store: Store, engine: Engine, url: str, target: Path) -> None:
    store.apply([typed(number, "x" * 3000) for number in range(20)], step)
    backup.backup(url, target)
    engine.dispose()
    with target.open("r+b") as file:
        file.seek(6 * 4096)
        file.write(b"\xff" * 4096 * 6)
    with pytest.raises(RestoreRefused):
        backup.restore(url, target, NOW)
    assert len(answers(url)) == 20


def test_case_30_restore_refuses_a_backup_of_a_newer_version(engine: Engine, url: str, target: Path) -> None:
    backup.backup(url, target)
    engine.dispose()
    with closing(sqlite3.connect(target)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew, match="9999"):
        backup.restore(url, target, NOW)
    assert schema.version(engine) == schema.HEAD
    engine.dispose()
