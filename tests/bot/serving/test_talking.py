"""A bot that serves: what people do and what they get, over a Telegram that is only played."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.clock import system_clock
from bot.gateways.base import Blocked, Delivery, Gone, Migrated, NotSent, RetryAfter, Unknown, Unparsed
from bot.introduction import introduce_in
from bot.rounds import TooMuch
from storage.engine import reading
from tests.bot.serving.fake import FakeClient, Talk, talking


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is looked at often."""
    monkeypatch.setattr("bot.rounds.IDLE", 0.05)


Play = Callable[[Talk], Awaitable[None]]


def played(database: Path, play: Play, *outcomes: Delivery, **changed: Any) -> FakeClient:
    """The client after `play`."""

    async def main() -> FakeClient:
        async with talking(database, FakeClient(outcomes=list(outcomes)), **changed) as talk:
            await play(talk)
            return talk.client

    return asyncio.run(main())


def rows(talk: Talk, query: str) -> list[tuple[object, ...]]:
    """What the database has."""
    with reading(talk.serving.parts.store.engine) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_a_press_edits_in_place_and_typing_gets_a_new_message(settings_of_ours: Path) -> None:
    """As long as our message is the last; the press is answered at once."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")
        # The first question stands under what the dialog says of itself, which stays.
        await talk.press("工厂")
        await talk.press("不确定")
        await talk.press("上一题")
        await talk.type("10万")

    client = played(settings_of_ours, play)
    edited = [over is not None for _, over, _ in client.said]
    assert edited == [False, False, True, True, False]
    assert "一个月卖多少" in client.said[1][2]
    assert "开了哪些店" in client.said[2][2]
    assert len(client.answered) == 3


def test_a_button_that_is_not_the_last_message_gets_a_new_one(settings_of_ours: Path) -> None:
    """Else the answer would stand where nobody looks."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")
        old = talk.client.newest
        await talk.type("/help")
        await talk.come({"sort": "press", "chat": "7", "text": "a:1:trade:factory", "message": old})

    assert [over for _, over, _ in played(settings_of_ours, play).said] == [None, None, None]


def test_case_01_an_update_that_comes_twice_counts_once(settings_of_ours: Path) -> None:
    """Also in one delivery."""

    async def play(talk: Talk) -> None:
        update = {"update_id": 5, "sort": "text", "chat": "7", "text": "/lamps", "message": 1}
        await talk.serving.intake.take([update, update])
        await talk.serving.intake.take([update])
        await talk.settle()

    assert len(played(settings_of_ours, play).said) == 1


def test_case_11_what_is_not_text_is_told_so_and_the_rest_is_passed_over(settings_of_ours: Path) -> None:
    """An album once; a group is sent to a private chat; other bots and channels get nothing."""

    async def play(talk: Talk) -> None:
        await talk.come({"sort": "other", "chat": "7", "album": "a"}, {"sort": "other", "chat": "7", "album": "a"})
        await talk.come(
            {"sort": "edited", "chat": "7", "text": "x"}, {"sort": "ignored"}, {"sort": "returned", "chat": "7"}
        )
        await talk.come({"sort": "text", "chat": "-5", "private": False, "text": "/start@lamp_bot"})
        await talk.come({"sort": "text", "chat": "-5", "private": False, "text": "/start@other_bot"})
        await talk.come({"sort": "text", "chat": "-5", "private": False, "text": "hello"})
        assert len(rows(talk, "SELECT 1 FROM inbox WHERE state = 'ignored'")) == 4

    client = played(settings_of_ours, play)
    assert [chat for chat, _, _ in client.said] == ["7", "7", "-5"]
    assert "t.me/lamp_bot" in client.said[-1][2]


