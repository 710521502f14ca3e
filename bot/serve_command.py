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

from bot import admins, crash_report, logs
from bot.advisor import apology
from bot.clock import ClockUnreadable, clock_for, system_clock
from bot.database_watch import tell_gone, while_held
from bot.gateways.telegram_client import Hooked
from bot.gateways.telegram_http import OtherInstance, TokenRefused
from bot.gateways.telegram_incoming import CHANNEL
from bot.gateways.telegram_library import LibraryMissing, client
from bot.given import built
from bot.hook_watch import HookWatch
from bot.introduction import introduce, introduce_in
from bot.polling import Polling
from bot.refusal import CHECK_FAILED, DONE, Refusal, say
from bot.reminders import Reminders
from bot.rounds import Arrival
from bot.serve_reload import reload
from bot.service_manager import READY, STOPPING, service_manager
from bot.serving import Parts, Serving
from bot.settings import Settings, revealed, variable
from bot.signs_of_life import signs_of_life
from bot.starting import Front, bad_token, hold_to_ours, hook_of, reached, set_hook
from bot.tally import Tally
from bot.texts import own_texts
from bot.watch import Watch
from scheduler.owners import OwnersCalendar
from scheduler.rules import spread_for
from scheduler.runner import QUICK_TICK, TICK
from storage import locks
from storage.errors import (
    AlreadyRunning,
    DatabaseGone,
    DatabaseReadOnly,
    DatabaseUnknown,
    DatabaseUnreadable,
    DriverMissing,
    SchemaTooNew,
    StorageError,
)
from storage.installation import identity
from storage.opening import open_newest
from storage.owners import people
from storage.retention import purge
from storage.store import Store

#: Only one program may serve from one database.
_LOCK = "serve"
_PURGE_EVERY = 24 * 3600.0
#: What another try finds as it was: the service manager need not start the program again (exit code 2). Any other
#: error of the database may be over by then, such as a server that starts more slowly than we do (exit code 1).
_FOR_GOOD = (DatabaseGone, DatabaseReadOnly, DatabaseUnknown, DatabaseUnreadable, DriverMissing, SchemaTooNew)
#: Seconds after the start until what can wait is begun.
_SETTLED = 45.0


def run(settings: Settings, *, take_over: bool = False) -> int:
    """Serve until SIGTERM or Ctrl-C; raises Refusal for what cannot be used.

    `take_over`: a webhook that another program has set may be taken away from it.
    """
    if settings.telegram_token is None:
        raise Refusal(f"{variable('telegram_token')}: nothing is switched on; set the token of your bot")
    logs.set_up(*map(revealed, (settings.telegram_token, settings.telegram_webhook_secret, settings.admin_token)))
    try:
        with ExitStack() as held:
            parts = replace(_parts(settings, held), take_over=take_over)
            return _loop(_serve(parts))
    except AlreadyRunning as error:
        raise Refusal("another `lampwise serve` runs on this database; end it first") from error
    except (*_FOR_GOOD, ClockUnreadable, LibraryMissing) as error:
        raise Refusal(str(error)) from error
    except StorageError as error:
        say(str(error))
        return CHECK_FAILED
    except Refusal:
        raise
    except Exception as error:
        logs.log("crashed", "error", error=type(error).__name__, traceback=crash_report.told(error))
        raise


def _parts(settings: Settings, held: ExitStack) -> Parts:
    texts = own_texts("gateways/telegram.yaml")
    book, table = built(settings, CHANNEL, settings.lang)
    lease = held.enter_context(locks.hold(settings.database_url, _LOCK, _told_of_lease))
    engine = lease.fenced(open_newest(settings.database_url))
    held.callback(engine.dispose)
    clock = clock_for(settings.clock_file)
    calendar = OwnersCalendar(spread=spread_for(people(engine, CHANNEL)), installation=identity(engine, token_hex))
    book = replace(book, keep_days=settings.keep_days, calendar=calendar)
    store = Store(
        engine=engine, apology=lambda owner: apology(book, owner), language=settings.lang, timezone=settings.timezone,
        planner=calendar.rows,
    )  # fmt: skip
    token = revealed(settings.telegram_token)
    # What is loaded by now stays: looking for garbage in it takes 50 ms each time, and all wait meanwhile.
    gc.freeze()
    return Parts(
        settings=settings, book=book, table=table, texts=texts, store=store, clock=clock, sends_by=system_clock,
        held=lease,
        client=client(settings.telegram_library, settings.telegram_api_root, token),
        tally=Tally(started=system_clock().timestamp()),
    )  # fmt: skip


