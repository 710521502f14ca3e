"""A file that is saved while a bot serves: taken up whole, or not at all."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from bot.serve_reload import reload
from tests.bot.serving.fake import FakeClient, Talk, talking


def save(file: Path, old: str, new: str) -> None:
    """As an editor does."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    state = file.stat()
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns + 1))


async def looked(talk: Talk, file: Path, old: str, new: str) -> None:
    """Saved, and looked at until it stays as it is."""
    watching = reload(talk.serving, begin=None)
    save(file, old, new)
    watching.look_again()
    watching.look_again()
    await asyncio.sleep(0)


def edited(settings_of_ours: Path, dialogs: Path, old: str, new: str) -> FakeClient:
    """What somebody was sent whose dialog was edited between two of his answers."""

    async def main() -> FakeClient:
        async with talking(settings_of_ours) as talk:
            await talk.type("/lamps")
            await talk.press("工厂")
            await looked(talk, dialogs / "flows" / "lamps.yaml", old, new)
            await talk.type("10万")
            return talk.client

    return asyncio.run(main())


def test_a_saved_dialog_goes_on_where_people_are(
    settings_of_ours: Path, dialogs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answers count, the menu of commands is told anew, and the log says it."""
    client = edited(settings_of_ours, dialogs, "开了哪些店", "店开在哪里")
    assert client.profiles
    assert "店开在哪里" in client.said[-1][2]
    assert "book-taken-up" in capsys.readouterr().out


def test_a_broken_dialog_leaves_the_last_good_one_in_force(
    settings_of_ours: Path, dialogs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The log says file, line and column; nobody who talks notices."""
    client = edited(settings_of_ours, dialogs, "kind: many", "kind: mony")
    assert "开了哪些店" in client.said[-1][2]
    said = capsys.readouterr().out
    line = (dialogs / "flows" / "lamps.yaml").read_text("utf-8").split("kind: mony")[0].count("\n") + 1
    assert "book-refused" in said
    assert f"lamps.yaml:{line}:" in said
