"""Folders that a maintainer copied from a released version go on working: found sound, started, every talk played."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import cli
from bot.given import built, settings
from bot.settings import variable

FOLDERS = sorted(folder.parent for folder in Path(__file__).parent.glob("*/dialogs"))


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv(variable("dialogs"), str(request.param / "dialogs"))
    monkeypatch.setenv(variable("knowledge"), str(request.param / "knowledge"))
    monkeypatch.setenv(variable("database_url"), f"sqlite:///{tmp_path / 'a.db'}")
    return request.param


@pytest.mark.parametrize("channel", ["terminal", "telegram"])
def test_a_program_starts_with_them(folder: Path, channel: str) -> None:
    book, _ = built(settings(), channel, "zh-Hans")
    assert {"assess", "vet", "contract", "review", "exit"} <= book.flows.keys()


def test_every_talk_goes_as_it_went(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer(["test", str(folder / "dialogs" / "talks")]) == 0, capsys.readouterr().out