def test_case_07_what_cannot_be_read_is_kept_and_confirmed(settings_of_ours: Path) -> None:
    """A chat must not stand still for it."""

    async def play(talk: Talk) -> None:
        await talk.come({"something": "new"})
        await talk.serving.intake.take([{"no": "number"}])
        kept = rows(talk, "SELECT state, kind FROM inbox ORDER BY kind")
        assert kept == [("ignored", "unnumbered"), ("ignored", "unreadable")]

    assert played(settings_of_ours, play).said == []


def test_a_new_owner_is_met_in_the_language_of_his_phone(settings_of_ours: Path) -> None:
    """Afterwards it is his own to change."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps", language="en-GB")
        await talk.type("/lamps", chat="8", language="zh-TW")
        await talk.type("/language 简体", language="en-GB")
        await talk.type("/lamps", language="en-GB")

    said = [text for _, _, text in played(settings_of_ours, play).said]
    assert "Which trade" in said[0]
    assert "燈怎麼賣" in said[1]
    assert "您做哪一行" in said[-1]


def test_a_deep_link_leads_to_a_dialog_but_never_deletes(settings_of_ours: Path) -> None:
    """Anybody may write one."""

    async def play(talk: Talk) -> None:
        await talk.type("/start lamps")
        await talk.type("/start forget")
        await talk.type("/start spring-fair")
        assert rows(talk, "SELECT count(*) FROM conversation") == [(1,)]

    assert "您做哪一行" in played(settings_of_ours, play).said[0][2]


def test_case_13_a_chat_that_must_wait_waits_alone(settings_of_ours: Path) -> None:
    """Its order is kept, and nothing goes out earlier."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")
        await talk.type("/help")
        await talk.type("/help", chat="8")
        assert [chat for chat, _, _ in talk.client.said] == ["7", "8"]
        talk.clock.move(34)
        await asyncio.sleep(0.15)
        assert len(talk.client.said) == 2
        talk.clock.move(2)
        await asyncio.sleep(0.15)
        await talk.settle()

    client = played(settings_of_ours, play, RetryAfter(wait=timedelta(seconds=35)))
    assert [chat for chat, _, _ in client.said] == ["7", "8", "7", "7"]
    assert "您做哪一行" in client.said[2][2]


def test_case_13_when_a_second_chat_must_wait_all_do(settings_of_ours: Path) -> None:
    """Then the bot as a whole is meant."""

    async def play(talk: Talk) -> None:
        for chat in ("7", "8", "9"):
            await talk.type("/lamps", chat=chat)

    wait = RetryAfter(wait=timedelta(seconds=35))
    assert [chat for chat, _, _ in played(settings_of_ours, play, wait, wait).said] == ["7", "8"]


def test_case_14_a_reply_that_may_be_lost_is_sent_once_more_after_a_pause(settings_of_ours: Path) -> None:
    """And no more once it has arrived."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")
        assert len(talk.client.said) == 1
        for _ in range(3):
            talk.clock.move(60)
            await asyncio.sleep(0.15)
            await talk.settle()

    assert len(played(settings_of_ours, play, Unknown(reason="cut")).said) == 2


def test_case_15_what_was_surely_not_sent_is_tried_again_later(settings_of_ours: Path) -> None:
    """As often as it takes."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")
        for _ in range(3):
            talk.clock.move(60)
            await asyncio.sleep(0.15)
            await talk.settle()

    assert len(played(settings_of_ours, play, *[NotSent(reason="down")] * 2).said) == 3


def test_case_16_who_blocks_us_hears_nothing_more(settings_of_ours: Path) -> None:
    """What waits for him after the first note is cancelled; when he comes back he is answered."""

    async def play(talk: Talk) -> None:
        talk.client.hold = asyncio.Event()
        for line in ("/lamps", "/help", "/menu"):
            await talk.serving.intake.take([{"update_id": talk.number(), "sort": "text", "chat": "7", "text": line}])
        talk.client.hold.set()
        await talk.settle()
        assert [state for (state,) in rows(talk, "SELECT state FROM outbox")] == ["sent", *["cancelled"] * 3]
        await talk.type("/start")

    assert len(played(settings_of_ours, play, Blocked()).said) == 2


