"""Watches whether a serving program gets on, tells the admins when it stands still, and what is to be seen to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from bot.gateways.telegram_incoming import CHANNEL
from bot.gateways.telegram_text import Page, escaped
from bot.logs import log
from bot.serving import Serving, admins
from scheduler.working_days import shipped_working_days
from storage.errors import StorageError
from storage.outbox import Backlog

#: Seconds between two looks.
EVERY = 10.0
#: Seconds without a sign of life that are one too many: of the database, of the server's answers, of the oldest reply.
STILL: Mapping[str, float] = {"storage": 20.0, "polling": 120.0, "sending": 120.0}
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
        self._heard = asyncio.get_running_loop().time()
        self._told: dict[str, float] = {}

    def heard(self) -> None:
        """The server has answered."""
        self._heard = asyncio.get_running_loop().time()

    @property
    def is_ready(self) -> bool:
        """Nothing stands still."""
        return not self.standing()

    def standing(self) -> set[str]:
        """What stands still now."""
        now = asyncio.get_running_loop().time()
        polls = self._serving.parts.settings.telegram_webhook_url is None
        silent = {
            "storage": now - self._serving.rounds.last_done,
            "polling": now - self._heard if polls else 0.0,
            "sending": self._tally.outbox_age,
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
            await self._measure()
            standing, notices = self.standing(), self.notices()
            self._tally.alarms = standing | notices
            for what in sorted(notices):
                self._note(what)
            for what in sorted(standing):
                await self._alarm(what)

    async def _measure(self) -> None:
        parts = self._serving.parts
        try:
            backlog: Backlog = await asyncio.to_thread(parts.store.backlog, CHANNEL, parts.clock())
        except StorageError:
            return
        self._tally.outbox_depth, self._tally.outbox_age = backlog.depth, backlog.age.total_seconds()

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
        text = parts.texts["alarm"].fill(parts.settings.lang, {"what": what})
        for chat in admins(parts.settings):
            await parts.client.say(chat, Page(html=escaped(text), plain=text))
