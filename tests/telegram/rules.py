"""What Telegram takes of a call and what it refuses, in its own words, as strictly as its documentation says.

Not its job: who is in which chat, rates (`rates`), types of fields (`models`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.telegram.markup import Entity, MarkupRefused, read, units

MOST_TEXT = 4096
MOST_CAPTION = 1024
MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
MOST_DATA = 64

_KINDS_OF_BUTTON = {
    "callback_data", "url", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
}  # fmt: skip
_ACTIONS = {"typing", "upload_document", "upload_photo"}


class Refused(Exception):
    """The answer to a call is not ok."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.answer: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.answer["parameters"] = parameters


def bad(sentence: str) -> Refused:
    """400 with this sentence."""
    return Refused(400, f"Bad Request: {sentence}")


def text_of(
    call: Mapping[str, Any], name: str = "text", most: int = MOST_TEXT, *, may_be_empty: bool = False
) -> tuple[str, tuple[Entity, ...]]:
    """The visible text of a call and what is marked in it."""
    written = call.get(name, "")
    if not isinstance(written, str):
        raise bad(f'Field "{name}" must be of type String')
    if any(0xD800 <= ord(sign) < 0xE000 for sign in written):
        raise bad("strings must be encoded in UTF-8")
    text, entities = _parsed(written, call.get("parse_mode"))
    if not text.strip() and not may_be_empty:
        raise bad("message text is empty")
    if units(text) > most:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    return text, entities


def _parsed(written: str, mode: object) -> tuple[str, tuple[Entity, ...]]:
    if not mode:
        return written, ()
    if str(mode).lower() != "html":
        raise bad("unsupported parse_mode")
    try:
        return read(written)
    except MarkupRefused as error:
        raise bad(f"can't parse entities: {error}") from None


def keyboard_of(call: Mapping[str, Any]) -> list[list[dict[str, str]]] | None:
    """The inline keyboard of a call; None where it has none."""
    markup = call.get("reply_markup")
    if markup is None:
        return None
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("object expected as reply markup")
    for row in rows:
        for button in row:
            _check_button(button)
    if any(len(row) > MOST_IN_A_ROW for row in rows) or sum(map(len, rows)) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    return [row for row in rows if row]


def _check_button(button: Mapping[str, Any]) -> None:
    label = button.get("text")
    if not isinstance(label, str) or not label.strip():
        raise bad("inline keyboard button text must be non-empty")
    if len(_KINDS_OF_BUTTON & button.keys()) != 1:
        raise bad("text buttons are unallowed in the inline keyboard")
    press = button.get("callback_data")
    if press is not None and (not isinstance(press, str) or not 1 <= len(press.encode()) <= MOST_DATA):
        raise bad("BUTTON_DATA_INVALID")


def check_action(call: Mapping[str, Any]) -> None:
    """Of sendChatAction."""
    if call.get("action") not in _ACTIONS:
        raise bad("wrong parameter action in request")


def check_language(call: Mapping[str, Any]) -> None:
    """Two letters or nothing."""
    if not re.fullmatch(r"([a-z]{2})?", call.get("language_code") or ""):
        raise bad("invalid language code specified")


def check_commands(call: Mapping[str, Any]) -> None:
    """Of setMyCommands."""
    check_language(call)
    scope: Mapping[str, Any] = call.get("scope") or {"type": "default"}
    if scope.get("type") not in ("default", "chat"):
        raise bad("can't parse BotCommandScope")
    if scope["type"] == "chat" and not str(scope.get("chat_id", "")).lstrip("-").isdigit():
        raise bad("chat not found")
    commands: Sequence[Mapping[str, Any]] = call.get("commands") or ()
    if len(commands) > 100:
        raise bad("too much commands specified")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command"))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= units(str(command.get("description") or "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    if len({command["command"] for command in commands}) < len(commands):
        raise bad("BOT_COMMAND_DUPLICATE")


def check_length(call: Mapping[str, Any], name: str, most: int) -> None:
    """A field with a limit, and nothing else to it."""
    if units(str(call.get(name) or "")) > most:
        raise bad(f"{name} is too long")


def check_hook(call: Mapping[str, Any]) -> None:
    """Of setWebhook. Telegram wants https; the double lets a plain address of this machine pass."""
    url = call.get("url") or ""
    if url and not re.match(r"https://|http://(127\.0\.0\.1|localhost)(:\d+)?/", url):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", call.get("secret_token") or "none"):
        raise bad("secret token contains unallowed characters")
