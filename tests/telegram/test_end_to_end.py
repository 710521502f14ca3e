"""`lampwise serve` with either library, by polling and by webhook, from the first word to the end of the process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.link import NEWCOMER
from tests.conftest import CANARY
from tests.telegram.double import Double
from tests.telegram.faults import Fault
from tests.telegram.gateways import CHAT, LIBRARIES, Library, run
from tests.telegram.models import JUDGES
from tests.telegram.people import Chat
from tests.telegram.queue import Hook
from tests.telegram.rates import Rates
from tests.telegram.serving import SECRET, Serve
from tests.telegram.talking import meaning, settled, walk

STICKER = {
    "file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1, "is_animated": False,
    "is_video": False,
}  # fmt: skip

#: What came, though nobody said so.
ONCE_MORE = ("cut-after", "html", "cut-short")

Scene = Callable[[Double, Serve], Coroutine[Any, Any, Any]]


def play(folder: Path, library: Library, scene: Scene, *, hook: bool = False, **settings: str) -> Any:
    """A scene with a program that runs; afterwards nothing stands in the log that should not, and it ends well."""

    async def work() -> Any:
        async with Double(JUDGES[library]) as double, Serve(double, folder, library, hook=hook, **settings) as serve:
            result = await scene(double, serve)
            assert await serve.end() == 0
            assert double.complaints == []
            return result

    return run(work())


def test_case_11_23_50_54_one_program_goes_through_all_of_it_and_says_the_same_with_either(tmp_path: Path) -> None:
    """To start a program takes longer than what is done with it, so one does it all, in a chat of its own each time."""
    talks: list[Any] = []
    for library in LIBRARIES:
        (tmp_path / library).mkdir()
        talks.append(play(tmp_path / library, library, all_of_it))
    assert talks[0] == talks[1]
    assert len(talks[0]) > 15


async def all_of_it(double: Double, serve: Serve) -> list[Any]:
    """Odd things, a whole talk, and a kill in the middle of another; what was said in the whole talk."""
    await odd_things(double, serve, double.chat(CHAT))
    said = await whole_talk(serve, double.chat(CHAT + 1))
    await killed_in_the_middle(serve, double.chat(CHAT + 2))
    return said


async def whole_talk(serve: Serve, chat: Chat) -> list[Any]:
    """Start, a whole assess, a vet with a step back, a question, an export, and the way out."""
    said = [*await walk(chat, "/start"), *await walk(chat, "/assess")]
    count = len(chat.seen)
    chat.says("/vet")
    shown = await settled(chat, count)
    first = shown.text
    chat.presses_data(shown.buttons[0][0][1], shown.id)
    shown = await settled(chat, count + 1)
    back = next(press for row in shown.buttons for _, press in row if press.endswith(":back"))
    count = len(chat.seen)
    chat.presses_data(back, shown.id)
    await settled(chat, count)
    assert first.split("\n")[-3] in chat.seen[-1].text
    count = len(chat.seen)
    chat.says("代运营怎么收费？")
    await settled(chat, count)
    said += [meaning(one) for one in chat.seen[count:]]
    assert {one.kind for one in serve.owner(chat.id).records} == {"assess"}
    await exported(serve, chat)
    return said


@pytest.mark.parametrize("library", LIBRARIES)
def test_by_webhook(tmp_path: Path, library: Library) -> None:
    play(tmp_path, library, by_webhook, hook=True)


async def by_webhook(double: Double, serve: Serve) -> None:
    """A whole assess; test_case_52: who does not know the secret is not heard."""
    await walk(double.chat(CHAT), "/assess")
    # Before it listens nobody answers; afterwards nothing is refused.
    assert set(double.queue.statuses) <= {0, 200}
    assert {one.kind for one in serve.owner(CHAT).records} == {"assess"}
    assert double.queue.hook is not None
    update = {"update_id": 5, "message": double.chat(2002).message(text="/vet")}
    for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": SECRET + "x"}):
        async with aiohttp.ClientSession() as session:
            async with session.post(double.queue.hook.url, json=update, headers=headers) as answer:
                assert answer.status == 401
    big = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with aiohttp.ClientSession() as session:
        async with session.post(double.queue.hook.url, data=b"[" * 300_000, headers=big) as answer:
            assert answer.status == 413
    await asyncio.sleep(0.2)
    assert double.chat(2002).seen == []
    await probed(double.queue.hook.url.removesuffix("/hook"), double)


async def probed(root: str, double: Double) -> None:
    """Healthy, ready, and numbers without a secret, a name or a word; test_case_53."""
    said: dict[str, str] = {}
    async with aiohttp.ClientSession() as session:
        for path in ("/healthz", "/readyz", "/metrics"):
            async with session.get(root + path) as answer:
                assert answer.status == 200
                said[path] = await answer.text()
    assert 'lampwise_sends_total{outcome="sent"}' in said["/metrics"]
    typed = {text for chat in double.chats.values() for text in chat.said}
    assert [word for word in (CANARY, *typed) if word in "".join(said.values())] == []


async def odd_things(double: Double, serve: Serve, chat: Chat) -> None:
    """Stickers, voices, groups, edits, forged presses; in the end a command is still answered."""
    group = double.chat(-100200)
    chat.sends(sticker=STICKER)
    await chat.until(lambda seen: len(seen) == 1)
    chat.sends(voice={"file_id": "a", "file_unique_id": "b", "duration": 1})
    await chat.until(lambda seen: len(seen) == 2)
    chat.sends(document={"file_id": "a", "file_unique_id": "b", "file_name": "合同.pdf", "file_size": 9 * 2**20})
    # No file is fetched: the double knows no such call.
    assert "文件" in (await chat.until(lambda seen: len(seen) == 3)).text
    for press in ("a:99:trade:factory", "x", "é" * 32, "m:nonsense:", "r:1:vet:drop", "\x00"):
        count = len(chat.seen)
        chat.presses_data(press, 1)
        await chat.until(lambda seen, count=count: len(seen) > count)
    double.queue.put(chat.id, {"something_new": {"a": 1}})
    double.queue.put(chat.id, {"message": {"message_id": "x"}})
    double.queue.put(chat.id, {"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -7, "type": "channel"}}})
    group.says("大家好")
    group.says("/vet@lampwise_bot")
    await group.until(lambda seen: len(seen) == 1)
    count = len(chat.seen)
    chat.says("/start")
    await settled(chat, count)
    assert len(group.seen) == 1
    assert len(chat.answered) == 6
    assert not serve.owner(chat.id).records


async def killed_in_the_middle(serve: Serve, chat: Chat) -> None:
    """What was sent before is not sent again, what came meanwhile is answered."""
    chat.says("/assess")
    shown = await settled(chat, 0)
    await asyncio.sleep(0.3)
    count = len(chat.seen)
    await serve.kill()
    chat.presses_data(shown.buttons[0][0][1], shown.id)
    await serve.start()
    await settled(chat, count)
    await asyncio.sleep(0.5)
    assert len(chat.seen) == count + 1
    assert len(serve.owner(chat.id).conversations[1].answers) == 1


def test_case_29_who_is_told_to_end_lets_arrive_what_is_on_its_way(tmp_path: Path) -> None:
    play(tmp_path, "ptb", ended_in_the_middle)


async def ended_in_the_middle(double: Double, serve: Serve) -> None:
    """It arrives, it is kept as sent, and nothing is sent again afterwards; what came too late is taken by the next."""
    chat = double.chat(CHAT)
    double.faults.append(Fault(kind="slow", method="sendMessage", seconds=1.5))
    chat.says("/privacy")
    async with asyncio.timeout(10):
        while not double.faults[0].fired:
            await asyncio.sleep(0.01)
    assert await serve.end() == 0
    assert len(chat.seen) == 1
    chat.says("/help")
    await serve.start()
    await chat.until(lambda seen: len(seen) == 2)
    await asyncio.sleep(0.3)
    assert [call.status for call in double.calls("sendMessage")] == [200, 200]


def test_case_13_14_21_faults_lose_no_reply(tmp_path: Path) -> None:
    play(tmp_path, "ptb", among_faults)


async def among_faults(double: Double, serve: Serve) -> None:
    """Updates come twice, calls are cut or refused: each is answered, twice only where an answer was cut."""
    double.queue.twice = 0.2
    double.faults += [Fault(kind="limit-chat", method="sendMessage", chance=0.1, times=9)]
    double.faults += [Fault(kind=kind, method="sendMessage", chance=0.1, times=99) for kind in ONCE_MORE]
    double.faults.append(Fault(kind="refuse-500", method="getUpdates", times=2))
    chats = [double.chat(number) for number in range(1, 31)]
    for chat in chats:
        chat.says("/privacy")
    await asyncio.gather(*(chat.until(lambda seen: bool(seen), seconds=20) for chat in chats))
    await asyncio.sleep(0.5)
    cut = [one.chat for one in double.log if one.fault in ONCE_MORE]
    for chat in chats:
        assert len(chat.seen) <= 1 + min(1, cut.count(chat.id))


def test_case_16_who_blocks_is_left_alone_and_comes_back(tmp_path: Path) -> None:
    play(tmp_path, "ptb", blocked)


async def blocked(double: Double, serve: Serve) -> None:
    """Nothing is sent to him; after he let us in again he is answered."""
    chat = double.chat(CHAT)
    chat.says("/start")
    await settled(chat, 0)
    chat.blocks()
    await asyncio.sleep(0.2)
    count = len(double.calls("sendMessage"))
    chat.blocks(blocked=False)
    chat.says("/start")
    await settled(chat, 1)
    assert len(double.calls("sendMessage")) == count + 1


def test_case_22_the_limits_of_the_platform_are_kept(tmp_path: Path) -> None:
    async def work() -> None:
        async with Double(JUDGES["ptb"], Rates) as double:
            async with Serve(double, tmp_path, "ptb", LAMPWISE_LIMIT_SEND="30/s", LAMPWISE_LIMIT_CHAT="1/s"):
                chats = [double.chat(number) for number in range(1, 41)]
                for chat in chats:
                    chat.says("/start")
                    chat.says("/help")
                await asyncio.gather(*(_twice(chat) for chat in chats))
            assert [one.status for one in double.log if one.status == 429] == []

    run(work())


async def _twice(chat: Chat) -> None:
    await chat.until(lambda seen: len(seen) >= 2, seconds=20)


def test_case_09_a_second_program_ends_with_a_sentence_and_the_first_goes_on(tmp_path: Path) -> None:
    async def work() -> str:
        async with Double(JUDGES["ptb"]) as double, Serve(double, tmp_path, "ptb") as first:
            # By then it is no newcomer any more.
            await asyncio.sleep(NEWCOMER)
            (tmp_path / "second").mkdir()
            async with Serve(double, tmp_path / "second", "ptb") as second:
                assert second.process is not None
                async with asyncio.timeout(10):
                    assert await second.process.wait() == 1
            chat = double.chat(CHAT)
            chat.says("/help")
            await chat.until(lambda seen: len(seen) == 1)
            assert await first.end() == 0
            return second.said()

    assert "another program takes the messages" in run(work())


def test_a_webhook_of_another_is_taken_away_only_where_it_is_said(tmp_path: Path) -> None:
    """The refusal names the host, and no path, which may be a secret."""

    async def work() -> str:
        async with Double(JUDGES["ptb"]) as double, Serve(double, tmp_path, "ptb") as serve:
            await serve.end()
            double.queue.set_hook(Hook(url="https://other.example/secret-path", secret="x"))
            said = await refused(serve)
            assert double.queue.hook is not None
            await serve.start("--take-over")
            assert double.queue.hook is None
            chat = double.chat(CHAT)
            chat.says("/help")
            await chat.until(lambda seen: len(seen) == 1)
            assert await serve.end() == 0
            return said

    said = run(work())
    assert "--take-over" in said
    assert "other.example" in said
    assert "secret-path" not in said


async def refused(serve: Serve) -> str:
    """What a start says that ends with exit code 2."""
    with pytest.raises(AssertionError, match="it ended with 2") as ended:
        await serve.start()
    return str(ended.value)


async def exported(serve: Serve, chat: Chat) -> None:
    """All that is kept, as JSON and CSV; and after /forget there is nothing."""
    chat.says("/export")
    await chat.until(lambda seen: sum(one.file is not None for one in seen) == 2)
    names = [one.file[0].rsplit(".")[-1] for one in chat.seen if one.file]
    assert names == ["json", "csv"]
    count = len(chat.seen)
    chat.says("/forget")
    shown = await settled(chat, count)
    count = len(chat.seen)
    chat.presses_data(
        next(press for row in shown.buttons for _, press in row if press.startswith("m:forget")), shown.id
    )
    await chat.until(lambda seen: len(seen) > count)
    assert serve.owner(chat.id).records == ()
