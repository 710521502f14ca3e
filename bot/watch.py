"""Watches whether a serving program gets on, tells the admins when it stands still, and what is to be seen to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from bot.admins import ids
from bot.gateways.telegram_incoming import CHANNEL
from bot.gateways.telegram_text import Page, escaped
from bot.logs import log
from bot.measuring import measured
from bot.serving import Serving
from scheduler.working_days import shipped_working_days
from storage.errors import StorageError
from storage.reminders import waiting

#: Seconds between two looks.
EVERY = 10.0
#: Seconds without a sign of life that are one too many: of the database, of the server's answers, of the oldest reply,
#: of the look at what is due.
STILL: Mapping[str, float] = {"storage": 20.0, "polling": 120.0, "sending": 120.0, "reminders": 150.0}
#: After so long a reminder is late.
LATE = timedelta(hours=1)
#: Seconds until the admins are told of the same again.
AGAIN = 3600.0
#: Seconds until the log says the same again of what is only to be seen to.
NOTED = 24 * 3600.0
#: So long before the table of holidays ends it is time for the next year's.
TABLE_AHEAD = timedelta(days=30)


class Watch:
    """Of one bot."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._tally = serving.parts.tally
        self._heard = self._ticked = asyncio.get_running_loop().time()
        self._told: dict[str, float] = {}

    def heard(self) -> None:
        """The server has answered."""
        self._heard = asyncio.get_running_loop().time()

    def ticked(self) -> None:
        """What is due has been asked for."""
        self._ticked = asyncio.get_running_loop().time()

    def standing(self) -> set[str]:
        """What stands still now."""
        now = asyncio.get_running_loop().time()
        polls = self._serving.parts.settings.telegram_webhook_url is None
        silent = {
            "storage": now - self._serving.rounds.last_done,
            "polling": now - self._heard if polls else 0.0,
            "sending": self._tally.outbox_age,
            "reminders": now - self._ticked,
        }
        return {what for what, seconds in silent.items() if seconds > STILL[what]}

    def notices(self) -> set[str]:
        """What is to be seen to, though nothing stands still."""
        soon = (self._serving.parts.clock() + TABLE_AHEAD).date()
        return {"holidays-stale"} if shipped_working_days().stale(soon) else set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            await self.look()

    async def look(self) -> None:
        """Measure, and tell what stands still now."""
        await asyncio.to_thread(self._measure)
        standing, notices = self.standing(), self.notices()
        for what in sorted(self._tally.alarms - standing - notices):
            log("alarm-over", what=what)
        self._tally.alarms = standing | notices
        for what in sorted(notices):
            self._note(what)
        for what in sorted(standing):
            await self._alarm(what)

    def _measure(self) -> None:
        parts, tally = self._serving.parts, self._tally
        with suppress(StorageError):
            now = parts.clock()
            backlog = parts.store.backlog(CHANNEL, now)
            tally.outbox_depth, tally.outbox_age = backlog.depth, backlog.age.total_seconds()
            tally.reminders_due = waiting(parts.store.engine, now)
            tally.reminders_late = waiting(parts.store.engine, now - LATE)
        measured(parts.store, parts.clock, tally)

    def _note(self, what: str) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._told.get(what, -NOTED) >= NOTED:
            self._told[what] = now
            log(what, "warning", table_until=shipped_working_days().last)

    async def _alarm(self, what: str) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._told.get(what, -AGAIN) < AGAIN:
            return
        self._told[what] = now
        log("alarm", "error", what=what)
        parts = self._serving.parts
        language = parts.settings.lang
        text = parts.texts["alarm"].fill(language, {"what": parts.texts[f"still-{what}"].fill(language)})
        for chat in ids(parts.settings):
            await parts.client.say(chat, Page(html=escaped(text), plain=text))
