"""`lampwise failed list` and `failed retry ID`: events that a mistake of ours left unanswered.

Not its job: keeping them (`storage`). Nobody's words are shown.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import partial
from typing import Any

from bot.advisor import apology
from bot.clock import clock_for
from bot.database import refused
from bot.gateways.telegram_incoming import CHANNEL, KINDS
from bot.gateways.telegram_step import TelegramStep
from bot.given import built
from bot.refusal import CHECK_FAILED, DONE, Refusal
from bot.settings import Settings
from bot.texts import own_texts
from dialogs.compile import Book
from dialogs.events import Event
from dialogs.message import Message
from dialogs.owner import Owner
from dialogs.step import step
from scheduler.owners import OwnersCalendar
from storage.event_rows import FailedEvent
from storage.opening import open_newest
from storage.store import Store
from storage.turns import Step


def show(settings: Settings) -> int:
    """A line each."""
    with ExitStack() as held:
        held.enter_context(refused())
        for event in _store(settings, None, held).failed():
            sys.stdout.write(
                f"{event.at:%Y-%m-%d %H:%M:%S}Z {event.channel}:{event.event} {event.kind} {event.error}\n"
            )
    return DONE


def retry(settings: Settings, id: str) -> int:
    """Answer it anew; what is said goes out through whoever serves the channel."""
    channel, _, number = id.partition(":")
    book, _ = built(settings, channel, settings.lang)
    with ExitStack() as held:
        held.enter_context(refused())
        store = _store(settings, book, held)
        found = next((one for one in store.failed() if (one.channel, one.event) == (channel, number)), None)
        if found is None:
            raise Refusal(f"ID: {id[:60]!r} is no failed event; `lampwise failed list` shows them")
        applied = store.retry(found, _anew(found, settings), _step(book, channel))
    if applied.failed:
        sys.stdout.write(f"It failed again: {applied.failed[0].error}\n")
        return CHECK_FAILED
    sys.stdout.write("Answered\n")
    return DONE


def _anew(failed: FailedEvent, settings: Settings) -> Event:
    """The same event under another id: what was answered to the first stands."""
    kind = KINDS.get(failed.kind)
    if kind is None:
        raise Refusal(f"ID: this version knows no {failed.kind}")
    if "chat" not in failed.raw:
        raise Refusal(
            "ID: what came in could not be kept, so that there is nothing to answer; only that it came is known"
        )
    told: dict[str, Any] = {**failed.raw, "id": f"{failed.event} again", "at": clock_for(settings.clock_file)()}
    return kind(**told)


def _step(book: Book, channel: str) -> Step:
    if channel == CHANNEL:
        return TelegramStep(book=book, texts=own_texts("gateways/telegram.yaml"), link="")
    return partial(step, book)


def _store(settings: Settings, book: Book | None, held: ExitStack) -> Store:
    """Without a book nothing can be answered."""
    engine = open_newest(settings.database_url)
    held.callback(engine.dispose)

    def sorry(owner: Owner) -> Message:
        return Message(lines=()) if book is None else apology(book, owner)

    return Store(
        engine=engine, apology=sorry, language=settings.lang, timezone=settings.timezone, planner=OwnersCalendar().rows
    )
