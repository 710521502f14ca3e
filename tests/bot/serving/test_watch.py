"""Who looks after a serving program: told when something stands still, and what it answers them alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot import admins
from bot.alarms import STILL
from bot.counted import CountedAnswers
from bot.tally import Tally
from bot.watch import Watch
from knowledge.search import Decision
from storage.errors import DatabaseBusy
from tests.bot.serving.fake import FakeClient, Talk, talking

ADMIN = "900"


def watched(database: Path, play: Callable[[Talk, Watch], Awaitable[None]]) -> FakeClient:
    """The client after `play`, with one admin."""

    async def main() -> FakeClient:
        async with talking(database, admin_ids=f"{ADMIN}, 901") as talk:
            watch = Watch(talk.serving)
            admins.serve(talk.serving, watch)
            await play(talk, watch)
            return talk.client

    return asyncio.run(main())


@pytest.mark.parametrize("what", sorted(STILL))
def test_what_stands_still_is_told_once_an_hour(
    settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    """In the log, as a number, and to each admin; and the log says when it is over."""

    async def play(talk: Talk, watch: Watch) -> None:
        with monkeypatch.context() as still:
            still.setitem(STILL, what, -1.0)
            await watch.look()
            await watch.look()
            assert talk.serving.parts.tally.alarms == {what}
        await watch.look()
        assert talk.serving.parts.tally.alarms == set()

    client = watched(settings_of_ours, play)
    assert [chat for chat, _, _ in client.said] == [ADMIN, "901"]
    assert f"（{what}）" in client.said[0][2]
    said = capsys.readouterr().out
    assert said.count("action=alarm ") == 1
    assert said.count("action=alarm-over") == 1


def test_signs_of_life_are_heeded(settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer of the server, and a look at what is due."""

    async def play(talk: Talk, watch: Watch) -> None:
        loop = asyncio.get_running_loop()
        later = loop.time() + 1000
        monkeypatch.setattr(loop, "time", lambda: later)
        talk.serving.rounds.last_done = later
        assert watch.standing() == {"polling", "reminders"}
        watch.link.answered()
        watch.ticked()
        assert watch.standing() == set()
        monkeypatch.undo()

    watched(settings_of_ours, play)


def test_a_database_that_fails_hides_no_alarm(settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be measured stays as it was measured last."""

    async def play(talk: Talk, watch: Watch) -> None:
        def busy(*_: object) -> Any:
            raise DatabaseBusy

        talk.serving.parts.tally.outbox_age = 500.0
        monkeypatch.setattr("storage.store.Store.backlog", busy)
        await watch.look()
        assert talk.serving.parts.tally.alarms == {"sending"}

    watched(settings_of_ours, play)


def test_case_60_only_an_admin_himself_is_told_how_it_is(settings_of_ours: Path) -> None:
    """Not who is none, not by a forwarded message, not in a group; to them there is no such command."""

    async def play(talk: Talk, watch: Watch) -> None:
        await talk.type("/status", chat="7")
        await talk.type("/status", chat=ADMIN, forwarded=True)
        await talk.type("/status", chat="-900", private=False)
        await talk.type("/status")
        assert not any("一切在走" in text for _, _, text in talk.client.said)
        await talk.type("/status@Lamp_Bot", chat=ADMIN)

    client = watched(settings_of_ours, play)
    assert "没有 /status 这个命令" in client.said[0][2]
    assert client.said[-1][0] == ADMIN
    assert "一切在走" in client.said[-1][2]
    assert "没答成的：没有" in client.said[-1][2]


def test_status_names_what_failed_and_nobodys_words(settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the ids that `lampwise failed retry` takes."""

    async def play(talk: Talk, watch: Watch) -> None:
        with monkeypatch.context() as broken:
            broken.setattr("bot.gateways.telegram_step.step", None)
            await talk.type("9999999 yuan")
        await talk.type("/status", chat=ADMIN)

    said = watched(settings_of_ours, play).said[-1][2]
    assert "telegram:1 TypeError" in said
    assert "9999999" not in said


@dataclass
class Books:
    """Know nothing of what ends with a question mark."""

    entries: dict[str, Any] = field(default_factory=dict[str, Any])
    sources: dict[str, Any] = field(default_factory=dict[str, Any])

    def decide(self, text: str, last_topic: str | None = None) -> Decision:

        return Decision(kind="none" if "?" in text else "answer", topic=None, ranked=())

    def open_soon(self) -> None:
        pass


def test_questions_to_the_books_are_counted_by_what_was_decided() -> None:
    """Each once, however often it is looked at."""
    tally = Tally()
    counted = CountedAnswers(Books(), tally)
    for text in ("a?", "a?", "b", "a?"):
        counted.decide(text)
    assert dict(tally.matched) == {"none": 2, "answer": 1}
