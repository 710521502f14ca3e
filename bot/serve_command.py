"""`lampwise serve`: the process: opens what the settings switch on, runs until it is told to end, closes in order.

Not its job: what the parts do with one another (`serving`).
"""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from secrets import token_hex
from typing import Any

from bot import admins, logs
from bot.advisor import apology
from bot.clock import ClockUnreadable, clock_for, system_clock
from bot.gateways.telegram_client import Me
from bot.gateways.telegram_http import Cut, NotReached, OtherInstance, TokenRefused
from bot.gateways.telegram_incoming import CHANNEL
from bot.gateways.telegram_library import LibraryMissing, client
from bot.given import built
from bot.introduction import introduce, introduce_in
from bot.polling import poll
from bot.refusal import CHECK_FAILED, DONE, Refusal, say
from bot.reminders import Reminders
from bot.rounds import Arrival
from bot.serve_reload import reload
from bot.serving import Parts, Serving
from bot.settings import Settings, variable
from bot.texts import own_texts
from bot.watch import Watch
from scheduler.owners import OwnersCalendar
from scheduler.rules import spread_for
from scheduler.runner import QUICK_TICK, TICK
from storage import locks
from storage.errors import AlreadyRunning, StorageError
from storage.installation import identity
from storage.opening import open_newest
from storage.owners import people
from storage.retention import purge
from storage.store import Store

#: Only one program may serve from one database.
_LOCK = "serve"
#: Seconds between two tries to reach the server at the start.
_PAUSE = 2.0
_PURGE_EVERY = 24 * 3600.0
#: Seconds after the start until what can wait is begun.
_SETTLED = 45.0


def run(settings: Settings) -> int:
    """Serve until SIGTERM or Ctrl-C; raises Refusal for what cannot be used."""
    if settings.telegram_token is None:
        raise Refusal(f"{variable('telegram_token')}: nothing is switched on; set the token of your bot")
    secret = settings.telegram_webhook_secret
    logs.set_up(settings.telegram_token.get_secret_value(), secret.get_secret_value() if secret else "")
    try:
        with ExitStack() as held:
            parts = _parts(settings, held)
            return _loop(_serve(parts))
    except AlreadyRunning as error:
        raise Refusal("another `lampwise serve` runs on this database; end it first") from error
    except (StorageError, ClockUnreadable, LibraryMissing) as error:
        raise Refusal(str(error)) from error


def _parts(settings: Settings, held: ExitStack) -> Parts:
    texts = own_texts("gateways/telegram.yaml")
    book, table = built(settings, CHANNEL, settings.lang)
    held.enter_context(locks.hold(settings.database_url, _LOCK))
    engine = open_newest(settings.database_url)
    held.callback(engine.dispose)
    clock = clock_for(settings.clock_file)
    calendar = OwnersCalendar(spread=spread_for(people(engine, CHANNEL)), installation=identity(engine, token_hex))
    book = replace(book, keep_days=settings.keep_days, calendar=calendar)
    store = Store(
        engine=engine, apology=lambda owner: apology(book, owner), language=settings.lang, timezone=settings.timezone,
        planner=calendar.rows,
    )  # fmt: skip
    store.release_channel(CHANNEL, clock())
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    # What is loaded by now stays: looking for garbage in it takes 50 ms each time, and all wait meanwhile.
    gc.freeze()
    return Parts(
        settings=settings, book=book, table=table, texts=texts, store=store, clock=clock, sends_by=system_clock,
        client=client(settings.telegram_library, settings.telegram_api_root, token),
    )  # fmt: skip


async def _serve(parts: Parts) -> int:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ended.set)
    async with AsyncExitStack() as held:
        held.push_async_callback(parts.client.close)
        me = await _known(parts, ended)
        if me is None:
            return DONE
        serving = Serving(parts, me)
        watch = Watch(serving)
        admins.serve(serving, watch)
        rounds = _background(held, serving.rounds.run())
        await _listen(serving, watch, held)
        coming = _background(held, _coming(serving, watch))
        _background(held, introduce(parts))
        serving.intake.menu = lambda chat: introduce_in(serving.parts, chat)
        _background(held, watch.run())
        _background(held, _purge(parts))
        _background(held, _open_library(parts))
        held.enter_context(reload(serving).watching())
        runner = _reminders(serving, watch).runner()
        runner.start()
        held.callback(runner.end)
        logs.log("serving", bot=me.name, library=parts.settings.telegram_library)
        return await _until(ended, coming, rounds, serving)


