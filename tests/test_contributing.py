"""CONTRIBUTING.md sends nobody to a file that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

ROWS = re.findall(r"^\| (I want to|[a-z].*?) \| (.+) \|$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)


def paths(cell: str) -> list[str]:
    """The files and folders that a cell names; `<name>` stands for any name."""
    named = re.findall(r"`([\w.<>/-]+)`", cell)
    return [re.sub(r"<[^>]+>", "*", name) for name in named if "/" in name or "." in name]


def test_the_table_is_read() -> None:
    """Otherwise the test below would try nothing."""
    assert len(ROWS) > 25


@pytest.mark.parametrize(("wish", "cell"), ROWS, ids=[wish[:40] for wish, _ in ROWS])
def test_every_path_of_the_table_is_there(wish: str, cell: str) -> None:
    """Whoever wants this opens a file that exists, or one of the folder's kind."""
    named = paths(cell)
    assert named or cell.startswith("the same"), f"{wish}: no file is named"
    assert [path for path in named if not any(ROOT.glob(path.rstrip("/")))] == []
