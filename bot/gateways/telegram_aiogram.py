"""Telegram by aiogram, as a typed client and reader alone: no dispatcher, no FSM. The only door to it.

Its HTTP layer is replaced by ours through BaseSession.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeVar, cast

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ChatAction, ParseMode
from aiogram.exceptions import AiogramError, ClientDecodeError
from aiogram.methods import TelegramMethod
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    Update,
)

from bot.gateways import telegram_calls, telegram_reading
from bot.gateways.base import Delivery, Sent
from bot.gateways.telegram_client import Hooked, Me, Profile, outcome
from bot.gateways.telegram_http import TIMEOUT, Cut, Declined, File, Http, NotReached
from bot.gateways.telegram_incoming import Incoming
from bot.gateways.telegram_text import Page
from bot.link import TokenSeen

Done = TypeVar("Done")

#: What a message may hold besides text.
_CONTENT = (
    "animation", "audio", "contact", "dice", "document", "game", "invoice", "location", "paid_media", "photo", "poll",
    "sticker", "story", "venue", "video", "video_note", "voice",
)  # fmt: skip

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Client:
    """See telegram_client.Client."""

    def __init__(self, root: str, token: str) -> None:
        self._http = Http(root)
        self._token = token
        self._bot = Bot(token, session=_Session(self._http, root))

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
            sending = self._bot.send_message(
                int(chat), text, parse_mode=mode, reply_markup=keyboard, link_preview_options=_NO_PREVIEW
            )
            return await _delivered(sending, editing=False)
        editing = self._bot.edit_message_text(
            text, chat_id=int(chat), message_id=over, parse_mode=mode, reply_markup=keyboard,
            link_preview_options=_NO_PREVIEW,
        )  # fmt: skip
        return await _delivered(editing, editing=True)

    async def hand(self, chat: str, file: File, page: Page) -> Delivery:
        """Send a file with a caption."""
        name, content = file
        document = BufferedInputFile(content, name)
        sending = self._bot.send_document(
            int(chat), document, caption=page.html, parse_mode=ParseMode.HTML, reply_markup=_keyboard(page)
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
        commands = [BotCommand(command=name, description=says) for name, says in profile.commands]
        await _at_best(self._bot.set_my_commands(commands, language_code=language))
        await _at_best(self._bot.set_my_description(profile.description, language_code=language))
        await _at_best(self._bot.set_my_short_description(profile.short, language_code=language))

    async def menu(self, chat: str, commands: Sequence[tuple[str, str]]) -> None:
        """Best effort."""
        told = [BotCommand(command=name, description=says) for name, says in commands]
        await _at_best(self._bot.set_my_commands(told, scope=BotCommandScopeChat(chat_id=int(chat))))

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
        read = Update.model_validate(update)
        if read.callback_query is not None:
            return _pressed(read.update_id, read.callback_query)
        if read.my_chat_member is not None:
            return telegram_reading.membership(read.update_id, read.my_chat_member)
        message = read.message or read.edited_message
        if message is None or message.from_user is None or message.from_user.is_bot:
            return Incoming(update=read.update_id, sort="ignored")
        holds_more = any(getattr(message, name) is not None for name in _CONTENT)
        return telegram_reading.message(read.update_id, message, edited=read.message is None, holds_more=holds_more)


class _Session(BaseSession):
    """Carries aiogram's calls over our own HTTP."""

    def __init__(self, http: Http, root: str) -> None:
        super().__init__(api=TelegramAPIServer.from_base(root), timeout=TIMEOUT)
        self._http = http

    async def close(self) -> None:
        """The connection is closed by the client."""

    async def make_request(self, bot: Bot, method: TelegramMethod[Done], timeout: int | None = None) -> Done:
        """One call."""
        uploads: dict[str, Any] = {}
        told: dict[str, Any] = {}
        for name, value in method.model_dump(warnings=False).items():
            prepared = self.prepare_value(value, bot=bot, files=uploads)
            if prepared:
                told[name] = prepared
        files = {name: await _contents(name, upload, bot) for name, upload in uploads.items()}
        waits = float(timeout or TIMEOUT)
        body = await self._http.accepted(bot.token, method.__api_method__, told, files, waits)
        answer = self.check_response(bot, method, HTTPStatus.OK, body.decode("utf-8", "replace"))
        return cast(Done, answer.result)

    async def stream_content(
        self, url: str, headers: dict[str, Any] | None = None, timeout: int = 30, chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:  # fmt: skip
        """Nothing is ever downloaded."""
        raise NotImplementedError
        yield b""


async def _contents(name: str, upload: InputFile, bot: Bot) -> File:
    return upload.filename or name, b"".join([part async for part in upload.read(bot)])


def _keyboard(page: Page) -> InlineKeyboardMarkup | None:
    if not page.buttons:
        return None
    rows = [
        [InlineKeyboardButton(text=button.label, callback_data=button.press) for button in row] for row in page.buttons
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows)


async def _delivered(call: Awaitable[Message | bool], *, editing: bool) -> Delivery:
    try:
        done = await call
    except (NotReached, Cut, Declined) as error:
        return outcome(error, editing=editing)
    except ClientDecodeError:
        # The server took it; what it said besides cannot be read.
        return Sent()
    return Sent(message=done.message_id if isinstance(done, Message) else None)


async def _at_best(call: Awaitable[object]) -> None:
    try:
        await call
    except (AiogramError, NotReached, Cut, Declined):
        return


def _pressed(update: int, press: CallbackQuery) -> Incoming:
    message = press.message
    if message is None or press.data is None or press.from_user.is_bot:
        return Incoming(update=update, sort="ignored", query=press.id)
    return Incoming(
        update=update, sort="press", chat=str(message.chat.id), private=telegram_reading.is_private(message.chat),
        language=press.from_user.language_code or "", text=press.data, query=press.id,
        message=message.message_id if isinstance(message, Message) else 0,
    )  # fmt: skip