async def _listen(serving: Serving, watch: Watch, held: AsyncExitStack) -> None:
    settings = serving.parts.settings
    if settings.telegram_webhook_listen is None and settings.web_listen is None:
        return
    # Only now: a bot that polls and is not watched needs no web server.
    from bot import web

    places: dict[str, list[web.BaseRoute]] = {}
    url, proof = _hook(settings)
    if url and settings.telegram_webhook_listen is not None:
        places[settings.telegram_webhook_listen] = [web.webhook(web.path_of(url), proof, serving.intake)]
    if settings.web_listen is not None:
        places.setdefault(settings.web_listen, []).extend(web.probes(watch, serving.parts.tally))
    await web.listen(places, held)


def _reminders(serving: Serving, watch: Watch) -> Reminders:
    parts, rounds = serving.parts, serving.rounds
    return Reminders(
        store=parts.store, channel=CHANNEL, clock=parts.clock,
        offer=lambda events: rounds.offer([Arrival(event=one) for one in events]), ticked=watch.ticked,
        every=QUICK_TICK if parts.settings.clock_file else TICK,
    )  # fmt: skip


async def _until(ended: asyncio.Event, coming: asyncio.Task[None], rounds: asyncio.Task[None], serving: Serving) -> int:
    waiting = asyncio.create_task(ended.wait())
    await asyncio.wait({waiting, coming, rounds}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    broken = next((task.exception() for task in (coming, rounds) if task.done() and not task.cancelled()), None)
    for task in (coming, rounds):
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task
    logs.log("ending")
    with suppress(StorageError):
        await serving.drain()
    return _told(broken)


def _told(broken: BaseException | None) -> int:
    match broken:
        case None:
            return DONE
        case OtherInstance():
            say("Telegram says that another program fetches the messages of this bot; end that one first")
            return CHECK_FAILED
        case TokenRefused():
            raise _bad_token()
        case _:
            raise broken


async def _known(parts: Parts, ended: asyncio.Event) -> Me | None:
    """Who we are; None where we are told to end before the server could be reached."""
    while not ended.is_set():
        try:
            me = await parts.client.open()
            await parts.client.hook(*_hook(parts.settings))
            return me
        except TokenRefused:
            raise _bad_token() from None
        except (NotReached, Cut) as error:
            logs.log("server-not-reached", "warning", reason=str(error)[:40])
        with suppress(TimeoutError):
            async with asyncio.timeout(_PAUSE):
                await ended.wait()
    return None


def _hook(settings: Settings) -> tuple[str, str]:
    secret = settings.telegram_webhook_secret
    return settings.telegram_webhook_url or "", secret.get_secret_value() if secret is not None else ""


async def _coming(serving: Serving, watch: Watch) -> None:
    if serving.parts.settings.telegram_webhook_url is None:
        await poll(serving.parts.client, serving.intake, watch.heard, _silence(serving.parts))
    else:
        await asyncio.Event().wait()


async def _open_library(parts: Parts) -> None:
    """Else the first question opens it within its transaction, and all wait for the seconds that it takes."""
    # Not while everybody waits for the first answer.
    await asyncio.sleep(_SETTLED)
    if parts.book.library is not None:
        parts.book.library.open_soon()


def _silence(parts: Parts) -> float:
    """Seconds since something was last answered; the program may have been off since."""
    last = parts.store.last_said(CHANNEL)
    return 0.0 if last is None else (parts.clock() - last).total_seconds()


async def _purge(parts: Parts) -> None:
    keep = timedelta(days=parts.settings.keep_days)
    while True:
        # Not while everybody waits for the first answer.
        await asyncio.sleep(60)
        try:
            await asyncio.to_thread(purge, parts.store.engine, parts.clock(), keep)
        except StorageError as error:
            logs.log("purge-failed", "error", error=type(error).__name__)
        await asyncio.sleep(_PURGE_EVERY)


def _bad_token() -> Refusal:
    return Refusal(f"{variable('telegram_token')}: the server does not know this token; copy it anew from BotFather")


def _background(held: AsyncExitStack, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    task = asyncio.create_task(work)
    held.callback(task.cancel)
    return task


def _loop(work: Coroutine[Any, Any, int]) -> int:
    """Run it, on the quicker loop where that is installed."""
    try:
        import uvloop
    except ModuleNotFoundError:
        return asyncio.run(work)
    return uvloop.run(work)