def test_case_17_a_chat_that_moved_is_followed(settings_of_ours: Path) -> None:
    """The same message goes to the new place, once; telling it twice changes nothing."""

    async def play(talk: Talk) -> None:
        await talk.come({"sort": "text", "chat": "-5", "private": False, "text": "/start"})
        moved = {"sort": "migrated", "chat": "-5", "text": "-1005", "private": False}
        await talk.come(moved, moved)
        assert rows(talk, "SELECT chat FROM address") == [("-1005",)]

    assert [chat for chat, _, _ in played(settings_of_ours, play, Migrated(chat="-1005")).said] == ["-5", "-1005"]


def test_case_18_what_cannot_be_parsed_goes_as_plain_text(settings_of_ours: Path) -> None:
    """Once, at once."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")

    client = played(settings_of_ours, play, Unparsed())
    assert len(client.said) == 2
    assert len(client.plain) == 1


def test_an_edit_of_what_is_gone_becomes_a_new_message(settings_of_ours: Path) -> None:
    """Somebody deleted it, or it is too old."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")
        await talk.press("工厂")
        talk.client.outcomes = [Gone()]
        await talk.press("不确定")

    edited = [over is not None for _, over, _ in played(settings_of_ours, play).said]
    assert edited == [False, False, True, False]


def test_at_most_eight_are_on_their_way(settings_of_ours: Path) -> None:
    """Repeats after a crash are bounded by it."""

    async def play(talk: Talk) -> None:
        talk.client.hold = asyncio.Event()
        updates = [{"update_id": n, "sort": "text", "chat": str(n), "text": "/lamps"} for n in range(1, 31)]
        await talk.serving.intake.take(updates)
        await asyncio.sleep(0.1)
        assert talk.client.at_once == 8
        talk.client.hold.set()
        await talk.settle()

    client = played(settings_of_ours, play)
    assert client.most_at_once == 8
    assert len({chat for chat, _, _ in client.said}) == 30


def test_case_48_who_sends_too_much_is_told_once_and_others_are_not_harmed(settings_of_ours: Path) -> None:
    """The excess is kept as throttled, without its words."""

    async def play(talk: Talk) -> None:
        for _ in range(9):
            await talk.type("/menu")
        await talk.type("/menu", chat="8")
        throttled = rows(talk, "SELECT kind, raw FROM inbox WHERE state = 'throttled'")
        assert throttled == [("text", "")] * 5

    client = played(settings_of_ours, play, limit_user="1/min burst 3")
    assert [chat for chat, _, _ in client.said] == ["7"] * 4 + ["8"]
    assert "太快" in client.said[3][2]


def test_case_50_a_forged_press_changes_nothing(settings_of_ours: Path) -> None:
    """Whatever it carries."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")
        before = rows(talk, "SELECT answers FROM conversation")
        for forged in (
            "a:9:trade:factory",
            "\x00" * 64,
            "a:1:nobody:x",
            "r:1:lamps:delete",
            "字" * 21,
            "t:1:trade:x:1",
        ):
            await talk.come({"sort": "press", "chat": "7", "text": forged, "message": 1})
        assert rows(talk, "SELECT answers FROM conversation") == before

    played(settings_of_ours, play)


def test_case_57_forget_cancels_what_is_unsent_and_an_old_update_brings_nobody_back(settings_of_ours: Path) -> None:
    """The farewell is the last."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")
        await talk.type("/forget")
        yes = next(button for button in talk.client.buttons["7"] if button.press.startswith("m:forget:"))
        await talk.come({"sort": "press", "chat": "7", "text": yes.press, "message": 0})
        said = len(talk.client.said)
        await talk.serving.intake.take([{"update_id": 1, "sort": "text", "chat": "7", "text": "/lamps", "message": 1}])
        await talk.settle()
        assert len(talk.client.said) == said
        assert rows(talk, "SELECT count(*) FROM owner") == [(0,)]

    played(settings_of_ours, play)


