"""A fresh database for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import schema
from storage.engine import open_database
from storage.store import Store
from tests.storage.sample import apology


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "lampwise.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    opened = open_database(url)
    schema.ensure(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine=engine, apology=apology)
