"""Declares the commands of `lampwise db`; what they do stands in `db_commands`, as for the commands in `cli`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

db = typer.Typer(rich_markup_mode=None, help="The database: its tables, copies of it, its soundness.",
                 epilog="Example: lampwise db check")  # fmt: skip


@db.command("upgrade", epilog="Example: lampwise db upgrade")
def db_upgrade() -> int:
    """Bring the tables to the newest version; make the database where there is none."""
    from bot import db_commands, given

    return db_commands.upgrade(given.settings())


@db.command("check", epilog="Example: lampwise db check")
def db_check() -> int:
    """See whether the database is sound."""
    from bot import db_commands, given

    return db_commands.check(given.settings())


@db.command("backup", epilog="Example: lampwise db backup monday.db")
def db_backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; with --rotate a folder.")],
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Keep the newest of each of 7 days and 4 weeks in the folder FILE.")
    ] = False,
) -> int:
    """Copy the database, also while it is in use, and check the copy."""
    from bot import db_commands, given

    return db_commands.backup(given.settings(), file, rotate=rotate)


@db.command("restore", epilog="Example: lampwise db restore monday.db")
def db_restore(file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `db backup` made.")]) -> int:
    """Put a copy in the place of the database; what was there is kept beside it."""
    from bot import db_commands, given

    return db_commands.restore(given.settings(), file)
