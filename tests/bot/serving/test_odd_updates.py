"""test_case_07, 08, 09, 11: no update ends the program, and whatever stands in one, the others are answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot import web
from bot.gateways.base import Delivery
from bot.gateways.telegram_client import Client
from bot.gateways.telegram_incoming import Incoming
from bot.gateways.telegram_pieces import pieces
from bot.gateways.telegram_sound import MOST_RAW
from bot.gateways.telegram_text import Page
from bot.link import Link
from bot.polling import Polling
from bot.update_numbers import next_offset
from tests.bot.serving.fake import FakeClient, Talk, talking
from tests.bot.serving.oddities import odd_updates, text_of
from tests.bot.serving.test_talking import rows
from tests.bot.serving.test_web import PROOF, ask, free_port
from tests.telegram.gateways import LIBRARIES, reader

CHAT = 7_000_007


class Enough(BaseException):
    """All has been fetched."""


@dataclass
class Reading(FakeClient):
    """Reads as a real library does; brings its batches by polling, and says where the next poll began."""

    library: Client = field(kw_only=True)
    batches: list[Sequence[object]] = field(default_factory=list[Sequence[object]])
    offsets: list[int] = field(default_factory=list[int])

    def read(self, update: Mapping[str, Any]) -> Incoming:
        return self.library.read(update)

    async def updates(self, offset: int, wait: int) -> Sequence[object]:
        self.offsets.append(offset)
        if not self.batches:
            raise Enough
        return self.batches.pop(0)

    async def say(self, chat: str, page: Page, *, over: int | None = None, plain: bool = False) -> Delivery:
        int(chat)
        return await super().say(chat, page, over=over, plain=plain)

    async def typing(self, chat: str) -> None:
        int(chat)


def played(database: Path, library: str, play: Callable[[Talk, Reading], Awaitable[None]]) -> Reading:
    """The client after `play`."""

    async def main() -> Reading:
        client = Reading(library=reader(library))
        async with talking(database, client) as talk:
            await play(talk, client)
            return client

    return asyncio.run(main())


async def polled(talk: Talk, client: Reading, *batches: Sequence[object]) -> None:
    """These are fetched, and all that is due goes out."""
    client.batches = list(batches)
    with pytest.raises(Enough):
        await Polling(client, talk.serving.intake, Link(), talk.serving.parts.tally).run()
    await talk.settle()


def heard(client: FakeClient, chat: int = CHAT) -> list[str]:
    """What was said in a chat."""
    return [said for one, _, said in client.said if one == str(chat)]


@pytest.mark.parametrize("library", LIBRARIES)
def test_case_11_whatever_stands_in_updates_the_others_are_answered_by_polling(
    settings_of_ours: Path, library: str
) -> None:
    """Each batch is odd but for its last update; the offset goes on behind it."""
    batches = [[*odd_updates(seed, 40), text_of(5000 + seed, CHAT, "/help")] for seed in range(6)]

    async def play(talk: Talk, client: Reading) -> None:
        for batch in batches:
            await polled(talk, client, batch)

    client = played(settings_of_ours, library, play)
    assert len(heard(client)) == len(batches)


@pytest.mark.parametrize("library", LIBRARIES)
def test_case_11_whatever_stands_in_updates_the_others_are_answered_by_webhook(
    settings_of_ours: Path, library: str
) -> None:
    """Each delivery is confirmed, so that Telegram does not bring it again for a day."""

    async def play(talk: Talk, client: Reading) -> None:
        port = free_port()
        proof = {"X_Telegram_Bot_Api_Secret_Token": PROOF}
        async with AsyncExitStack() as held:
            await web.listen({f"127.0.0.1:{port}": [web.webhook("/hook", PROOF, talk.serving.intake)]}, held)
            bodies = [json.dumps(update).encode() for update in odd_updates(99, 60)]
            bodies += [b"", b"[", b"5", b"null", b"[" * 5000, b'{"update_id": ' + b"1" * 5000 + b"}", b"\xff\xfe"]
            statuses = [(await ask(port, "POST", "/hook", body, **proof))[0] for body in bodies]
            assert set(statuses) == {200}
            sound = json.dumps(text_of(5000, CHAT, "/help")).encode()
            assert (await ask(port, "POST", "/hook", sound, **proof))[0] == 200
            await talk.settle()

    assert len(heard(played(settings_of_ours, library, play))) == 1


NUMBERS: tuple[Any, ...] = (None, True, -5, 0, 1.0, 1.5, "100", [], {}, 2**53, 10**30, float("nan"))


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_case_11_a_number_that_is_none_holds_nothing_up(settings_of_ours: Path, number: object) -> None:
    """Also where it stands alone: then it is asked on behind it."""

    async def play(talk: Talk, client: Reading) -> None:
        odd = {**text_of(101, 8, "/help"), "update_id": number}
        await polled(talk, client, [text_of(100, CHAT, "/help")], [odd], [odd, text_of(102, CHAT, "/help")])
        assert client.offsets == [0, 101, 102, 103]
        assert rows(talk, "SELECT count(*) FROM inbox WHERE kind = 'unnumbered'") == [(1,)]

    client = played(settings_of_ours, "ptb", play)
    assert len(heard(client)) == 2
    assert heard(client, 8) == []


@pytest.mark.parametrize("junk", [None, 5, "text", [], [[]], True, 1.5])
def test_case_11_a_list_that_holds_no_objects_is_passed_over(settings_of_ours: Path, junk: object) -> None:
    async def play(talk: Talk, client: Reading) -> None:
        await polled(talk, client, [junk, text_of(100, CHAT, "/help"), junk])

    assert len(heard(played(settings_of_ours, "ptb", play))) == 1


@pytest.mark.parametrize(
    "place",
    [
        "bot.intake.Intake._meant", "bot.intake.Intake._allowed", "bot.intake.Intake._asked_by_admin",
        "bot.intake.Intake._acknowledged", "bot.gateways.telegram_incoming.Reader.event", "bot.rates.Buckets.take",
        "bot.intake.meant_language", "bot.intake.sound",
    ],
)  # fmt: skip
def test_case_08_an_error_at_any_stage_leaves_the_others_answered(
    settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    """It is kept as it came, it is counted, and the log holds nobody's words."""

    async def play(talk: Talk, client: Reading) -> None:
        with monkeypatch.context() as broken:
            module, _, name = place.rpartition(".")
            owner = __import__("pkgutil").resolve_name(module)
            original, count = getattr(owner, name), [0]

            def once(*given: Any, **named: Any) -> Any:
                count[0] += 1
                if count[0] == 2:
                    raise RuntimeError("secret words")
                return original(*given, **named)

            broken.setattr(owner, name, once)
            await polled(talk, client, [text_of(100 + one, CHAT + one, f"/help secret {one}") for one in range(3)])
        kept = rows(talk, "SELECT event, state, raw FROM inbox WHERE kind IN ('failed', 'unreadable')")
        assert [(event, state) for event, state, _ in kept] == [("101", "ignored")]
        assert json.loads(str(kept[0][2])) == text_of(101, CHAT + 1, "/help secret 1")
        updates = talk.serving.parts.tally.updates
        assert updates["failed"] + updates["unreadable"] == 1

    client = played(settings_of_ours, "ptb", play)
    assert [len(heard(client, CHAT + one)) for one in range(3)] == [1, 0, 1]
    assert client.offsets == [0, 103]
    assert "secret" not in capsys.readouterr().out