async def _serve(parts: Parts) -> int:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ended.set)
    manager = service_manager()
    async with AsyncExitStack() as held:
        held.push_async_callback(parts.client.close)
        front = Front()
        await _listen(parts, front, held)
        # The database is open and the loop runs; Telegram may be out of reach for hours, and a restart helps nothing.
        manager.tell(READY)
        starting = _background(held, manager.feed(lambda: True, lambda: front.readiness().lines[0]))
        me = await reached(parts.client.open, front, ended)
        hooked = await reached(parts.client.hooked, front, ended)
        starting.cancel()
        if me is None or hooked is None:
            return DONE
        hold_to_ours(parts.settings, hooked, take_over=parts.take_over)
        serving = Serving(parts, me)
        watch = Watch(serving)
        admins.serve(serving, watch)
        rounds = _background(held, serving.rounds.run())
        _background(held, signs_of_life(manager, serving, watch))
        # Before the webhook is set, so that the first delivery is taken.
        front.watch, front.intake = watch, serving.intake
        await _hook(parts, hooked, front, ended)
        coming = _background(held, _coming(serving, watch, hooked))
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


async def _hook(parts: Parts, before: Hooked, front: Front, ended: asyncio.Event) -> None:
    """Have updates come to us; until then deliveries stand still."""
    link = front.watch.link if front.watch is not None else None
    if link is not None and parts.settings.telegram_webhook_url is not None:
        link.deliveries = "unset"
    await reached(lambda: set_hook(parts.client, parts.settings, before), front, ended)
    if link is not None:
        link.deliveries = ""


async def _listen(parts: Parts, front: Front, held: AsyncExitStack) -> None:
    settings, tally = parts.settings, parts.tally
    if settings.telegram_webhook_listen is None and settings.web_listen is None:
        return
    # Only now: a bot that polls and is not watched needs no web server.
    from bot import web

    places: dict[str, list[web.BaseRoute]] = {}
    url, proof = hook_of(settings)
    if url and settings.telegram_webhook_listen is not None:
        places[settings.telegram_webhook_listen] = [web.webhook(web.path_of(url), proof, front, tally)]
    if settings.web_listen is not None:
        places.setdefault(settings.web_listen, []).extend(web.probes(front, tally, revealed(settings.admin_token)))
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
    coming.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await coming
    logs.log("ending")
    service_manager().tell(STOPPING)
    if isinstance(broken, DatabaseGone):
        await tell_gone(serving.parts)
    with suppress(StorageError):
        await serving.drain(rounds)
    return _told(broken)


def _told(broken: BaseException | None) -> int:
    match broken:
        case None:
            return DONE
        case OtherInstance():
            say("Telegram says (409) that another program takes the messages of this bot; end that one first")
            return CHECK_FAILED
        case TokenRefused():
            raise bad_token()
        case _:
            raise broken


async def _coming(serving: Serving, watch: Watch, before: Hooked) -> None:
    """What brings updates in, and watches that they come; ends with what ends the program."""
    parts = serving.parts
    if parts.settings.telegram_webhook_url is None:
        polling = Polling(parts.client, serving.intake, watch.link, parts.tally, _silence(parts))
        await while_held(parts.held, polling.run)
    else:
        await HookWatch(parts.client, parts.settings, watch.link, before, take_over=parts.take_over).run()


def _told_of_lease(action: str, code: str) -> None:
    logs.log(action, "warning", lease=_LOCK, **({"sqlstate": code} if code else {}))


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
