"""One program for one owner; the system lets go when a program ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import locks
from storage.errors import AlreadyRunning


def test_case_28_the_same_owner_is_held_once(url: str, path: Path) -> None:
    with locks.hold(url, "terminal:wang"):
        with pytest.raises(AlreadyRunning, match="terminal:wang"), locks.hold(url, "terminal:wang"):
            pass
        with locks.hold(url, "terminal:\ud800"):
            pass
    with locks.hold(url, "terminal:wang"):
        pass
    assert list(path.parent.iterdir()) == []


def test_case_28_a_database_in_use_is_not_had_alone(engine: Engine, path: Path) -> None:
    with engine.connect(), pytest.raises(AlreadyRunning), locks.alone(path):
        pass
    engine.dispose()
    with locks.alone(path):
        pass
