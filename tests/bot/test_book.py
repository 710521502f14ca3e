"""The book that conversations run on: its commands, and the topics that it cites."""

from __future__ import annotations

from pathlib import Path

import pytest

import dialogs as shipped_dialogs
import knowledge as shipped_knowledge
from bot.book import BookBroken, build


def test_a_cited_topic_is_told_by_its_entry(dialogs: Path, knowledge: Path) -> None:
    """Its title is the reason's source, its short text answers "why do you ask"."""
    book, _ = build(dialogs, knowledge, "terminal")
    assert book.topics["ad-claims"].zh_hans == "宣传用语"
    assert book.whys["ad-claims"].en == "Test first."


@pytest.mark.parametrize("topic", ["broken", "no-such-topic", "../secret"])
def test_an_entry_that_cannot_be_read_is_none(dialogs: Path, knowledge: Path, topic: str) -> None:
    """It stops no conversation."""
    book, _ = build(dialogs, knowledge, "terminal")
    assert book.topics.get(topic) is None
    assert topic not in book.whys


def test_the_topics_can_be_counted(dialogs: Path, knowledge: Path) -> None:
    """As of any mapping."""
    book, _ = build(dialogs, knowledge, "terminal")
    assert list(book.topics) == ["ad-claims", "broken"]
    assert len(book.topics) == 2


def test_a_dialog_that_was_taken_out_is_not_offered(dialogs: Path, knowledge: Path) -> None:
    """A maintainer's own folder may have other dialogs than ours."""
    book, _ = build(dialogs, knowledge, "terminal")
    assert "vet" not in book.commands
    assert {"help", "menu", "quit"} <= book.commands.keys()


def test_a_broken_dialog_gives_its_findings(dialogs: Path, knowledge: Path) -> None:
    """All of them, each with its place."""
    file = dialogs / "flows" / "lamps.yaml"
    file.write_text(file.read_text("utf-8").replace("kind: money", "kind: mony"), "utf-8")
    with pytest.raises(BookBroken) as caught:
        build(dialogs, knowledge, "terminal")
    assert [finding.code for finding in caught.value.findings] == ["not-one-of"]


def test_what_is_shipped_is_a_book() -> None:
    """With both dialogs."""
    book, _ = build(Path(shipped_dialogs.__path__[0]), Path(shipped_knowledge.__path__[0]), "terminal")
    assert {"assess", "vet"} <= book.flows.keys() & book.commands.keys()


def test_a_channel_says_a_text_its_own_way() -> None:
    """KEY-telegram stands for KEY there, and fills the same places; elsewhere nothing changes."""
    folders = Path(shipped_dialogs.__path__[0]), Path(shipped_knowledge.__path__[0])
    there, here = (build(*folders, channel)[0].phrases for channel in ("telegram", "terminal"))
    own = {key.removesuffix("-telegram"): text for key, text in here.items() if key.endswith("-telegram")}
    assert own.keys() <= here.keys()
    assert {key: there[key] for key in own} == own
    assert all(own[key].names <= here[key].names for key in own)
    assert "Tap" not in here["many-hint"].en


def test_nobody_is_told_that_a_server_is_his_own_machine() -> None:
    """Where answers lie depends on where the program runs."""
    folders = Path(shipped_dialogs.__path__[0]), Path(shipped_knowledge.__path__[0])
    kept = [build(*folders, channel)[0].phrases["where-kept"].en for channel in ("telegram", "terminal")]
    assert kept == ["on the machine I run on", "on this computer"]


def test_a_folders_texts_go_before_ours_id_by_id(dialogs: Path, knowledge: Path) -> None:
    """In whatever file they stand; a folder of an older version lacks texts that came later, and gets ours."""
    (dialogs / "texts").mkdir(exist_ok=True)
    text = "texts:\n  apology:\n    zh-Hans: 抱歉，您稍等。\n    en: Sorry, one moment.\n"
    (dialogs / "texts" / "phrases.yaml").write_text(text, "utf-8")
    (dialogs / "texts" / "house.yaml").write_text(text.replace("apology", "echo"), "utf-8")
    ours = build(Path(shipped_dialogs.__path__[0]), Path(shipped_knowledge.__path__[0]), "terminal")[0].phrases
    theirs = build(dialogs, knowledge, "terminal")[0].phrases
    assert theirs.keys() == ours.keys()
    assert {key for key in ours if theirs[key] != ours[key]} == {"apology", "echo"}
