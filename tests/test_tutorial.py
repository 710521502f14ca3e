"""The tutorial does what it says: its YAML, its commands, and the finished example, by YAML alone."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.book import build
from dialogs.compile import SHIPPED, compile_folder
from dialogs.events import CommandGiven
from dialogs.headless import Headless
from dialogs.owner import Owner
from dialogs.step import step
from knowledge.yaml_reader import read_document

ROOT = Path(__file__).parents[1]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
EXAMPLE = ROOT / "docs" / "examples" / "studio"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TUTORIAL, re.MULTILINE | re.DOTALL)


def blocks(sort: str) -> list[str]:
    """The code blocks of one language."""
    return [text for language, text in BLOCKS if language == sort]


#: The flow as the page has it, piece by piece, and the talk at its end.
*PIECES, TALK = blocks("yaml")
_PART = re.compile(r"^(\w+):.*?(?=^\w+:|\Z)", re.MULTILINE | re.DOTALL)


def put_together(pieces: Iterable[str]) -> str:
    """As the page tells: a part takes the place of the one of its name, or goes to the end."""
    parts: dict[str, str] = {}
    for piece in pieces:
        parts |= {found[1]: found[0] for found in _PART.finditer(piece)}
    return "".join(parts.values())


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A maintainer's folder as the tutorial has it at its end."""
    for folder in ("flows", "talks"):
        (tmp_path / "my" / folder).mkdir(parents=True)
    (tmp_path / "my" / "flows" / "studio.yaml").write_text(put_together(PIECES), "utf-8")
    (tmp_path / "my" / "talks" / "bright.yaml").write_text(TALK, "utf-8")
    (tmp_path / "my" / "cases.jsonl").write_text(blocks("json")[0], "utf-8")
    shutil.copytree(EXAMPLE, tmp_path / "docs" / "examples" / "studio")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAMPWISE_DIALOGS", "my")
    return tmp_path


COMMANDS = [line.removeprefix("$ lampwise ").split() for text in blocks("console") for line in text.splitlines()]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_works(desk: Path, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With exit code 0 and something to say or to show."""
    assert cli.answer(command) == 0, capsys.readouterr().err
    told = capsys.readouterr()
    assert told.out + told.err or (desk / command[-1]).is_file()


def test_the_first_steps_give_a_verdict(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As the page has it."""
    (desk / "my" / "flows" / "studio.yaml").write_text(PIECES[0], "utf-8")
    cli.answer(COMMANDS[1])
    assert json.loads(capsys.readouterr().out)["verdict"] == "book"


@pytest.mark.parametrize("count", range(1, len(PIECES) + 1))
def test_after_each_piece_the_file_is_sound(desk: Path, count: int) -> None:
    """Whoever stops in between has a dialog that works."""
    (desk / "my" / "flows" / "studio.yaml").write_text(put_together(PIECES[:count]), "utf-8")
    assert compile_folder(desk / "my").findings == ()


def test_whoever_follows_it_has_the_finished_file(desk: Path) -> None:
    """Letter by letter."""
    mine, finished = (read_document(folder / "flows" / "studio.yaml").content for folder in (desk / "my", EXAMPLE))
    assert mine == finished


def test_the_slip_of_the_page_is_found(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In its line, with the option that was meant."""
    file = desk / "my" / "flows" / "studio.yaml"
    text = PIECES[0].replace('samples == "lamps"', 'samples == "lamp"')
    file.write_text(text, "utf-8")
    assert cli.answer(["check", "my"]) == 1
    line = text[: text.index('"lamp"')].count("\n") + 1
    assert f"studio.yaml:{line}:" in capsys.readouterr().out


CASES: list[tuple[dict[str, Any], str, int]] = [
    ({"name": "A", "samples": "lamps", "price": "300", "lamps": "20", "rights": "ours"}, "book", 75),
    ({"name": "A", "samples": "lamps", "price": "1000", "lamps": "20", "rights": "ours"}, "haggle", 65),
    ({"name": "A", "samples": "没有", "price": "三百", "lamps": "20", "rights": "影棚"}, "pass", 5),
    ({"name": "A"}, "haggle", 60),
]


@pytest.mark.parametrize(("answers", "verdict", "score"), CASES)
def test_the_example_advises(answers: dict[str, Any], verdict: str, score: int) -> None:
    """By its YAML alone."""
    book = compile_folder(EXAMPLE).book
    assert book is not None
    studio = Headless(book, book.flows["studio"], "zh-Hans", date(2026, 3, 2))
    told = studio.answer(json.dumps({"id": 1, "answers": answers}))
    assert (told["verdict"], told["score"], told["errors"]) == (verdict, score, [])


def test_the_example_can_be_started_in_a_chat() -> None:
    """By its id, and it stands in the help by its title."""
    book, table = build(EXAMPLE, SHIPPED.parent / "knowledge", "terminal")
    assert "studio" in book.commands
    name, argument = table.named("/studio") or ("", "")
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    event = CommandGiven(id="1", at=at, channel="terminal", chat="a", name=name, argument=argument)
    turn = step(book, Owner(channel="terminal", chat="a", privacy_shown=True), event)
    assert "这家影棚叫什么" in repr(turn.effects)
