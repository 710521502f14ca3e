"""The manifest of texts is what the code looks up, and what we ship; `check` holds files of texts to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from dialogs.check import check_paths, sentences, tell
from dialogs.compile import SHIPPED
from dialogs.held.texts import MANIFEST, check
from dialogs.wording import Wording
from knowledge.yaml_reader import read_bytes
from tests import text_ids

BOT = SHIPPED.parent / "bot"


def texts() -> Mapping[str, Wording]:
    """All shipped texts by id."""
    return {id: text for file in text_ids.shipped().values() for id, text in file.items()}


def test_the_manifest_is_current() -> None:
    """Else: make reference."""
    assert MANIFEST.read_text("utf-8") == text_ids.manifest(), "run `make reference`"


def test_the_code_looks_up_no_text_that_there_is_not() -> None:
    """By its id, or by the shape of one that is put together."""
    assert [one for one in text_ids.lookups() if not any(one.finds(id) for id in texts())] == []
    assert len(text_ids.lookups()) > 300


def test_no_text_is_there_that_nothing_looks_up() -> None:
    """Whoever changes it would change nothing."""
    assert [id for id in texts() if not text_ids.looked_up(id)] == []


def test_every_place_of_a_shipped_text_is_filled() -> None:
    """By each call that names the text."""
    wrong = [
        (one.where, id) for one in text_ids.lookups() if one.plain and one.places is not None
        for id, text in texts().items() if one.finds(id) and not text.names <= one.places
    ]  # fmt: skip
    assert wrong == []


SLIPS = [
    ("texts/phrases.yaml", "  echo:", "  ecko:", "text-unknown", "error"),
    ("texts/phrases.yaml", "按 {value} 记下", "按 {valeu} 记下", "text-place-unknown", "error"),
    ("texts/phrases.yaml", "按 {value} 记下", "按 {value 记下", "place-not-closed", "error"),
    ("texts/phrases.yaml", "换个说法再试一次", "换个说法 #1 再试一次", "text-cut", "error"),
    ("texts/letters.yaml", "  letter-signed:", "  letter-singed:", "text-unknown", "error"),
    ("texts/letters.yaml", "{merchant}", "{phone}", "text-place-unknown", "error"),
    ("texts/letters.yaml", "{agency}", "{agancy}", "text-place-unknown", "error"),
    ("texts/letters.yaml", "{agency}", "{Agency}", "place-malformed", "error"),
    ("texts/readings.yaml", "  per-month:", "  per-mouth:", "text-unknown", "error"),
    ("texts/telegram.yaml", "  many-hint-telegram:", "  mani-hint-telegram:", "text-unknown", "error"),
    ("texts/phrases.yaml", "texts:", "texts:\n  zzz-nobody:\n    zh-Hans: 无\n    en: None", "text-unknown", "warning"),
    ("gateways/terminal.yaml", "  name-taken:", "  name-token:", "text-unknown", "error"),
    ("gateways/telegram.yaml", "{link}", "{links}", "text-place-unknown", "error"),
    ("gaps.yaml", "  gaps-none:", "  gap-none:", "text-unknown", "error"),
    ("texts/findings.yaml", "{limit}", "{limits}", "text-place-unknown", "error"),
]


@pytest.mark.parametrize(("name", "find", "put", "code", "level"), SLIPS)
def test_a_slip_in_a_file_of_texts_is_found(
    name: str, find: str, put: str, code: str, level: str, tmp_path: Path
) -> None:
    """In its line, with what is meant where that can be told, and in one finding."""
    origin = SHIPPED / name if name.startswith("texts/") else BOT / name
    file = tmp_path / (name if "/" in name else f"bot/{name}")
    file.parent.mkdir()
    text = origin.read_text("utf-8")
    assert find in text
    file.write_text(text.replace(find, put, 1), "utf-8")
    found = [one for one in check_paths([file]) if one.code not in ("places-differ", "allow-unused")]
    at = text.count("\n", 0, text.index(find)) + (2 if "zzz" in put else 1)
    assert [(one.line, one.code, one.level) for one in found] == [(at, code, level)]
    told = tell(found[0], "zh-Hans", sentences())
    assert "{" not in told.replace(put, "").replace("{value", "").replace("花括号“{”", ""), told
    if find.strip().endswith(":") and "zzz" not in put:
        assert found[0].values["near"] == find.strip(" :")


@pytest.mark.parametrize("folder", [SHIPPED / "texts", BOT / "gateways", BOT / "gaps.yaml"])
def test_what_we_ship_is_held(folder: Path) -> None:
    """Nothing is missing, unknown or unfilled in it."""
    assert check_paths([folder]) == ()


def without_echo() -> tuple[str, str]:
    """The shipped phrases without one of them, and that one."""
    text = (SHIPPED / "texts" / "phrases.yaml").read_text("utf-8")
    start = text.index("  echo:")
    end = text.index("\n  ", text.index("    en:", start)) + 1
    return text[:start] + text[end:], "texts:\n" + text[start:end]


def missing(text: str, beside: Collection[str] = ()) -> list[str]:
    """The texts that are found missing where the shipped phrases are this text."""
    document = read_bytes(text.encode(), str(SHIPPED / "texts" / "phrases.yaml"))
    return [one.values["name"] for one in check([document], lambda _: beside) if one.code == "text-missing"]


def test_a_text_that_is_missing_is_named() -> None:
    """Unless another file of the folder has it."""
    assert missing(without_echo()[0]) == ["echo"]
    assert missing(without_echo()[0], ["echo"]) == []


def test_a_folder_of_ones_own_need_not_have_all_texts(tmp_path: Path) -> None:
    """The shipped ones are added to it."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "phrases.yaml").write_text(without_echo()[0], "utf-8")
    (folder / "house.yaml").write_text(without_echo()[1], "utf-8")
    assert check_paths([folder]) == ()
    (folder / "house.yaml").write_text(without_echo()[1].replace("echo", "ecko"), "utf-8")
    assert [(one.code, one.values["near"], one.level) for one in check_paths([folder])] == [
        ("text-unknown", "", "warning")
    ]
