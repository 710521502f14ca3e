"""One program for one owner; the system lets go when a program ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import locks
from storage.address import path_of
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


@pytest.mark.parametrize("way", ["link.db", "folder/lampwise.db", "kept/../kept/lampwise.db", "relative"])
def test_case_28_every_way_to_the_file_leads_to_the_same_lock(
    tmp_path: Path, path: Path, url: str, engine: Engine, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a link to the file or to its folder, and from another folder."""
    (tmp_path / "link.db").symlink_to(path)
    (tmp_path / "folder").symlink_to(path.parent, target_is_directory=True)
    monkeypatch.chdir(path.parent)
    other = "sqlite:///lampwise.db" if way == "relative" else f"sqlite:///{tmp_path}/{way}"
    with locks.hold(url, "serve"), pytest.raises(AlreadyRunning, match="serve"), locks.hold(other, "serve"):
        pass
    with locks.hold(other, "serve"), pytest.raises(AlreadyRunning, match="serve"), locks.hold(url, "serve"):
        pass
    with engine.connect(), pytest.raises(AlreadyRunning), locks.alone(path_of(other)):
        pass


def test_case_28_a_link_to_a_file_that_is_not_there_yet_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "data" / "lampwise.db")
    one, other = (f"sqlite:///{tmp_path}/{name}" for name in ("link.db", "data/lampwise.db"))
    with locks.hold(one, "serve"), pytest.raises(AlreadyRunning), locks.hold(other, "serve"):
        pass