def test_an_export_comes_as_two_files(settings_of_ours: Path) -> None:
    """JSON for programs, CSV for people."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")
        await talk.type("/export")

    assert [name.rpartition(".")[2] for _, name, _ in played(settings_of_ours, play).files] == ["json", "csv"]


def test_a_queue_that_is_full_takes_no_more(settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who delivers is asked to come again."""
    monkeypatch.setattr("bot.rounds.MOST_WAITING", 3)

    async def play(talk: Talk) -> None:
        with pytest.raises(TooMuch):
            await talk.serving.intake.take(
                [{"update_id": n, "sort": "text", "chat": "7", "text": "x"} for n in range(4)]
            )

    played(settings_of_ours, play)


def test_case_23_what_was_on_its_way_at_a_crash_is_sent_once_more(settings_of_ours: Path) -> None:
    """And what had not begun is sent once."""

    async def first() -> None:
        client = FakeClient(hold=asyncio.Event())
        async with talking(settings_of_ours, client) as talk:
            await talk.serving.intake.take([{"update_id": 1, "sort": "text", "chat": "7", "text": "/lamps"}])
            await talk.serving.intake.take([{"update_id": 2, "sort": "text", "chat": "7", "text": "/help"}])
            await asyncio.sleep(0.1)
            # The crash: nothing of it is settled.
            talk.serving.dispatch.closing = True
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                if "Dispatch._send" in repr(task):
                    task.cancel()
            await asyncio.sleep(0.05)

    async def play(talk: Talk) -> None:
        await asyncio.sleep(0.15)
        await talk.settle()

    asyncio.run(first())
    said = [text for _, _, text in played(settings_of_ours, play).said]
    assert len(said) == 2
    assert "您做哪一行" in said[0]


async def to_the_ticks(talk: Talk) -> list[str]:
    """To the question of several ticks; what its two options carry."""
    for said in ("/lamps", "工厂", "10万"):
        await talk.type(said)
    return [button.press for button in talk.client.buttons["7"] if button.press.startswith("t:")]


def taps(talk: Talk, *presses: str) -> list[dict[str, Any]]:
    """Taps on the newest message."""
    tapped = {"sort": "press", "chat": "7", "message": talk.client.newest}
    return [{"update_id": talk.number(), "text": press, **tapped} for press in presses]


@pytest.mark.parametrize("together", [True, False])
def test_fast_taps_are_one_edit_in_the_end(settings_of_ours: Path, together: bool) -> None:
    """Whether they come at once, or one by one while the first is on its way: all count, the newest is shown."""

    async def play(talk: Talk) -> None:
        tmall, jd = await to_the_ticks(talk)
        said, talk.client.hold = len(talk.client.said), asyncio.Event()
        coming = taps(talk, tmall, jd, tmall.removesuffix("1") + "0")
        for some in [coming] if together else [[one] for one in coming]:
            await talk.serving.intake.take(some)
        talk.client.hold.set()
        await talk.settle()
        edits = talk.client.said[said:]
        assert [over for _, over, _ in edits] == [talk.client.newest] * (1 if together else 2)
        labels = [button.label for button in talk.client.buttons["7"] if button.press.startswith("t:")]
        assert labels == ["天猫", "✓ 京东"]
        given_way = rows(talk, "SELECT count(*) FROM outbox WHERE state = 'cancelled'")
        assert given_way == [(len(coming) - len(edits),)]

    played(settings_of_ours, play)


