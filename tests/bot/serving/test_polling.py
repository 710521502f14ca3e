"""Fetching updates: nothing is confirmed before it is kept, and what waited for long is answered in its own way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.gateways.telegram_http import Cut, NotReached, OtherInstance, TokenRefused
from bot.link import LATE_SECOND, NEWCOMER, Link
from bot.polling import CONTESTED_PAUSE, FIRST_PAUSE, LONGEST_PAUSE, PRESS_LIVES, UNNUMBERED_PAUSE, Polling
from bot.rounds import TooMuch
from storage.errors import DatabaseBusy
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
    # The first question stands under what the dialog says of itself, which stays in any case.
    assert client.said[-1][1] is None
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


# ---- What fails


@dataclass
class Failing(FakeClient):
    """Raises one after the other what it is told; in the end it has enough. Each takes so many seconds of the loop."""

    fates: list[Exception | Sequence[object]] = field(default_factory=list[Exception | Sequence[object]])

    async def updates(self, offset: int, wait: int) -> Sequence[object]:
        if not self.fates:
            raise Enough
        fate = self.fates.pop(0)
        if isinstance(fate, TokenRefused):
            self.token_seen.refused(401)
        if isinstance(fate, Exception):
            raise fate
        self.token_seen.accepted()
        return fate


@contextmanager
def sleeping_at_once() -> Iterator[list[float]]:
    """How long each pause of the polling was, of which none takes any time."""
    slept: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await real(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.polling.asyncio.sleep", sleep)
        yield slept


def failing(database: Path, *fates: Exception | Sequence[object], age: float = 100.0) -> tuple[Talk, bool, list[float]]:
    """A polling that is `age` seconds old and meets these, and whether it is contested; raises what ends it."""

    async def main() -> tuple[Talk, bool, list[float]]:
        client = Failing(fates=list(fates))
        async with talking(database, client) as talk:
            link = Link(began=asyncio.get_running_loop().time() - age)
            with sleeping_at_once() as slept, suppress(Enough):
                await Polling(client, talk.serving.intake, link, talk.serving.parts.tally).run()
            await talk.settle()
            return talk, link.is_contested, slept

    return asyncio.run(main())


FAILURES = (
    NotReached("dns"), NotReached("timeout"), Cut("502"), Cut("proxy"), Cut("closed"), Cut("no list"), TooMuch(),
    DatabaseBusy(), RuntimeError("secret"), ValueError("secret"), OtherInstance("conflict"), TokenRefused(),
)  # fmt: skip


@pytest.mark.parametrize("error", FAILURES, ids=repr)
def test_fetching_goes_on_after_every_failure(
    settings_of_ours: Path, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    """With growing pauses, each counted; then people are answered, and the pauses are short again."""
    talk, _, slept = failing(settings_of_ours, *[error] * 9, [text(1, "/lamps")], error)
    assert len(talk.client.said) == 1
    longest = CONTESTED_PAUSE if isinstance(error, OtherInstance) else LONGEST_PAUSE
    assert slept == [*(min(longest, FIRST_PAUSE * 2**number) for number in range(9)), FIRST_PAUSE]
    assert sum(talk.serving.parts.tally.failed_polls.values()) == 10
    assert "secret" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("age", "conflicts", "ends"),
    [(0.5, 1, True), (NEWCOMER + 1, 1, False), (NEWCOMER + 1, 2, True), (LATE_SECOND + 1, 99, False)],
)
def test_case_09_only_a_newcomer_gives_way(settings_of_ours: Path, age: float, conflicts: int, ends: bool) -> None:
    """Telegram answers the second of two conflicts three seconds late: so one may look a little older."""
    fates = [OtherInstance("conflict")] * conflicts
    if ends:
        with pytest.raises(OtherInstance):
            failing(settings_of_ours, *fates, age=age)
    else:
        _, is_contested, _ = failing(settings_of_ours, *fates, age=age)
        assert is_contested is (conflicts > 1)


def test_a_token_that_stays_refused_ends_it(settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some minutes, not by one odd answer of a proxy."""
    failing(settings_of_ours, *[TokenRefused()] * 20)
    monkeypatch.setattr("bot.link.GIVES_UP", -1.0)
    failing(settings_of_ours, TokenRefused(), [], TokenRefused(), [])
    with pytest.raises(TokenRefused):
        failing(settings_of_ours, TokenRefused(), TokenRefused())


def test_updates_without_numbers_alone_are_asked_for_again_with_pauses(
    settings_of_ours: Path,
) -> None:
    """Not in a hurry without end; who comes then is answered."""
    odd: list[object] = [{"update_id": "x"}]
    talk, _, slept = failing(settings_of_ours, odd, odd, odd, [*odd, text(7, "/lamps")])
    assert slept == [FIRST_PAUSE, FIRST_PAUSE * 2, UNNUMBERED_PAUSE]
    assert len(talk.client.said) == 1
