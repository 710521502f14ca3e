"""Fetching updates: nothing is confirmed before it is kept, and what waited for long is answered in its own way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.link import Link
from bot.polling import PRESS_LIVES, Polling
from tests.bot.serving.fake import FakeClient, Talk, talking


class Enough(BaseException):
    """The tale is told."""


@dataclass
class Telling(FakeClient):
    """Brings one batch a poll, and notes from which offset each was asked for."""

    batches: list[Sequence[object]] = field(default_factory=list[Sequence[object]])
    offsets: list[int] = field(default_factory=list[int])

    async def updates(self, offset: int, wait: int) -> Sequence[object]:
        self.offsets.append(offset)
        if not self.batches:
            raise Enough
        return self.batches.pop(0)


async def polled(talk: Talk, *batches: Sequence[object], silence: float = 0.0) -> Telling:
    """All that was fetched is kept, and all that is due has gone out."""
    client = talk.client
    assert isinstance(client, Telling)
    client.batches = list(batches)
    with suppress(Enough):
        await Polling(client, talk.serving.intake, Link(), talk.serving.parts.tally, silence).run()
    await talk.settle()
    return client


def text(number: int, said: str, chat: str = "7") -> dict[str, Any]:
    """Somebody types."""
    return {"update_id": number, "sort": "text", "chat": chat, "text": said, "message": number}


def press(number: int, message: int, carries: str = "a:1:trade:factory") -> dict[str, Any]:
    """Somebody presses the first answer of the first question, or something else."""
    told = {"update_id": number, "sort": "press", "chat": "7", "text": carries}
    return {**told, "message": message, "query": f"q{number}"}


def played(database: Path, play: Any) -> Telling:
    """The client after `play`."""

    async def main() -> Telling:
        client = Telling()
        async with talking(database, client) as talk:
            await play(talk)
            return client

    return asyncio.run(main())


@pytest.mark.parametrize(("silence", "is_old"), [(PRESS_LIVES - 1, False), (PRESS_LIVES + 1, True), (86_400.0, True)])
def test_case_10_a_press_that_waited_for_long_is_answered_by_a_message_of_its_own(
    settings_of_ours: Path, silence: float, is_old: bool
) -> None:
    """It counts as any other; the button itself is past being answered."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")
        await polled(talk, [press(500, talk.client.newest)], silence=silence)

    client = played(settings_of_ours, play)
    assert client.answered == ([] if is_old else ["q500"])
    assert (client.said[-1][1] is None) is is_old
    assert "一个月卖多少" in client.said[-1][2]


def test_case_10_a_backlog_is_answered_in_order_and_then_all_is_as_ever(settings_of_ours: Path) -> None:
    """Also where it comes in several batches."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")
        others = [text(200 + number, "/help", str(number + 100)) for number in range(99)]
        late = [press(199, talk.client.newest), *others]
        await polled(talk, late, [text(400, "10万")], silence=86_400.0)
        assert "开了哪些店" in next(said for chat, _, said in reversed(talk.client.said) if chat == "7")
        assert len({chat for chat, _, _ in talk.client.said}) == 100
        assert talk.client.answered == []
        await polled(talk, [], [press(500, 9999, "c:1:shops:done")])
        assert talk.client.answered == ["q500"]

    played(settings_of_ours, play)


def test_case_4_numbers_that_begin_anew_lower_are_taken(settings_of_ours: Path) -> None:
    """After an empty answer all is confirmed, and nothing is asked for by number."""

    async def play(talk: Talk) -> None:
        await polled(talk, [text(100_000, "/lamps")], [], [text(7, "/help")])

    client = played(settings_of_ours, play)
    assert client.offsets == [0, 100_001, 0, 8]
    assert ["您做哪一行" in client.said[0][2], "可以打的命令" in client.said[-1][2]] == [True, True]
