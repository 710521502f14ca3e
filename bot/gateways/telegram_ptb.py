"""Telegram by python-telegram-bot, as a typed client and reader alone. The only door to it.

Measured: its own HTTP layer takes 1.6 ms of CPU a call, ours, put in through BaseRequest, 0.2; making its objects of
our own messages that come back, and of keyboards, takes as long as all else together, so these go in and out as JSON.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Mapping, Sequence
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any, TypeVar, cast

import telegram
from telegram import Bot, BotCommand, BotCommandScopeChat, InputFile, Message
from telegram.constants import ChatAction, ChatType, ParseMode
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from bot.gateways import telegram_calls, telegram_reading
from bot.gateways.base import Delivery, Sent
from bot.gateways.telegram_client import Hooked, Me, Profile, outcome
from bot.gateways.telegram_http import TIMEOUT, Cut, Declined, File, Http, NotReached, read
from bot.gateways.telegram_incoming import Incoming
from bot.gateways.telegram_text import Page
from bot.link import TokenSeen

# Its waits are to be timedeltas one day; it warns at each refusal until that is asked for.
os.environ.setdefault("PTB_TIMEDELTA", "1")

Done = TypeVar("Done")

#: The number of the message that the last call of this task made; 0: it was taken, and made none that we could read.
_made: ContextVar[int | None] = ContextVar("made", default=None)


class Client:
    """See telegram_client.Client."""

    def __init__(self, root: str, token: str) -> None:
        self._http = Http(root)
        self._token = token
        request = _Request(self._http, token)
        self._bot = Bot(token, base_url=f"{root.rstrip('/')}/bot", request=request, get_updates_request=request)

    @property
    def token_seen(self) -> TokenSeen:
        """What the server said of the token lately."""
        return self._http.token_seen

    async def open(self) -> Me:
        """Connect and find out who we are."""
        return await telegram_calls.me(self._http, self._token)

    async def close(self) -> None:
        """End all connections."""
        await self._http.close()

    async def say(self, chat: str, page: Page, *, over: int | None = None, plain: bool = False) -> Delivery:
        """Send, or put in the place of `over`."""
        text, mode = (page.plain, None) if plain else (page.html, ParseMode.HTML)
        keyboard = _keyboard(page)
        if over is None:
            sending = self._bot.send_message(int(chat), text, parse_mode=mode, api_kwargs=keyboard)
            return await _delivered(sending, editing=False)
        editing = self._bot.edit_message_text(text, int(chat), over, parse_mode=mode, api_kwargs=keyboard)
        return await _delivered(editing, editing=True)

    async def hand(self, chat: str, file: File, page: Page) -> Delivery:
        """Send a file with a caption."""
        name, content = file
        document = InputFile(content, filename=name)
        sending = self._bot.send_document(
            int(chat), document, caption=page.html, parse_mode=ParseMode.HTML, api_kwargs=_keyboard(page, preview=False)
        )
        return await _delivered(sending, editing=False)

    async def answer(self, query: str) -> None:
        """Best effort."""
        await _at_best(self._bot.answer_callback_query(query))

    async def typing(self, chat: str) -> None:
        """Best effort."""
        await _at_best(self._bot.send_chat_action(int(chat), ChatAction.TYPING))

    async def introduce(self, profile: Profile) -> None:
        """Best effort."""
        language = profile.language or None
        commands = [BotCommand(name, says) for name, says in profile.commands]
        await _at_best(self._bot.set_my_commands(commands, language_code=language))
        await _at_best(self._bot.set_my_description(profile.description, language_code=language))
        await _at_best(self._bot.set_my_short_description(profile.short, language_code=language))

    async def menu(self, chat: str, commands: Sequence[tuple[str, str]]) -> None:
        """Best effort."""
        told = [BotCommand(name, says) for name, says in commands]
        await _at_best(self._bot.set_my_commands(told, scope=BotCommandScopeChat(int(chat))))

    async def updates(self, offset: int, wait: int) -> Sequence[object]:
        """As they come: the library reads them one by one, so that one that cannot be read spoils no other."""
        return await self._http.updates(self._token, offset, wait)

    async def hook(self, url: str, secret: str) -> None:
        """Set or delete the webhook."""
        await telegram_calls.hook(self._http, self._token, url, secret)

    async def hooked(self) -> Hooked:
        """How the webhook is."""
        return await telegram_calls.hooked(self._http, self._token)

    def read(self, update: Mapping[str, Any]) -> Incoming:
        """What the update says."""
        if "callback_query" in update:
            return _pressed(update)
        told = telegram.Update.de_json(dict(update), self._bot)
        if told.my_chat_member is not None:
            return telegram_reading.membership(told.update_id, told.my_chat_member)
        message = told.message or told.edited_message
        if message is None or message.from_user is None or message.from_user.is_bot:
            return Incoming(update=told.update_id, sort="ignored")
        holds_more = message.effective_attachment is not None
        return telegram_reading.message(told.update_id, message, edited=told.message is None, holds_more=holds_more)


class _Request(BaseRequest):
    """Carries PTB's calls over our own HTTP."""

    __slots__ = ("_http", "_token")

    def __init__(self, http: Http, token: str) -> None:
        self._http = http
        self._token = token

    @property
    def read_timeout(self) -> float | None:
        """Seconds."""
        return TIMEOUT

    async def initialize(self) -> None:
        """The connection is opened by the client."""

    async def shutdown(self) -> None:
        """The connection is closed by the client."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Unlike the library's own: logs nothing, and has it make no object of our own message."""
        answer = read(payload)
        if not answer:
            raise TelegramError("Invalid server response")
        made = _number(answer.get("result"))
        _made.set(made or 0)
        if made is not None or not isinstance(answer.get("result"), dict):
            # For the library: done, and nothing to read.
            answer["result"] = True
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        """One call."""
        told = {} if request_data is None else request_data.parameters
        files: dict[str, File] = {}
        if request_data is not None and request_data.contains_files:
            parts = request_data.multipart_data
            files = {name: (str(part[0]), _content(part[1])) for name, part in parts.items()}
        timeout = read_timeout if isinstance(read_timeout, int | float) else TIMEOUT
        method = url.rpartition("/")[2]
        return HTTPStatus.OK, await self._http.accepted(self._token, method, told, files, float(timeout))


