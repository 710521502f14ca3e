"""`lampwise db …`: the tables, a copy, the way back, and whether all is sound.

Not its job: how any of it is done (`storage`).
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from bot.backup_rotation import name_at, superfluous
from bot.clock import clock_for, system_clock
from bot.database import refused
from bot.refusal import CHECK_FAILED, DONE, Refusal
from bot.settings import Settings
from storage import backup as copies
from storage import migrate, schema
from storage.address import path_of
from storage.errors import StorageError
from storage.installation import note_backup
from storage.opening import is_there, opened


def upgrade(settings: Settings) -> int:
    """Bring the tables to the newest version; makes them where there are none."""
    with refused(), opened(settings.database_url) as engine:
        migrate.upgrade(engine)
    return _say(f"The database has the newest tables (version {schema.HEAD}): {_file(settings)}")


def check(settings: Settings) -> int:
    """Say what is wrong with the database, a line each."""
    _there(settings)
    with refused(), opened(settings.database_url) as engine:
        problems = migrate.check(engine)
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    return CHECK_FAILED if problems else _say(f"The database is sound: {_file(settings)}")


def backup(settings: Settings, target: Path, *, rotate: bool) -> int:
    """Copy the database to a new file, also while it is in use, and check the copy.

    With `rotate`, `target` is a folder: the copy gets its moment as its name, and superfluous older copies go, unless
    something is wrong with the new one.
    """
    if not settings.database_url.startswith("sqlite:"):
        raise Refusal("PostgreSQL makes its own backups: pg_dump --format=custom; see docs/operations.md")
    with refused():
        now = clock_for(settings.clock_file)()
        file = target / name_at(now) if rotate else target
        copies.backup(settings.database_url, file)
    problems = copies.problems(file)
    _say(f"Copied {_file(settings)} to {file}")
    for problem in problems:
        _say(problem)
    _note(settings, now)
    if rotate and not problems:
        _rotate(target)
    return CHECK_FAILED if problems else DONE


def _note(settings: Settings, now: datetime) -> None:
    """Keep the moment for /metrics; the copy is good also where the database takes nothing."""
    try:
        with opened(settings.database_url) as engine:
            note_backup(engine, now)
    except StorageError as error:
        sys.stderr.write(f"The database could not note the moment of the backup: {error}\n")


def _rotate(folder: Path) -> None:
    for name in superfluous(file.name for file in folder.iterdir()):
        try:
            (folder / name).unlink()
        except OSError as error:
            raise Refusal(f"{folder / name}: cannot be removed ({error.strerror})") from error
        _say(f"Removed {folder / name}")


def restore(settings: Settings, source: Path) -> int:
    """Put a backup in the place of the database; what was there is kept beside it."""
    with refused():
        kept = copies.restore(settings.database_url, source, system_clock())
    before = f"; what was there is now {kept}" if kept else ""
    return _say(f"Restored {_file(settings)} from {source}{before}")


def _there(settings: Settings) -> None:
    """Opening would make the file."""
    with refused():
        found = is_there(settings.database_url)
    if not found:
        raise Refusal(f"there is no database {_file(settings)}; `lampwise chat` or `lampwise db upgrade` makes it")


def _file(settings: Settings) -> str:
    """Where the data lies; the address of a server may hold a password and is not shown."""
    url = settings.database_url
    return str(path_of(url)) if url.startswith("sqlite:") else "PostgreSQL"


def _say(sentence: str) -> int:
    sys.stdout.write(f"{sentence}\n")
    return DONE
