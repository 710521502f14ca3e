"""Both kinds of database for what has to hold on either."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, settings_of_ours: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        settings_of_ours.parent.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{settings_of_ours}"
    return request.getfixturevalue("server_url")
