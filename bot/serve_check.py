"""`lampwise serve --check`: whether this installation could serve, a line for each part; starts and changes nothing.

Each line begins with ok, note (serve would do something about it, or somebody should know) or wrong (serve would not
work). Not its job: whether the dialogs are good (`lampwise check`), whether the database is sound (`db check`).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from bot.clock import ClockUnreadable, clock_for
from bot.gateways.telegram_http import Cut, Http, NotReached, read
from bot.gateways.telegram_incoming import CHANNEL
from bot.gateways.telegram_library import LibraryMissing, client
from bot.given import built
from bot.refusal import CHECK_FAILED, DONE, Refusal
from bot.settings import Settings, revealed, variable
from storage.errors import StorageError
from storage.schema import HEAD
from storage.trial import tried

Verdict = Literal["ok", "note", "wrong"]
Line = tuple[Verdict, str, str]

#: Bytes of room on the disk below which a database soon stands still.
LITTLE_ROOM = 100 * 1024 * 1024
#: Seconds for one question to the Bot API.
PATIENCE = 10.0
_BELIEVABLE = 100


def run(settings: Settings, *, take_over: bool = False) -> int:
    """Print a line a part; DONE, or CHECK_FAILED where something is wrong.

    `take_over`: serve may take a webhook away from another program.
    """
    if settings.telegram_token is None:
        raise Refusal(f"{variable('telegram_token')}: nothing is switched on; set the token of your bot")
    failed = False
    for verdict, part, says in _lines(settings, take_over=take_over):
        sys.stdout.write(f"{verdict:5}  {part}: {says}\n")
        sys.stdout.flush()
        failed = failed or verdict == "wrong"
    return CHECK_FAILED if failed else DONE


def _lines(settings: Settings, *, take_over: bool) -> Iterator[Line]:
    yield "ok", "settings", "all can be used"
    yield from _guarded("clock", lambda: _clock(settings))
    yield from _guarded("database", lambda: _database(settings))
    yield from _guarded("dialogs", lambda: _books(settings))
    yield from _guarded("library", lambda: _library(settings))
    yield from asyncio.run(_telegram(settings, take_over=take_over))


def _guarded(part: str, look: Callable[[], Iterable[Line]]) -> Iterable[Line]:
    try:
        return list(look())
    except (StorageError, ClockUnreadable, LibraryMissing, Refusal) as error:
        return [("wrong", part, line) for line in str(error).splitlines()]


def _clock(settings: Settings) -> Iterator[Line]:
    now = clock_for(settings.clock_file)()
    yield (
        ("note" if settings.clock_file else "ok"),
        "clock",
        f"it is {now:%Y-%m-%d %H:%M} UTC" + (f", by the file {settings.clock_file}" if settings.clock_file else ""),
    )


def _database(settings: Settings) -> Iterator[Line]:
    trial = tried(settings.database_url)
    if not trial.is_there:
        yield "note", "database", "there is none yet; serve makes it"
    elif trial.version is None:
        yield "note", "database", f"it takes a write, and has no tables yet; serve makes those of version {HEAD}"
    elif trial.version > HEAD:
        yield "wrong", "database", f"it was made by a newer version (tables {trial.version}, known up to {HEAD})"
    elif trial.version < HEAD:
        yield (
            "note",
            "database",
            (
                f"it takes a write; its tables have version {trial.version}, and serve would bring them to {HEAD}:"
                " make a backup before"
            ),
        )
    else:
        yield "ok", "database", f"it takes a write, and its tables have version {HEAD}"
    if trial.free is not None:
        yield "wrong" if trial.free < LITTLE_ROOM else "ok", "disk", f"{trial.free // 1024**2:,} MB free"


def _books(settings: Settings) -> Iterator[Line]:
    book, table = built(settings, CHANNEL, settings.lang)
    yield "ok", "dialogs", f"{len(book.flows)} dialogs, {len(table.says)} commands: {settings.dialogs}"
    entries = len(list((settings.knowledge / "entries").glob("*.yaml")))
    yield ("ok" if entries else "wrong"), "knowledge", f"{entries} entries: {settings.knowledge}"


def _library(settings: Settings) -> Iterator[Line]:
    client(settings.telegram_library, settings.telegram_api_root, "1:none")
    yield "ok", "library", f"{settings.telegram_library} is installed"


async def _telegram(settings: Settings, *, take_over: bool) -> list[Line]:
    http = Http(settings.telegram_api_root)
    token = revealed(settings.telegram_token)
    try:
        me = await _asked(http, token, "getMe")
        if isinstance(me, str):
            return [("wrong", "token", me)]
        lines: list[Line] = [("ok", "token", f"it is that of @{me.get('username', '')}")]
        hook = await _asked(http, token, "getWebhookInfo")
        return [
            *lines,
            *([("wrong", "webhook", hook)] if isinstance(hook, str) else _webhook(settings, hook, take_over=take_over)),
        ]
    finally:
        await http.close()


async def _asked(http: Http, token: str, method: str) -> Mapping[str, Any] | str:
    """The result of a question to the server, or what is wrong with it as a sentence."""
    try:
        status, body = await http.call(token, method, {}, timeout=PATIENCE)
    except (NotReached, Cut) as error:
        return f"{urlsplit(http.root).netloc} cannot be reached ({str(error)[:40]})"
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
        return f"the server does not know this token ({status}); copy it anew from BotFather"
    result = read(body).get("result")
    if status != HTTPStatus.OK or not isinstance(result, dict):
        return f"the server answered with status {status}, and not as a Bot API does"
    return cast(dict[str, Any], result)


def _webhook(settings: Settings, told: Mapping[str, Any], *, take_over: bool) -> Iterator[Line]:
    """Only the host of an address is shown: the path may be a secret."""
    found, wanted = str(told.get("url") or ""), settings.telegram_webhook_url or ""
    if found == wanted:
        yield "ok", "webhook", f"deliveries go to {_host(wanted)}" if wanted else "there is none: updates are fetched"
    elif not found:
        yield "note", "webhook", f"there is none; serve has updates delivered to {_host(wanted)}"
    elif take_over:
        yield "note", "webhook", f"another one is set, to {_host(found)}, and serve takes it away"
    else:
        yield "wrong", "webhook", f"another one is set, to {_host(found)}: end that program first, or use --take-over"
    pending, failed = told.get("pending_update_count"), told.get("last_error_date")
    if isinstance(pending, int) and pending > _BELIEVABLE:
        yield "note", "webhook", f"{pending} updates wait"
    if wanted and found == wanted and isinstance(failed, int):
        yield (
            "note",
            "webhook",
            f"the last failure of a delivery was at {datetime.fromtimestamp(failed, UTC):%F %T} UTC",
        )


def _host(address: str) -> str:
    return urlsplit(address).netloc or "?"
