"""A saved file is taken up while people talk; a broken one changes nothing and says where it is broken."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest

from bot.given import built
from bot.reload import EVERY, Reload
from bot.settings import Settings, load
from dialogs.compile import Book

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Those of a maintainer with a small dialog of his own."""
    shutil.copytree(ROOT / "docs" / "examples" / "studio", tmp_path / "my")
    monkeypatch.setenv("LAMPWISE_DIALOGS", str(tmp_path / "my"))
    monkeypatch.chdir(tmp_path)
    return load()


class Desk:
    """What a reload did."""

    def __init__(self, settings: Settings) -> None:
        self.file = settings.dialogs / "flows" / "studio.yaml"
        self.books: list[Book] = []
        self.told: list[str] = []
        self.taken = Event()
        self.book, _ = built(settings, "terminal", "en")
        self.reload = Reload(settings, "terminal", self.book, self._take, self._tell)

    def _tell(self, what: str, findings: Sequence[str]) -> None:
        self.told.append("\n".join([what, *findings]))

    def _take(self, book: Book) -> None:
        self.books.append(book)
        self.taken.set()

    def save(self, old: str, new: str) -> None:
        """As an editor does: the size or the moment of the last change is another."""
        text = self.file.read_text("utf-8")
        assert old in text
        self.file.write_text(text.replace(old, new), "utf-8")
        state = self.file.stat()
        os.utime(self.file, ns=(state.st_atime_ns, state.st_mtime_ns + 1))

    def look(self) -> None:
        """Twice, as nothing is taken while somebody may still be saving."""
        self.reload.look_again()
        self.reload.look_again()


def test_a_saved_file_is_taken_up(settings: Settings) -> None:
    """As a whole, with what was learnt from the books."""
    desk = Desk(settings)
    desk.save("What is the studio called?", "Name, please?")
    desk.look()
    assert [book.flows["studio"].questions[0].ask.en for book in desk.books] == ["Name, please?"]
    assert desk.books[0].library is desk.book.library
    assert len(desk.told) == 1


def test_a_broken_file_changes_nothing_and_is_told_with_its_place(settings: Settings) -> None:
    """Once; and when it is mended it is taken up."""
    desk = Desk(settings)
    desk.save("kind: money", "kind: mony")
    desk.look()
    desk.look()
    line = desk.file.read_text("utf-8").split("kind: mony")[0].count("\n") + 1
    assert desk.books == []
    assert len(desk.told) == 1
    assert f"studio.yaml:{line}:15: not-one-of" in desk.told[0]
    desk.save("kind: mony", "kind: money")
    desk.look()
    assert len(desk.books) == 1


def test_a_file_that_is_being_saved_is_waited_for(settings: Settings) -> None:
    """Half a file is nobody's mistake."""
    desk = Desk(settings)
    desk.save("What is the studio called?", "Na")
    desk.reload.look_again()
    desk.save("en: Na\n", "en: Name, please?\n")
    desk.reload.look_again()
    assert desk.books == []
    desk.reload.look_again()
    assert [book.flows["studio"].questions[0].ask.en for book in desk.books] == ["Name, please?"]


def test_a_file_that_is_deleted_or_new_counts(settings: Settings) -> None:
    """The dialog goes or comes."""
    desk = Desk(settings)
    desk.file.rename(desk.file.with_suffix(".off"))
    desk.look()
    assert "studio" not in desk.books[-1].flows


def test_it_watches_by_itself(settings: Settings) -> None:
    """Within a second where the machine has nothing else to do; here it is only awaited."""
    desk = Desk(settings)
    assert EVERY <= 0.25
    with desk.reload.watching():
        desk.save("What is the studio called?", "Name, please?")
        assert desk.taken.wait(20)
    assert desk.books[0].flows["studio"].questions[0].ask.en == "Name, please?"
