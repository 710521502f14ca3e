"""`lampwise db …`: the tables, a copy, the way back, and whether all is sound.

Not its job: how any of it is done (`storage`).
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.clock import system_clock
from bot.database import refused
from bot.refusal import CHECK_FAILED, DONE, Refusal
from bot.settings import Settings
from storage import backup as copies
from storage import migrate, schema
from storage.address import path_of
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


def backup(settings: Settings, target: Path) -> int:
    """Copy the database to a new file, also while it is in use."""
    with refused():
        copies.backup(settings.database_url, target)
    return _say(f"Copied {_file(settings)} to {target}")


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
