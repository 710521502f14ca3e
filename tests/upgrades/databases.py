"""Databases of released schemas, made from their SQL text."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
#: Released schemas, oldest first.
SCHEMAS = sorted(folder.name for folder in HERE.glob("[0-9][0-9][0-9][0-9]"))


def sqlite(schema: str, file: Path) -> str:
    """Make the database at `file`; its address."""
    connection = sqlite3.connect(file)
    connection.executescript((HERE / schema / "sqlite.sql").read_text("utf-8"))
    connection.close()
    return f"sqlite:///{file}"


def postgresql(schema: str, url: str) -> str:
    """Make it in the empty database at `url`; its address."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute((HERE / schema / "postgresql.sql").read_text("utf-8").encode())
    return url


def exports(schema: str) -> Iterator[tuple[str, Mapping[str, Sequence[Mapping[str, Any]]]]]:
    """Each owner as `channel:chat` with what `lampwise export` said of them then, by table."""
    for line in (HERE / schema / "exports.jsonl").read_text("utf-8").splitlines():
        found = json.loads(line)
        yield found["owner"], found["kept"]
