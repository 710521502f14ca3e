"""The slash commands: that the file is complete, and what a typed line names."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.command_table import FILE, OF_CHANNELS, load
from dialogs.commands import COMMANDS
from dialogs.compile import SHIPPED
from dialogs.loop.contracts import WITHIN
from knowledge.yaml_reader import read_document

TABLE, FINDINGS = load("terminal")


def test_the_file_is_sound() -> None:
    """It is read as strictly as a dialog."""
    assert FINDINGS == ()


def test_every_command_and_dialog_is_in_the_file() -> None:
    """Except resume, which is no word of a person but what a start means, and what is begun from a contract."""
    flows = {file.stem for file in (SHIPPED / "flows").glob("*.yaml")} - WITHIN
    assert set(TABLE.says) == (COMMANDS.keys() - {"resume"}) | flows | set(OF_CHANNELS)


def test_a_word_means_one_command() -> None:
    """Nor is it the name of another."""
    commands = read_document(FILE).content["commands"]
    words = Counter(word for name, command in commands.items() for word in {name, *command["words"]})
    assert [word for word, times in words.items() if times > 1] == []
    assert all(TABLE.named(f"/{word}") == (name, "") for name, one in commands.items() for word in one["words"])


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("/assess", ("assess", "")),
        ("/评估", ("assess", "")),
        ("/評估", ("assess", "")),
        ("／ｈｅｌｐ", ("help", "")),
        ("  /HELP  ", ("help", "")),
        ("/answers 3", ("answers", "3")),
        ("／语言\u3000英文", ("language", "英文")),
        ("/language  zh-Hant ", ("language", "zh-Hant")),
        ("/", ("help", "")),
        ("/nothing of ours", ("nothing", "of ours")),
        ("help", None),
        ("3/4", None),
        ("", None),
    ],
)
def test_a_line_names_a_command(line: str, named: tuple[str, str] | None) -> None:
    """One that begins with a slash of either width; the name may be any word for it."""
    assert TABLE.named(line) == named


def test_leaving_is_for_the_terminal() -> None:
    """In a chat platform there is nothing to leave."""
    assert "quit" in TABLE.says
    assert "quit" not in load("telegram")[0].says


def test_a_broken_file_is_told_with_its_place(tmp_path: Path) -> None:
    """It gives findings, not an exception."""
    file = tmp_path / "commands.yaml"
    file.write_text("commands:\n  back:\n    sais: {zh-Hans: 回, en: back}\n", "utf-8")
    table, findings = load("terminal", file)
    assert table.says == {}
    assert (3, "unknown-key") in [(finding.line, finding.code) for finding in findings]
