"""`lampwise export OWNER` and `lampwise forget OWNER`: what we hold on one owner, and its removal.

Not its job: how either is done (`storage`), what the files look like (`export_files`).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.clock import clock_for
from bot.database import refused
from bot.export_files import json_text, sheet_text, write_private
from bot.given import built
from bot.owner_files import forget_history
from bot.refusal import DONE, Refusal
from bot.settings import Settings
from storage import locks, schema
from storage.export import export as gathered
from storage.forgetting import forget as remove
from storage.opening import is_there, opened

TERMINAL = "terminal"
YES = "yes"


def export(settings: Settings, owner: str, sheet: Path | None) -> int:
    """Print all of it as JSON; with `sheet` also write the CSV file of that name, which must be new."""
    exported = _exported(settings, *_meant(owner))
    if sheet is not None:
        book, _ = built(settings, TERMINAL, settings.lang)
        _write(sheet, sheet_text(book, exported))
    # Whatever the terminal's encoding, a reader of JSON expects UTF-8.
    sys.stdout.buffer.write(json_text(exported).encode())
    return DONE


def forget(settings: Settings, owner: str, *, sure: bool) -> int:
    """Remove all of it, once the person at the terminal has said yes or where it is `sure`."""
    channel, chat = _meant(owner)
    exported = _exported(settings, channel, chat)
    if not sure and not _confirmed(exported):
        raise Refusal(f"nothing was deleted: answer {YES}, or add --yes")
    with refused():
        _removed(settings, channel, chat)
    untouched = "backups and exported files are not touched"
    sys.stdout.write(f"All that was kept on {exported['owner']} is deleted; {untouched}\n")
    return DONE


def _removed(settings: Settings, channel: str, chat: str) -> None:
    url = settings.database_url
    # Who talks under this name meanwhile would be back at once.
    with opened(url) as engine, locks.hold(url, f"{channel}:{chat}") as held:
        forget_history(url, chat)
        remove(held.fenced(engine), channel, chat, clock_for(settings.clock_file)())


def _meant(owner: str) -> tuple[str, str]:
    channel, _, chat = owner.strip().partition(":")
    if not channel or not chat.strip():
        raise Refusal(f"OWNER: {owner[:40]!r} is no owner; write it like {TERMINAL}:NAME")
    return channel, chat.strip()


def _exported(settings: Settings, channel: str, chat: str) -> Mapping[str, Any]:
    """All that is kept; the refusal does not tell whether the channel, the database or the person is unknown."""
    with refused():
        found = _gathered(settings, channel, chat) if is_there(settings.database_url) else None
    if found is None:
        raise Refusal(f"OWNER: {channel[:20]}:{chat[:60]} not found")
    return found


def _gathered(settings: Settings, channel: str, chat: str) -> Mapping[str, Any] | None:
    with opened(settings.database_url) as engine:
        if schema.version(engine) is None:
            return None
        schema.ensure(engine)
        return gathered(engine, channel, chat, clock_for(settings.clock_file)())


def _confirmed(exported: Mapping[str, Any]) -> bool:
    counts = ", ".join(f"{table} {len(rows)}" for table, rows in exported["kept"].items() if rows)
    sys.stderr.write(f"This deletes all that is kept on {exported['owner']} ({counts}). Type {YES} to go on: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() == YES


def _write(sheet: Path, text: str) -> None:
    try:
        write_private(sheet, text)
    except FileExistsError:
        raise Refusal(f"--sheet: {sheet} exists already; name a new file") from None
    except OSError as error:
        raise Refusal(f"--sheet: {sheet}: {error.strerror}") from error
