"""How a setting has to be written: each form returns what it was given, or raises ValueError that says what to write.

Not its job: which settings there are (`settings`), opening what they name.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.rates import Rate

_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
#: What can be sent in a header as it is.
_TOKEN = re.compile(r"[!-~]{8,256}")


def database(url: str) -> str:
    """sqlite:///PATH or postgresql://USER@HOST/NAME; never one in memory, which would keep nothing."""
    if url.startswith("postgresql://"):
        return url
    if not url.startswith("sqlite:///") or url.removeprefix("sqlite:///") in ("", ":memory:"):
        raise ValueError("write sqlite:///PATH or postgresql://USER@HOST/NAME")
    return url


def folder(path: Path) -> Path:
    """One that is there."""
    if not path.is_dir():
        raise ValueError(f"there is no folder {path}")
    return path


def file(path: Path) -> Path:
    """One that is there."""
    if not path.is_file():
        raise ValueError(f"there is no file {path}")
    return path


def time_zone(name: str) -> str:
    """As the tz database names it."""
    try:
        ZoneInfo(name)
    except (ValueError, LookupError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}; write one like Asia/Shanghai") from error
    return name


def rate(text: str) -> str:
    """As `rates` reads it, whose refusal is a ValueError."""
    Rate.read(text)
    return text


def ids(text: str) -> str:
    """Numbers with commas between, or nothing."""
    if not all(part.strip().isascii() and part.strip().isdigit() for part in text.split(",") if part.strip()):
        raise ValueError("write numbers with commas between, such as 123456789,987654321")
    return text


def place_to_listen(text: str) -> str:
    """host:port."""
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError("write host:port, such as 127.0.0.1:8080")
    return text


def address(text: str) -> str:
    """Of the web."""
    if urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).netloc:
        raise ValueError("write an address that begins with https:// or http://")
    return text


def secret(text: str) -> str:
    """As Telegram takes it, and long enough that nobody guesses it."""
    if not _SECRET.fullmatch(text):
        raise ValueError("write 16 to 256 letters, digits, _ and -")
    return text


def token(text: str) -> str:
    """As a header carries it, and not too short to be guessed."""
    if not _TOKEN.fullmatch(text):
        raise ValueError("write 8 to 256 letters, digits and signs, without spaces")
    return text
