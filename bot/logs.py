"""The log of a serving program: a JSON object a line on stderr, each with an `action`. The only door to structlog.

No owner's words, money or token: facts are counts, names of ours and ids, and whatever looks like a token is masked,
also in what libraries log.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, cast

import structlog

Level = Literal["info", "warning", "error"]

MASK = "[masked]"
#: A bot's token (a port or a line number is none), and what stands for one in an address.
_TOKEN = re.compile(r"\b\d{2,20}:[A-Za-z0-9_-]{20,}|(?<=/bot)[^/\s\"']+(?=/)")

_secrets: set[str] = set()


def set_up(*secrets: str) -> None:
    """Write to stderr from now on; `secrets` never appear, wherever they come from."""
    _secrets.update(secret for secret in secrets if secret)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _masked,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_OfLibraries()], level=logging.WARNING, force=True)


def log(action: str, level: Level = "info", **facts: Any) -> None:
    """One line."""
    structlog.get_logger().log({"info": 20, "warning": 30, "error": 40}[level], action, action=action, **facts)


def mask(text: str) -> str:
    """The text without tokens and secrets."""
    for secret in _secrets:
        text = text.replace(secret, MASK)
    return _TOKEN.sub(MASK, text)


def _masked(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    line.pop("event", None)
    for name, value in line.items():
        if name != "timestamp":
            line[name] = _discreet(value)
    return line


def _discreet(value: object) -> object:
    """Masked, also in a list."""
    match value:
        case str():
            return mask(value)
        case list():
            return [_discreet(one) for one in cast("list[object]", value)]
        case _:
            return value


class _OfLibraries(logging.Handler):
    """What a library has to say: which, how grave and where; its text may hold anything."""

    def emit(self, record: logging.LogRecord) -> None:
        level: Level = "error" if record.levelno >= logging.ERROR else "warning"
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        log("library", level, library=record.name, place=f"{record.module}:{record.lineno}", error=error)