def _number(result: object) -> int | None:
    """Of a message of ours; None where the result is none."""
    number = cast(dict[str, object], result).get("message_id") if isinstance(result, dict) else None
    return number if isinstance(number, int) else None


def _content(content: object) -> bytes:
    return content if isinstance(content, bytes) else b""


def _keyboard(page: Page, *, preview: bool = True) -> dict[str, Any]:
    """What every message of ours has besides its text; a file has no `preview` that could be switched off."""
    told: dict[str, Any] = {"link_preview_options": {"is_disabled": True}} if preview else {}
    if page.buttons:
        rows = [[{"text": button.label, "callback_data": button.press} for button in row] for row in page.buttons]
        told["reply_markup"] = {"inline_keyboard": rows}
    return told


async def _delivered(call: Awaitable[Message | bool], *, editing: bool) -> Delivery:
    _made.set(None)
    try:
        await call
    except Exception as error:
        if _made.get() is not None:
            # The server took it; what it said besides cannot be read.
            return Sent()
        if isinstance(error, TelegramError) and isinstance(error.__cause__, NotReached | Cut | Declined):
            return outcome(error.__cause__, editing=editing)
        raise
    return Sent(message=_made.get() or None)


async def _at_best(call: Awaitable[object]) -> None:
    try:
        await call
    except TelegramError:
        return


def _pressed(update: Mapping[str, Any]) -> Incoming:
    """Our own message comes back with it: of that nothing but its number and chat is looked at."""
    ours = cast(dict[str, Any] | None, update["callback_query"].get("message"))
    press = telegram.CallbackQuery.de_json({**update["callback_query"], "message": None}, None)
    if ours is None or press.data is None or press.from_user.is_bot:
        return Incoming(update=update["update_id"], sort="ignored", query=press.id)
    return Incoming(
        update=update["update_id"], sort="press", chat=str(int(ours["chat"]["id"])),
        private=ours["chat"]["type"] == ChatType.PRIVATE, language=press.from_user.language_code or "",
        # Of a message that is too old to be shown, the date is 0: it cannot be changed.
        text=press.data, query=press.id, message=int(ours["message_id"]) if ours["date"] else 0,
    )  # fmt: skip
