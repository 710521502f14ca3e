"""The commands are looked at as dialogs are: what does nothing, or means two things, is told where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import settings
from bot.check_commands import findings, of_document
from knowledge.yaml_reader import read_bytes

SOUND = """\
commands:
  vet:
    says: {zh-Hans: 看一家, en: Vet one}
    words: [看代运营, agency]
  help:
    says: {zh-Hans: 帮助, en: Help}
    words: [怎么用]
"""


def found(text: str) -> list[tuple[int, str, str]]:
    """Line, code and what was probably meant."""
    told = of_document(read_bytes(text.encode(), "commands.yaml"), {"vet", "help"})
    return [(one.line, one.code, one.values.get("near", "")) for one in told]


def test_sound_commands_have_no_findings() -> None:
    assert found(SOUND) == []


def test_the_shipped_commands_are_sound() -> None:
    assert list(findings(settings.load(), [Path(settings.__file__).with_name("commands.yaml")])) == []


@pytest.mark.parametrize(
    ("find", "put", "told"),
    [
        ("  vet:", "  vett:", (2, "command-does-nothing", "vet")),
        ("[怎么用]", "[怎么用, AGENCY]", (7, "command-word-twice", "")),
        ("[怎么用]", "[vet]", (7, "command-word-twice", "")),
        ("    words: [怎么用]", "    word: [怎么用]", (7, "unknown-key", "words")),
        ("{zh-Hans: 帮助, en: Help}", "{zh-Hans: 帮助}", (6, "missing-language", "")),
        ("[怎么用]", "怎么用", (7, "list-wanted", "")),
        ("  help:", "  help：", (5, "wide-colon", "")),
    ],
)
def test_each_slip_is_told_at_its_line(find: str, put: str, told: tuple[int, str, str]) -> None:
    assert SOUND.count(find) == 1
    assert found(SOUND.replace(find, put)) == [told]