def test_an_edit_that_must_wait_for_its_moment_gives_no_way(settings_of_ours: Path) -> None:
    """In its place the newer one would go out too soon."""

    async def play(talk: Talk) -> None:
        tmall, jd = await to_the_ticks(talk)
        said = len(talk.client.said)
        talk.client.outcomes.append(RetryAfter(wait=timedelta(seconds=35)))
        for press in (tmall, jd):
            await talk.come(*taps(talk, press))
        talk.clock.move(34)
        await asyncio.sleep(0.15)
        assert len(talk.client.said) == said + 1
        talk.clock.move(2)
        await asyncio.sleep(0.15)
        await talk.settle()
        assert [over is not None for _, over, _ in talk.client.said[said:]] == [True, True, True]

    played(settings_of_ours, play)


def test_what_is_said_between_two_edits_stays(settings_of_ours: Path) -> None:
    """Only an edit of the same message is replaced."""

    async def play(talk: Talk) -> None:
        tmall, jd = await to_the_ticks(talk)
        said, talk.client.hold = len(talk.client.said), asyncio.Event()
        first, second = taps(talk, tmall, jd)
        await talk.serving.intake.take([first])
        await talk.serving.intake.take([{"update_id": talk.number(), "sort": "text", "chat": "7", "text": "/help"}])
        await talk.serving.intake.take([second])
        talk.client.hold.set()
        await talk.settle()
        assert len(talk.client.said) == said + 3

    played(settings_of_ours, play)


def test_case_03_a_text_that_overtook_a_press_is_no_harm(settings_of_ours: Path) -> None:
    """By order of arrival: the text is asked back, the press counts, and nothing is said of an old button."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")
        shown = talk.client.newest
        await talk.type("10万")
        await talk.come({"sort": "press", "chat": "7", "text": "a:1:trade:factory", "message": shown})
        assert rows(talk, "SELECT count(*) FROM conversation WHERE answers LIKE '%factory%'") == [(1,)]

    client = played(settings_of_ours, play)
    assert "您做哪一行" in client.said[-2][2]
    assert "一个月卖多少" in client.said[-1][2]


def test_case_03_a_press_that_a_text_overtook_changes_nothing_silently(settings_of_ours: Path) -> None:
    """It is told what was answered meanwhile, and may change it."""

    async def play(talk: Talk) -> None:
        await talk.type("/lamps")
        shown = talk.client.newest
        await talk.type("工厂")
        before = rows(talk, "SELECT answers FROM conversation")
        await talk.come({"sort": "press", "chat": "7", "text": "a:1:trade:factory", "message": shown})
        assert rows(talk, "SELECT answers FROM conversation") == before

    client = played(settings_of_ours, play)
    assert "您答过：工厂" in client.said[-1][2]
    assert [button.press for button in client.buttons["7"]] == ["c:1:trade:edit"]


def test_the_menu_of_a_chat_is_in_its_owners_language(settings_of_ours: Path) -> None:
    """When he chooses one, or begins in one that Telegram does not tell apart; not at every word."""

    async def play(talk: Talk) -> None:
        talk.serving.intake.menu = lambda chat: introduce_in(talk.serving.parts, chat)
        await talk.type("/start", chat="8", language="zh-HK")
        await talk.type("/start", language="zh-CN")
        await talk.type("/language")
        await talk.press("English")
        await talk.type("/language 繁體")
        await talk.type("/menu")

    client = played(settings_of_ours, play)
    assert client.menus == [("8", "看有哪些命令"), ("7", "See all commands"), ("7", "看有哪些命令")]


def test_case_13_a_clock_that_stands_still_keeps_nobody_waiting(settings_of_ours: Path) -> None:
    """It is the owners' time that a test holds; the platform's goes on."""

    async def play() -> FakeClient:
        client = FakeClient(outcomes=[RetryAfter(wait=timedelta(milliseconds=50))])
        async with talking(settings_of_ours, client, sends_by=system_clock) as talk:
            await talk.type("/menu")
            async with asyncio.timeout(10):
                while len(client.said) < 2:
                    await asyncio.sleep(0.01)
        return client

    assert len(asyncio.run(play()).said) == 2
