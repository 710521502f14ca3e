"""A save is tried before it is taken up: what breaks a talk, or is wrong only since, leaves what is in force."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import beside
from bot import reload as reloading
from bot.found import Found
from bot.given import built
from bot.refusal import Refusal
from bot.reload import Reload
from bot.settings import Settings, load
from bot.trial import Trial, tried
from dialogs.compile import Book
from dialogs.kinds import words
from scheduler import working_days

ROOT = Path(__file__).parents[2]
TALK = """\
talk: a studio
language: en
says:
  - you: /studio
    we: What is the studio called?
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Those of a maintainer with a small dialog and a talk of their own."""
    shutil.copytree(ROOT / "docs" / "examples" / "studio", tmp_path / "my")
    (tmp_path / "my" / "talks").mkdir()
    (tmp_path / "my" / "talks" / "studio.yaml").write_text(TALK, "utf-8")
    monkeypatch.setenv("LAMPWISE_DIALOGS", str(tmp_path / "my"))
    monkeypatch.chdir(tmp_path)
    return load()


@dataclass
class Here:
    """A trial in this process; `meanwhile` happens while it is under way."""

    settings: Settings
    changed: Sequence[Path]
    meanwhile: Callable[[], None]
    stopped: list[bool] = field(default_factory=list[bool])

    def outcome(self, seconds: float) -> Sequence[Found] | None:
        if self.meanwhile is not nothing:
            self.meanwhile()
            self.meanwhile = nothing
            return None
        return list(tried(self.settings, self.changed))

    def stop(self) -> None:
        self.stopped.append(True)


def nothing() -> None:
    """Nothing happens."""


class Desk:
    """What a reload with a trial did; `meanwhile` are what happens during each trial, in turn."""

    def __init__(self, settings: Settings, *meanwhile: Callable[[], None]) -> None:
        self.settings = settings
        self.books: list[Book] = []
        self.told: list[tuple[str, str]] = []
        self.trials: list[Here] = []
        self._meanwhile = list(meanwhile)
        book, _ = built(settings, "terminal", "en")
        self.reload = Reload(settings, "terminal", book, self.books.append, self._tell, begin=self._begin)

    def _begin(self, settings: Settings, changed: Sequence[Path]) -> Here:
        here = Here(settings, changed, self._meanwhile.pop(0) if self._meanwhile else nothing)
        self.trials.append(here)
        return here

    def _tell(self, what: str, lines: Sequence[str]) -> None:
        self.told.append((what, "\n".join(lines)))

    def save(self, name: str, old: str, new: str) -> None:
        edit(self.settings.dialogs / name, old, new)

    def look(self) -> None:
        self.reload.look_again()
        self.reload.look_again()


def edit(file: Path, old: str, new: str) -> None:
    """As an editor does: the moment of the last change is another."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    state = file.stat()
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns + 1))


ASKS, FLOW, OWN_TALK = "What is the studio called?", "flows/studio.yaml", "talks/studio.yaml"


def test_a_save_that_breaks_a_talk_is_not_taken_up(settings: Settings) -> None:
    """The talk is named with its line; saved along with the talk it is taken up."""
    desk = Desk(settings)
    desk.save(FLOW, ASKS, "Name, please?")
    desk.look()
    assert desk.books == []
    (what, line), *others = desk.told
    assert (what, others) == ("reload-refused", [])
    assert "my/talks/studio.yaml:5:9: talk-not-answered" in line
    desk.save(OWN_TALK, ASKS, "Name, please?")
    desk.look()
    assert desk.books[0].flows["studio"].questions[0].ask.en == "Name, please?"
    assert all(one.stopped for one in desk.trials)


def test_a_save_that_breaks_no_talk_is_taken_up(settings: Settings) -> None:
    desk = Desk(settings)
    desk.save(FLOW, ASKS, f"{ASKS} Any.")
    desk.look()
    assert [what for what, _ in desk.told] == ["reload-taken"]


def test_a_talk_that_was_broken_before_stands_in_nobodys_way(settings: Settings) -> None:
    """But what it says wrong since this save does."""
    edit(settings.dialogs / OWN_TALK, ASKS, "Good morning")
    desk = Desk(settings)
    desk.save(FLOW, ASKS, "Name, please?")
    desk.look()
    assert [what for what, _ in desk.told] == ["reload-taken"]


def test_an_error_that_was_there_before_stands_in_nobodys_way(settings: Settings) -> None:
    """One that came with the save does, in any file of the folders."""
    edit(settings.dialogs / FLOW, "why: ", "why: no-such-")
    desk = Desk(settings)
    desk.save(FLOW, ASKS, f"{ASKS} Any.")
    desk.look()
    assert [what for what, _ in desk.told] == ["reload-taken"]
    desk.save(FLOW, "flow: studio", "flow: help")
    desk.look()
    assert desk.told[-1][0] == "reload-refused"
    assert "flow-is-command" in desk.told[-1][1]


def test_folders_without_talks_work(settings: Settings) -> None:
    shutil.rmtree(settings.dialogs / "talks")
    desk = Desk(settings)
    desk.save(FLOW, ASKS, "Name, please?")
    desk.look()
    assert [what for what, _ in desk.told] == ["reload-taken"]


