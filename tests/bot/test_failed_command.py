"""What failed can be seen and answered anew."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import cli
from bot.advisor import apology
from bot.given import built, settings
from dialogs.events import CommandGiven, Event, RemindersDue, RemindersUnheard
from dialogs.owner import Owner
from dialogs.talk import Turn
from storage.opening import open_newest
from storage.store import Store


def broken(_owner: Owner, _event: Event) -> Turn:
    """A mistake of ours."""
    raise LookupError("secret words")


@pytest.fixture
def store(settings_of_ours: Path) -> Store:
    """A failed event of Wang's."""
    book, _ = built(settings(), "telegram", "zh-Hans")
    store = Store(engine=open_newest(f"sqlite:///{settings_of_ours}"), apology=lambda owner: apology(book, owner))
    at = datetime(2026, 3, 1, tzinfo=UTC)
    store.apply([CommandGiven(id="5", at=at, channel="telegram", chat="7", name="lamps")], broken)
    return store


def test_they_are_listed_without_anybodys_words(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """With the id that retry takes."""
    assert cli.answer(["failed", "list"]) == 0
    said = capsys.readouterr().out
    assert "telegram:5 CommandGiven LookupError at " in said
    assert "secret" not in said
    store.engine.dispose()


def test_once_it_is_mended_it_is_answered(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """After the apology and the first note, and no longer listed."""
    assert cli.answer(["failed", "retry", "telegram:5"]) == 0
    assert store.failed() == []
    assert store.pending("telegram", "7") == 3
    assert store.snapshot("telegram", "7").conversations
    assert cli.answer(["failed", "retry", "telegram:5"]) == 2
    assert "no failed event" in capsys.readouterr().err
    store.engine.dispose()


def test_a_reminder_that_could_not_be_made_is_tried_again(store: Store) -> None:
    """Its time has passed, but nothing of it was said."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    store.apply([RemindersDue(id="remind:1:a", at=at, channel="telegram", chat="7", contract=1)], broken)
    assert cli.answer(["failed", "retry", "telegram:remind:1:a"]) == 0
    assert [failed.event for failed in store.failed()] == ["5"]
    store.engine.dispose()


def test_what_was_not_heard_is_tried_again_and_nobody_is_told_of_it(store: Store) -> None:
    """He who blocked us is sent no apology."""
    at, before = datetime(2026, 3, 1, tzinfo=UTC), store.pending("telegram", "7")
    unheard = RemindersUnheard(id="unheard:a", at=at, channel="telegram", chat="7", contract=1, made="2026-03-01")
    assert store.apply([unheard], broken).failed
    assert store.pending("telegram", "7") == before
    assert cli.answer(["failed", "retry", "telegram:unheard:a"]) == 0
    assert [failed.event for failed in store.failed()] == ["5"]
    store.engine.dispose()
