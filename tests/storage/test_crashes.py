"""Killed at any commit, a program leaves nothing half done and loses nothing; many at once do no harm."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage import backup, locks, migrate, retention, schema
from storage.engine import open_database, reading
from storage.failpoints import NAMES
from storage.outbox import LEASE
from storage.store import Store
from storage.tables import INBOX, OUTBOX
from tests.storage.child import EVENTS
from tests.storage.sample import NOW, apology, said, step, typed

ROOT = Path(__file__).parents[2]
WHEN = ("before", "after")


def run(job: str, *folders: Path) -> list[int]:
    """The exit codes of the job in each folder, run at once in programs of their own."""
    command = [sys.executable, "-B", "-m", "tests.storage.child", job, *map(str, folders)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.stderr == ""
    return json.loads(ended.stdout)


def open_in(folder: Path, name: str = "lampwise.db") -> Store:
    return Store(engine=open_database(f"sqlite:///{folder}/{name}"), apology=apology)


def prepare(folder: Path) -> None:
    """A database in which "old" is still to be said, and an older copy of it."""
    folder.mkdir()
    store = open_in(folder)
    schema.ensure(store.engine)
    backup.backup(f"sqlite:///{folder}/lampwise.db", folder / "source.db")
    store.apply([typed("old", "old")], step)
    if folder.name.startswith("release"):
        store.claim(NOW, "gone", 1)
    store.engine.dispose()


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each failpoint a folder in which a program was killed there."""
    folders = {name: tmp_path_factory.mktemp("crashed") / name for name in NAMES}
    for folder in folders.values():
        prepare(folder)
    assert run("crash", *folders.values()) == [-signal.SIGKILL] * len(NAMES)
    return folders


@pytest.fixture
def left(crashed: dict[str, Path], request: pytest.FixtureRequest) -> Iterator[Store]:
    """What is found in the folder of the failpoint after the crash."""
    store = open_in(crashed[request.param])
    assert migrate.check(store.engine) == []
    yield store
    store.engine.dispose()


def raws(store: Store) -> list[str]:
    return [answer.raw for answer in store.snapshot("terminal", "wang").conversations[1].answers]


def all_said(store: Store) -> list[str]:
    texts: list[str] = []
    while claimed := store.claim(NOW + LEASE, "me", 1):
        texts.append(said(claimed[0].message))
        store.settle(claimed[0], "sent", NOW + LEASE)
    return texts


@pytest.mark.parametrize("left", ["apply.before_commit"], indirect=True)
def test_case_23_killed_before_the_commit_of_an_event_nothing_has_happened(left: Store) -> None:
    assert raws(left) == ["old"]
    assert len(left.apply([typed("new", "new")], step).taken) == 1
    assert all_said(left) == ["old", "new"]


@pytest.mark.parametrize("left", ["apply.after_commit"], indirect=True)
def test_case_23_killed_after_the_commit_of_an_event_all_has_happened(left: Store) -> None:
    assert len(left.apply([typed("new", "new")], step).repeated) == 1
    assert raws(left) == ["old", "new"]
    assert all_said(left) == ["old", "new"]


@pytest.mark.parametrize(
    "left",
    [
        "claim.before_commit",
        "claim.after_commit",
        "settle.before_commit",
        "release.before_commit",
        "release.after_commit",
    ],
    indirect=True,
)
def test_case_23_killed_while_sending_a_reply_is_still_sent_once_more(left: Store) -> None:
    left.release_stale(NOW + LEASE)
    assert all_said(left) == ["old"]


@pytest.mark.parametrize("left", ["settle.after_commit"], indirect=True)
def test_case_23_killed_after_it_was_kept_as_sent_nothing_is_repeated(left: Store) -> None:
    left.release_stale(NOW + LEASE)
    assert all_said(left) == []


@pytest.mark.parametrize("left", ["forget.before_commit", "purge.before_commit", "purge.after_commit"], indirect=True)
def test_case_23_killed_while_forgetting_or_purging_no_answer_is_half_gone(left: Store) -> None:
    assert raws(left) == ["old"]
    assert all_said(left) == ["old"]


