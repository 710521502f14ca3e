"""A consistent copy of a running SQLite database, and the way back from one.

Not its job: the tables of a restored older backup (`migrate.upgrade`).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkstemp

from storage import locks
from storage.address import path_of
from storage.errors import BackupRefused, RestoreRefused, SchemaTooNew, StorageError
from storage.failpoints import failpoint
from storage.schema import HEAD, VERSION_QUERY, VERSION_TABLE


def backup(url: str, target: Path) -> None:
    """Copy the database as it is at one moment to the new file `target` (mode 0600), while programs go on using it.

    Raises BackupRefused where there is no database, the target exists or cannot be written, or the copy is damaged.
    """
    path = path_of(url)
    if not path.is_file():
        raise BackupRefused(f"there is no database {path}")
    with locks.use(path), _reserved(target), _copy(path, target.parent, BackupRefused) as copy:
        if problem := _problem(copy):
            raise BackupRefused(f"{path}: {problem}")
        failpoint("backup.before_replace")
        copy.replace(target)
        _to_disk(target.parent)


def problems(copy: Path) -> list[str]:
    """What is wrong with a backup, a sentence each, as `lampwise db check` would say it; its file stays as it is."""
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            broken = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
            loose = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as error:
        return [f"{copy}: {error}"]
    found = [f"the file is damaged: {line}" for line in broken]
    return found + [
        f"row {row} of table {table} points to a row of {other} that is not there" for table, row, other, _ in loose
    ]


def restore(url: str, source: Path, now: datetime) -> Path | None:
    """Put the backup `source` in the place of the database; the file that was there is kept, and its path given back.

    Raises RestoreRefused for a source that is no sound backup of ours, SchemaTooNew for one from a newer version,
    AlreadyRunning while a program has the database open. At every moment the place holds the old or the new, whole.
    """
    path = path_of(url)
    if not source.is_file():
        raise RestoreRefused(f"there is no file {source}")
    with locks.alone(path), _copy(source, path.parent, RestoreRefused) as copy:
        _refuse_unsound(copy, source)
        kept = _keep(path, now)
        failpoint("restore.before_swap")
        copy.replace(path)
        _to_disk(path.parent)
        failpoint("restore.after_swap")
        return kept


@contextmanager
def _reserved(target: Path) -> Generator[None]:
    """The new name, taken by an empty file so that nobody's file is overwritten; gone again if the work fails."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise BackupRefused(f"{target} exists already; name a new file") from None
    except OSError as error:
        raise BackupRefused(f"{target} ({error.strerror})") from error
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise


@contextmanager
def _copy(source: Path, folder: Path, refusal: type[StorageError]) -> Generator[Path]:
    """A copy of one moment under a passing name of mode 0600 in `folder`, one file without WAL, on the disk.

    Raises `refusal` where the source cannot be read.
    """
    handle, name = mkstemp(dir=folder, prefix=".lampwise-", suffix=".db")
    os.close(handle)
    copy = Path(name)
    try:
        try:
            _copy_into(source, copy)
        except sqlite3.Error as error:
            raise refusal(f"{source} ({error})") from error
        _to_disk(copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _copy_into(source: Path, copy: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")


def _refuse_unsound(copy: Path, source: Path) -> None:
    if problem := _problem(copy):
        raise RestoreRefused(f"{source}: {problem}")
    with closing(sqlite3.connect(copy)) as connection:
        (found,) = connection.execute(VERSION_QUERY).fetchone()
    if found > HEAD:
        raise SchemaTooNew(f"{source}: version {found}, known up to {HEAD}")


def _problem(copy: Path) -> str:
    """What is wrong with a copy; empty if nothing."""
    with closing(sqlite3.connect(copy)) as connection:
        try:
            (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        except sqlite3.Error as error:
            return str(error)
    if said != "ok":
        return said
    return "" if {VERSION_TABLE, "owner", "outbox"} <= tables else "this is not a Lampwise database"


def _keep(path: Path, now: datetime) -> Path | None:
    """Give the old file a second name, with all that its -wal holds; None where there is no old file."""
    if not path.exists():
        return None
    kept = path.with_name(f"{path.name}.before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    if kept.exists():
        raise RestoreRefused(f"{kept} exists already")
    _fold_in_wal(path, kept)
    try:
        kept.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, kept)
        kept.chmod(0o600)
    return kept


def _fold_in_wal(path: Path, kept: Path) -> None:
    """An old -wal beside a new file would be taken for the new file's own, so it must go."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error:
        # The old file is damaged; its pieces are kept under the new name as they are.
        for piece in ("-wal", "-shm"):
            if path.with_name(path.name + piece).exists():
                path.with_name(path.name + piece).replace(kept.with_name(kept.name + piece))


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