def test_a_save_while_the_former_is_tried_ends_that_trial(settings: Settings) -> None:
    """Nothing is said of it; the newest is tried and taken up."""
    desk = Desk(settings, lambda: desk.save(FLOW, f"{ASKS} Any.", f"{ASKS} It."))
    desk.save(FLOW, ASKS, f"{ASKS} Any.")
    desk.look()
    assert (desk.books, desk.told, desk.trials[0].stopped) == ([], [], [True])
    desk.look()
    assert [book.flows["studio"].questions[0].ask.en for book in desk.books] == [f"{ASKS} It."]


def test_a_save_that_was_refused_is_tried_with_the_next(settings: Settings) -> None:
    """Another file that is sound does not carry it in; taken back, nothing is left to say."""
    desk = Desk(settings)
    desk.save(FLOW, ASKS, "Name, please?")
    desk.look()
    (settings.dialogs / "texts").mkdir()
    (settings.dialogs / "texts" / "house.yaml").write_text("texts:\n  apology: {zh-Hans: 抱歉, en: Sorry.}\n", "utf-8")
    desk.look()
    assert [what for what, _ in desk.told] == ["reload-refused"] * 2
    desk.save(FLOW, "Name, please?", ASKS)
    desk.look()
    assert desk.told[-1][0] == "reload-taken"


def test_a_text_that_is_misspelt_is_not_taken_up(settings: Settings) -> None:
    """Every answer would have failed."""
    folder = settings.dialogs / "texts"
    folder.mkdir()
    shipped = (ROOT / "dialogs" / "texts" / "phrases.yaml").read_text("utf-8")
    (folder / "phrases.yaml").write_text(shipped, "utf-8")
    desk = Desk(settings)
    desk.save("texts/phrases.yaml", "{value} 记下", "{valeu} 记下")
    desk.look()
    assert desk.told[0][0] == "reload-refused"
    assert "text-place-unknown" in desk.told[0][1]


@pytest.mark.slow
def test_the_trial_in_a_process_of_its_own(settings: Settings) -> None:
    """It finds the same as here, and can be ended."""
    edit(settings.dialogs / FLOW, ASKS, "Name, please?")
    changed = [settings.dialogs / FLOW]
    trial = Trial(settings, changed)
    while (outcome := trial.outcome(0.5)) is None:
        pass
    trial.stop()
    assert list(outcome) == list(tried(settings, changed))
    assert [one.code for one in outcome] == ["talk-not-answered"]
    ended = Trial(settings, changed)
    ended.stop()


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the holidays in the place of ours."""
    file = tmp_path / "holidays.yaml"
    shutil.copy(working_days.SHIPPED, file)
    monkeypatch.setattr(working_days, "SHIPPED", file)
    monkeypatch.setattr(beside, "FILES", (*beside.FILES, file))
    working_days.shipped_working_days.cache_clear()
    return file


def test_a_broken_table_of_days_is_refused_at_the_start(settings: Settings, tables: Path) -> None:
    """With file, line and what to write."""
    edit(tables, "2026-01-01 to 2026-01-03", "2026-01-01 to 2026-02-30")
    with pytest.raises(Refusal, match=r"holidays.yaml:\d+:\d+: no-such-day"):
        built(settings, "terminal", "en")
    working_days.shipped_working_days.cache_clear()


def test_a_broken_table_of_days_leaves_the_one_in_use(settings: Settings, tables: Path) -> None:
    """And a sound one is taken up while the program runs."""
    desk = Desk(settings)
    before = working_days.shipped_working_days()
    edit(tables, "2026-01-01 to 2026-01-03", "2026-01-01 to 2026-02-30")
    desk.look()
    assert "no-such-day" in desk.told[0][1]
    assert working_days.shipped_working_days() is before
    edit(tables, "2026-01-01 to 2026-02-30", "2026-01-01 to 2026-01-02")
    desk.look()
    assert desk.told[-1][0] == "reload-taken"
    assert len(working_days.shipped_working_days().off) == len(before.off) - 1
    working_days.shipped_working_days.cache_clear()


def test_words_are_taken_up_and_broken_ones_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered in other shapes follows."""
    file = tmp_path / "kinds" / "words.yaml"
    file.parent.mkdir()
    shutil.copy(words.FILE, file)
    monkeypatch.setattr(words, "FILE", file)
    monkeypatch.setattr(beside, "FILES", (file,))
    edit(file, "not_sure: [", "not_sure: [天晓得, ")
    beside.take_up([file])
    assert words.means_not_sure("天晓得")
    edit(file, "not_sure: [", "not_sure: ][")
    with pytest.raises(ValueError, match=r"words\.yaml"):
        beside.take_up([file])
    assert words.means_not_sure("天晓得")
    monkeypatch.undo()
    monkeypatch.setattr(beside, "FILES", (file,))
    beside.take_up([file])
    assert not words.means_not_sure("天晓得")


def test_the_files_beside_are_watched(settings: Settings) -> None:
    watched = {path for path, _, _ in reloading.look(settings)}
    assert set(beside.FILES) <= watched