@pytest.mark.parametrize("left", ["forget.after_commit"], indirect=True)
def test_case_57_killed_after_forgetting_he_is_forgotten_and_the_next_start_empties_the_wal(left: Store) -> None:
    assert left.snapshot("terminal", "wang").conversations == {}
    assert left.apply([typed("old", "old")], step).taken == ()
    retention.purge(left.engine, NOW, timedelta(days=1))
    folder = Path(str(left.engine.url.database)).parent
    assert all(b"wang" not in file.read_bytes() for file in folder.glob("lampwise.db*"))


@pytest.mark.parametrize("name", [f"{made}.{when}_commit" for made in ("make", "upgrade") for when in WHEN])
def test_case_30_a_killed_migration_completes_when_it_is_run_again(crashed: dict[str, Path], name: str) -> None:
    engine = open_in(crashed[name], "fresh.db").engine
    assert schema.version(engine) == (None if name.endswith("before_commit") else schema.HEAD)
    migrate.upgrade(engine)
    assert migrate.check(engine) == []
    engine.dispose()


def test_a_killed_backup_leaves_no_half_of_one(crashed: dict[str, Path]) -> None:
    assert (crashed["backup.before_replace"] / "made.db").read_bytes() == b""


@pytest.mark.parametrize("left", ["restore.before_swap"], indirect=True)
def test_killed_before_the_swap_a_restore_has_changed_nothing(left: Store) -> None:
    assert raws(left) == ["old"]


@pytest.mark.parametrize("left", ["restore.after_swap"], indirect=True)
def test_killed_after_the_swap_a_restore_is_done(left: Store) -> None:
    assert left.snapshot("terminal", "wang").conversations == {}


def test_case_27_four_programs_on_one_fresh_file_never_find_it_locked(tmp_path: Path) -> None:
    assert run("storm", *[tmp_path] * 4) == [0, 0, 0, 0]
    store = open_in(tmp_path)
    with reading(store.engine) as connection:
        assert connection.execute(select(func.count()).select_from(INBOX)).scalar_one() == 4 * EVENTS
        states = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state).order_by(OUTBOX.c.state)
        assert connection.execute(states).all() == [("ready", 2 * EVENTS), ("sent", 2 * EVENTS)]
    assert len(store.snapshot("terminal", "all").conversations[1].answers) == 2 * EVENTS
    assert migrate.check(store.engine) == []
    store.engine.dispose()


def test_case_28_who_was_killed_holds_nothing(tmp_path: Path) -> None:
    assert run("hold", tmp_path) == [-signal.SIGKILL]
    with locks.hold(f"sqlite:///{tmp_path}/lampwise.db", "terminal:wang"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_start_on_a_database_that_is_up_to_date_loads_neither_alembic_nor_postgresql(tmp_path: Path) -> None:
    prepare(tmp_path / "made")
    code = (
        "import sys; from storage import schema; from storage.engine import open_database; from storage.store import *;"
        "schema.ensure(open_database(sys.argv[1]));"
        "assert not {'alembic', 'sqlalchemy.dialects.postgresql'} & sys.modules.keys()"
    )
    command = [sys.executable, "-B", "-c", code, f"sqlite:///{tmp_path}/made/lampwise.db"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)


def test_the_failpoints_of_the_table_are_those_of_the_program() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "storage").glob("*.py"))
    written = set(re.findall(r'failpoint\("([a-z._]+)"\)', text))
    written |= {f"{name}.{when}_commit" for name in re.findall(r'write\([a-z.]+, "(\w+)"', text) for when in WHEN}
    assert written == set(NAMES)


def test_a_copy_of_a_half_written_file_would_be_caught(tmp_path: Path) -> None:
    """The check of these tests is not blind: a message without its event is found."""
    prepare(tmp_path / "made")
    path = tmp_path / "made" / "lampwise.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM owner")
    store = open_in(path.parent)
    assert any("points to" in problem for problem in migrate.check(store.engine))
    store.engine.dispose()