def test_case_08_what_nothing_depends_on_fails_by_itself(
    settings_of_ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer to a press, the sign of typing, the menu."""

    async def play(talk: Talk, client: Reading) -> None:
        async def broken(_chat: str) -> None:
            raise RuntimeError

        talk.serving.intake.menu = broken
        await polled(talk, client, [text_of(100, CHAT, "/language en"), text_of(101, CHAT, "/help")])

    assert len(heard(played(settings_of_ours, "ptb", play))) == 2
    assert "courtesy-failed" in capsys.readouterr().out


def test_what_python_cannot_read_is_known_by_its_number(settings_of_ours: Path) -> None:
    """So that it is passed even where nothing else comes."""

    async def play(talk: Talk, client: Reading) -> None:
        deep = '{"update_id": 100, "message":' + "[" * 5000 + "]" * 5000 + "}"
        await polled(talk, client, [deep])
        assert client.offsets == [0, 101]
        assert rows(talk, "SELECT event, kind FROM inbox") == [("100", "unreadable")]

    played(settings_of_ours, "ptb", play)


def test_the_raw_form_is_cut_and_can_be_stored(settings_of_ours: Path) -> None:
    """Without NUL or half a surrogate pair, and not without end."""

    async def play(talk: Talk, client: Reading) -> None:
        await polled(talk, client, [{"update_id": 5, "message": ["\ud800\0" * MOST_RAW]}, "\ud800\0" * MOST_RAW])
        kept = [str(raw) for (raw,) in rows(talk, "SELECT raw FROM inbox")]
        assert len(kept) == 2
        assert all(len(raw) == MOST_RAW and raw.isascii() and "\0" not in raw for raw in kept)

    played(settings_of_ours, "ptb", play)


def test_an_answer_that_python_cannot_read_is_taken_apart() -> None:
    """What is nested too deeply or has too many digits is one text; brackets and quotes in texts mean nothing."""
    sound = {"update_id": 2, "message": {"text": 'a "]} \\ [{,'}}
    deep, long = '{"a":' * 5000 + "1" + "}" * 5000, '{"update_id": ' + "7" * 5000 + "}"
    body = f'{{"ok":true, "result" : [ {deep},{json.dumps(sound)} , {long},5] }}'.encode()
    assert pieces(body) == [deep, sound, long, 5]
    assert pieces(b'{"ok":true,"result":[]}') == []
    assert pieces(b'{"ok":true,"result":[{"a":1},') is None
    assert pieces(b"<html>") is None


def numbered(*numbers: object) -> list[object]:
    """Updates of these numbers."""
    return [{"update_id": number} for number in numbers]


@pytest.mark.parametrize(
    ("offset", "numbers", "following"),
    [
        (0, [], 0), (7, [], 0), (0, [5, 6], 7), (7, [8], 9), (7, ["x"], 8), (7, ["x", "y"], 9), (0, ["x"], None),
        (7, [8, 10**15], 9), (7, [10**15], 8), (0, [100, 10**15], 101), (7, ["x", 12], 13), (7, [6], 7),
    ],
)  # fmt: skip
def test_case_04_where_to_go_on(offset: int, numbers: list[object], following: int | None) -> None:
    """Behind all that came, and behind nothing else."""
    assert next_offset(offset, numbered(*numbers)) == following
