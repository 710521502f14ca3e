"""Checks a call against the typed models of the library that did not make it: its fields and their types.

Each library knows the Bot API from its documentation, so that a mistake of the one is no mistake of the other.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import aiogram.methods
import telegram
from aiogram.methods.base import TelegramMethod
from aiogram.types import BufferedInputFile
from pydantic import BaseModel, ValidationError

#: What stands in a decoded call for a file that was sent along.
FILE = "attach://"

Judge = Callable[[str, Mapping[str, Any]], list[str]]


def by_aiogram(method: str, call: Mapping[str, Any]) -> list[str]:
    """What aiogram's model of the method says against the call."""
    model = _model(method)
    if model is None:
        return [f"{method}: aiogram knows no such method"]
    told = {name: BufferedInputFile(b"x", "x") if _is_file(value) else value for name, value in call.items()}
    try:
        read = model.model_validate(told)
    except ValidationError as error:
        return [f"{method}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3]]
    return [f"{method}: aiogram knows no field {name}" for name in _extra(read)]


def by_ptb(method: str, call: Mapping[str, Any]) -> list[str]:
    """What python-telegram-bot's signature of the method, and its types, say against the call."""
    function = getattr(telegram.Bot, _snake(method), None)
    if function is None:
        return [f"{method}: python-telegram-bot knows no such method"]
    known = inspect.signature(function).parameters
    said = [f"{method}: python-telegram-bot knows no field {name}" for name in call if name not in known]
    said += [f"{method}: {name} is missing" for name in _needed(known) if name not in call]
    for name, value in call.items():
        if name in known:
            said += [f"{method}: {name}: {wrong}" for wrong in _wrong(name, value, str(known[name].annotation))]
    return said


#: By the library that makes the calls, who judges them.
JUDGES: dict[str, Judge] = {"ptb": by_aiogram, "aiogram": by_ptb}


@cache
def _model(method: str) -> type[TelegramMethod[Any]] | None:
    return getattr(aiogram.methods, method[:1].upper() + method[1:], None)


def _extra(read: BaseModel) -> Iterator[str]:
    yield from read.model_extra or ()
    for name in type(read).model_fields:
        value = getattr(read, name)
        for part in _models(value):
            yield from (f"{name}.{extra}" for extra in _extra(part))


def _models(value: object) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _models(part)


_TYPES: dict[str, type[telegram.TelegramObject]] = {
    "reply_markup": telegram.InlineKeyboardMarkup,
    "link_preview_options": telegram.LinkPreviewOptions,
    "reply_parameters": telegram.ReplyParameters,
    "scope": telegram.BotCommandScope,
    "commands": telegram.BotCommand,
}


def _wrong(name: str, value: Any, annotation: str) -> Iterator[str]:
    """What is wrong with one field."""
    if name in _TYPES:
        for one in value if isinstance(value, list) else [value]:
            yield from _wrong_object(_TYPES[name], one)
    elif _is_file(value):
        return
    elif isinstance(value, bool):
        yield from [] if "bool" in annotation else ["is no truth value"]
    elif isinstance(value, int):
        yield from [] if "int" in annotation or "float" in annotation or "Period" in annotation else ["is no number"]
    elif isinstance(value, str):
        # Telegram reads numbers and truth values from texts, too.
        reads = value.lstrip("-").isdigit() or value in ("true", "false")
        yield from [] if "str" in annotation or reads else ["is no text"]


def _wrong_object(kind: type[telegram.TelegramObject], value: Any) -> Iterator[str]:
    try:
        read = kind.de_json(dict(value), None)
    except (KeyError, TypeError, ValueError) as error:
        yield f"is no {kind.__name__}: {type(error).__name__}"
        return
    yield from (f"has no field {extra}" for extra in _left_over(read))


def _left_over(read: object) -> Iterator[str]:
    if isinstance(read, telegram.TelegramObject):
        yield from read.api_kwargs
        for rows in getattr(read, "inline_keyboard", ()):
            for button in rows:
                yield from button.api_kwargs


def _needed(known: Mapping[str, inspect.Parameter]) -> Iterator[str]:
    return (name for name, one in known.items() if one.default is one.empty and name != "self")


def _is_file(value: object) -> bool:
    return isinstance(value, str) and value.startswith(FILE)


def _snake(method: str) -> str:
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in method)
