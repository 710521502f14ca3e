"""The double is as strict as it says: what Telegram refuses it refuses, what may come again comes again."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.telegram.double import TOKEN, Double
from tests.telegram.gateways import CHAT, run
from tests.telegram.markup import MarkupRefused, read, units
from tests.telegram.models import by_aiogram, by_ptb
from tests.telegram.rates import Rates


async def call(double: Double, method: str, **told: Any) -> tuple[int, Any]:
    """As a bot would, without any library."""
    url = f"{double.root}/bot{TOKEN}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=told) as answer:
        said = await answer.json()
        return answer.status, said.get("result", said.get("description"))


def says(method: str, **told: Any) -> tuple[int, Any]:
    """What a double with one chat and one message in it says to a call."""

    async def work() -> tuple[int, Any]:
        async with Double() as double:
            double.chat(CHAT)
            await call(double, "sendMessage", chat_id=CHAT, text="hello")
            return await call(double, method, **told)

    return run(work())


def button(press: str, text: str = "x") -> dict[str, Any]:
    """A keyboard of one."""
    return {"inline_keyboard": [[{"text": text, "callback_data": press}]]}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": ""}, "text is empty"),
    ("sendMessage", {"text": "  \n"}, "text is empty"),
    ("sendMessage", {"text": "<b></b>", "parse_mode": "HTML"}, "text is empty"),
    ("sendMessage", {"text": "灯" * 4097}, "too long"),
    ("sendMessage", {"text": "😀" * 2049}, "too long"),
    ("sendMessage", {"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities"),
    ("sendMessage", {"text": "x", "parse_mode": "Markup"}, "unsupported parse_mode"),
    ("sendMessage", {"text": "x", "reply_markup": button("é" * 33)}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"text": "x", "reply_markup": button("")}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"text": "x", "reply_markup": button("a", " ")}, "must be non-empty"),
    ("sendMessage", {"text": "x", "chat_id": 7}, "chat not found"),
    ("editMessageText", {"text": "hello", "message_id": 1}, "not modified"),
    ("editMessageText", {"text": "x", "message_id": 9}, "not found"),
    ("sendChatAction", {"action": "dancing"}, "wrong parameter action"),
    ("answerCallbackQuery", {"callback_query_id": "none"}, "query is too old"),
    ("setMyCommands", {"commands": [{"command": "看", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [], "language_code": "zh-hans"}, "language code"),
    ("setMyDescription", {"description": "灯" * 513}, "too long"),
    ("setWebhook", {"url": "http://example.com/"}, "HTTPS"),
    ("setWebhook", {"url": "https://example.com/", "secret_token": "a b"}, "unallowed"),
]


@pytest.mark.parametrize(("method", "told", "why"), REFUSED)
def test_what_telegram_refuses_is_refused(method: str, told: dict[str, Any], why: str) -> None:
    status, said = says(method, **{"chat_id": CHAT, **told})
    assert status == 400
    assert why in said


@pytest.mark.parametrize(
    "html", ["<b>x</i>", "</b>", "<u><b>x</u></b>", "<img>", "<a>x</a>", "<b", "<code><b>x</b></code>"]
)
def test_case_44_html_that_telegram_cannot_parse(html: str) -> None:
    with pytest.raises(MarkupRefused):
        read(html)


def test_case_44_html_is_read_as_it_is_seen() -> None:
    text, entities = read('<b>灯😀</b> &lt;&amp;&quot;&#39;&nbsp; <a href="x?a=1&amp;b">l</a>')
    assert text == "灯😀 <&\"'&nbsp; l"
    assert [(one.type, one.offset, one.length, one.url) for one in entities] == [
        ("bold", 0, 3, ""), ("text_link", 15, 1, "x?a=1&b"),
    ]  # fmt: skip
    assert units("灯😀") == 3


def test_an_update_comes_again_until_it_is_confirmed() -> None:
    async def work() -> list[list[int]]:
        async with Double() as double:
            first, second = double.chat(CHAT).says("1"), double.chat(CHAT).says("2")
            got = [(await call(double, "getUpdates", offset=offset))[1] for offset in (0, 0, first + 1, second + 1)]
            return [[one["update_id"] - first for one in updates] for updates in got]

    assert run(work()) == [[0, 1], [0, 1], [1], []]


def test_case_09_there_is_one_who_fetches() -> None:
    async def work() -> tuple[int, int, int]:
        async with Double() as double:
            first = asyncio.create_task(call(double, "getUpdates", timeout=5))
            await asyncio.sleep(0.1)
            second = asyncio.create_task(call(double, "getUpdates", timeout=1))
            await asyncio.sleep(0.1)
            double.chat(CHAT).says("hello")
            await call(double, "setWebhook", url="https://example.com/hook")
            return (await first)[0], (await second)[0], (await call(double, "getUpdates"))[0]

    assert run(work()) == (409, 200, 409)


def test_case_22_limits() -> None:
    now = [0.0]
    rates = Rates(lambda: now[0])
    assert [rates.take(1), rates.take(1), rates.take(2)] == [0, 1, 0]
    now[0] = 1.0
    assert rates.take(1) == 0
    assert [rates.take(chat) for chat in range(10, 38)] == [0] * 28
    assert rates.take(99) == 0
    assert rates.take(100) == 1
    for minute in range(20):
        now[0] = 100.0 + 2 * minute
        assert rates.take(-5) == 0
    now[0] += 2
    assert rates.take(-5) == 20


def test_a_wrong_token_is_not_known() -> None:
    async def work() -> int:
        async with Double() as double, aiohttp.ClientSession() as session:
            async with session.post(f"{double.root}/bot42:wrong/getMe") as answer:
                return answer.status

    assert run(work()) == 401


@pytest.mark.parametrize("judge", [by_aiogram, by_ptb])
def test_the_judges_are_not_blind(judge: Any) -> None:
    sound = {"chat_id": 1, "text": "x", "reply_markup": button("a"), "link_preview_options": {"is_disabled": True}}
    assert judge("sendMessage", sound) == []
    assert judge("sendDocument", {"chat_id": 1, "document": "attach://document", "caption": "x"}) == []
    assert judge("sendMessage", {"chat_id": 1, "text": "x", "colour": "red"}) != []
    assert judge("sendMessage", {"chat_id": 1}) != []
    assert judge("sendMessage", {"chat_id": 1, "text": True}) != []
    wrong = {"inline_keyboard": [[{"text": "x", "callback_date": "a"}]]}
    assert judge("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": wrong}) != []
    assert judge("sendPigeon", {}) != []
