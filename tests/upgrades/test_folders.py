"""Folders that a maintainer copied from a released version go on working: found sound, started, every talk played."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import cli
from bot.given import built, settings
from bot.settings import variable

FOLDERS = sorted(folder.parent for folder in Path(__file__).parent.glob("*/dialogs"))

#: What these talks expect and a later version rightly says otherwise.
OTHERWISE = {
    # 0.1.0 took "2" as the name of an agency; now it is asked whether that is a company's name.
    "0.1.0": {("menu-and-commands", "talk-not-answered"), ("menu-and-commands", "talk-not-noted")},
}


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
    cli.answer(["test", str(folder / "dialogs" / "talks")])
    found = re.findall(r"([\w-]+)\.yaml:\d+:\d+: ([\w-]+)", capsys.readouterr().out)
    assert set(found) == OTHERWISE[folder.name]
