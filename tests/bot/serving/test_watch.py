"""Who looks after a serving program: told when something stands still, and what it answers them alone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot import admins
from bot.alarms import ALARMS, NAMES, STILL
from bot.counted import CountedAnswers
from bot.gateways.base import NotSent, Unknown
from bot.metrics import written
from bot.tally import Tally
from bot.texts import own_texts
from bot.watch import Readiness, Watch
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


# ---- The table of alarms


def test_each_alarm_has_its_texts_in_both_languages() -> None:
    """Those that admins are told, and /status says them, too."""
    texts = own_texts("gateways/telegram.yaml")
    for alarm in ALARMS:
        if alarm.unready or alarm.tells:
            for language in ("zh-Hans", "en"):
                assert f"{alarm.name}" in texts[f"still-{alarm.name}"].fill(language)
    assert len(set(NAMES)) == len(NAMES)


def test_an_alarm_is_seen_everywhere(settings_of_ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a poller with the same token: in /readyz, in the numbers, in the log, in /status and to the admins."""

    async def play(talk: Talk, watch: Watch) -> None:
        for _ in range(2):
            watch.link.conflict("conflict")
        await watch.look()
        assert watch.readiness() == Readiness(ready=False, lines=("standing still: polling (conflict)",))
        assert b'lampwise_alarm{what="polling"} 1.0' in written(talk.serving.parts.tally)
        await talk.type("/status", chat=ADMIN)

    client = watched(settings_of_ours, play)
    assert "另一个程序" in client.said[0][2]
    assert "另一个程序" in client.said[-1][2]
    assert "what=polling why=conflict" in capsys.readouterr().out


def test_a_refused_token_is_told_where_it_can_be(settings_of_ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By its status; not by the token itself."""

    async def play(talk: Talk, watch: Watch) -> None:
        seen = talk.client.token_seen
        seen.refused(401)
        assert "token" not in watch.standing()
        seen.refused(401)
        await watch.look()
        assert watch.readiness().lines == ("standing still: token (401)",)
        seen.accepted()
        await watch.look()
        assert watch.readiness().ready

    assert watched(settings_of_ours, play).said == []
    said = capsys.readouterr().out
    assert "what=token why=401" in said
    assert "alarm-over" in said


@pytest.mark.parametrize("why", ["gone", "other", "failing", "piling-up", "unseen"])
def test_deliveries_that_do_not_arrive_are_told(settings_of_ours: Path, why: str) -> None:
    async def play(talk: Talk, watch: Watch) -> None:
        watch.link.deliveries = why
        await watch.look()
        assert watch.readiness().lines == (f"standing still: deliveries ({why})",)

    assert "（deliveries）" in watched(settings_of_ours, play).said[0][2]


def test_telling_survives_its_own_failure_and_needs_no_database(
    settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who could not be reached is told at the next look, who may have been is not told twice."""

    async def play(talk: Talk, watch: Watch) -> None:
        def busy(*_: object) -> Any:
            raise DatabaseBusy

        for method in ("backlog", "round", "snapshot"):
            monkeypatch.setattr(f"storage.store.Store.{method}", busy)
        watch.link.deliveries = "gone"
        client = talk.client
        monkeypatch.setattr(client, "say", None)
        await watch.look()
        monkeypatch.undo()
        client.outcomes = [NotSent(reason="dns"), Unknown(reason="cut")]
        for _ in range(3):
            await watch.look()
        assert [chat for chat, _, _ in client.said] == [ADMIN, "901", ADMIN]

    watched(settings_of_ours, play)


def test_looking_survives_whatever_goes_wrong(settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or nobody would be told of anything any more."""

    async def play(talk: Talk, watch: Watch) -> None:
        looks: list[int] = []

        async def look() -> None:
            looks.append(1)
            raise RuntimeError

        monkeypatch.setattr("bot.watch.EVERY", 0.0)
        monkeypatch.setattr(watch, "look", look)
        running = asyncio.create_task(watch.run())
        async with asyncio.timeout(10):
            while len(looks) < 3:
                await asyncio.sleep(0)
        running.cancel()

    watched(settings_of_ours, play)


def test_the_manual_has_every_alarm() -> None:
    """A row each, and none that there is not."""
    manual = (Path(__file__).parents[3] / "docs" / "operations.md").read_text("utf-8")
    table = manual.partition("| alarm | is on when |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == {
        one.name for one in ALARMS if one.unready or one.tells
    }
