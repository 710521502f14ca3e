"""Watches whether a serving program gets on; tells the log, the admins and /readyz when something needs a person.

Telling needs no database, and its own failure ends nothing. What counts as an alarm stands in `alarms`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.admins import ids
from bot.alarms import ALARMS, ON, Alarm, Signs, text_id
from bot.gateways.base import NotSent, RetryAfter
from bot.gateways.telegram_incoming import CHANNEL
from bot.gateways.telegram_text import Page, escaped
from bot.link import Link
from bot.logs import log
from bot.measuring import measured
from bot.serving import Serving
from storage.errors import StorageError
from storage.reminders import waiting

#: Seconds between two looks.
EVERY = 10.0
#: Seconds that telling one admin may take.
TELLING = 10.0
#: After so long a reminder is late.
LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What /readyz says."""

    ready: bool
    lines: Sequence[str]


class Watch:
    """Of one bot."""

    def __init__(self, serving: Serving, link: Link | None = None) -> None:
        self._serving = serving
        self._tally = serving.parts.tally
        self.link = link or Link()
        self._ticked = asyncio.get_running_loop().time()
        self._said: dict[tuple[str, ...], float] = {}

    def ticked(self) -> None:
        """What is due has been asked for."""
        self._ticked = asyncio.get_running_loop().time()

    def on(self) -> Mapping[Alarm, str]:
        """The alarms that are on now, and why."""
        now = asyncio.get_running_loop().time()
        signs = Signs(serving=self._serving, link=self.link, ticked=self._ticked, now=now)
        whys = {alarm: alarm.why(signs) for alarm in ALARMS}
        return {alarm: why for alarm, why in whys.items() if why is not None}

    def standing(self) -> set[str]:
        """What stands still now."""
        return {alarm.name for alarm in self.on() if alarm.unready}

    def notices(self) -> set[str]:
        """What is to be seen to, though nothing stands still."""
        return {alarm.name for alarm in self.on() if not alarm.unready}

    def readiness(self) -> Readiness:
        """Ready or not, and what to see to."""
        on = self.on()
        standing = sorted(_named(alarm, why) for alarm, why in on.items() if alarm.unready)
        notices = sorted(alarm.name for alarm in on if not alarm.unready)
        first = f"standing still: {', '.join(standing)}" if standing else "ok"
        return Readiness(ready=not standing, lines=(first, *notices))

    def sentences(self) -> Sequence[str]:
        """What stands still, in words for the admins."""
        on = sorted(self.on().items(), key=lambda one: one[0].name)
        return [self._sentence(alarm, why) for alarm, why in on if alarm.unready]

    async def run(self) -> None:
        """Until cancelled, whatever goes wrong meanwhile."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.look()
            except Exception as error:
                log("watch-failed", "error", error=type(error).__name__)

    async def look(self) -> None:
        """Measure, and tell what is on now."""
        await asyncio.to_thread(self._measure)
        on = self.on()
        names = {alarm.name for alarm in on}
        for what in sorted(self._tally.alarms - names):
            log("alarm-over", what=what)
        self._tally.alarms = names
        for alarm, why in on.items():
            await self._tell(alarm, why)

    def _measure(self) -> None:
        parts, tally = self._serving.parts, self._tally
        with suppress(StorageError):
            now = parts.clock()
            backlog = parts.store.backlog(CHANNEL, now)
            tally.outbox_depth, tally.outbox_age = backlog.depth, backlog.age.total_seconds()
            tally.reminders_due = waiting(parts.store.engine, now)
            tally.reminders_late = waiting(parts.store.engine, now - LATE)
        measured(parts)

    async def _tell(self, alarm: Alarm, why: str) -> None:
        """The log, and each admin who was not told lately: one who could not be reached is told at the next look."""
        texts = self._serving.parts.texts
        key = text_id(alarm.name, why, texts)
        if self._is_due(alarm, key):
            self._note(key)
            reason = {} if why == ON else {"why": why}
            what = {"what": alarm.name} if alarm.action == "alarm" else {}
            log(alarm.action, "error" if alarm.unready else "warning", **what, **reason, **alarm.facts())
        admins = ids(self._serving.parts.settings) if alarm.tells else ()
        await asyncio.gather(*(self._say(chat, alarm, why) for chat in admins if self._is_due(alarm, key, chat)))

    async def _say(self, chat: str, alarm: Alarm, why: str) -> None:
        parts = self._serving.parts
        text = parts.texts["alarm"].fill(parts.settings.lang, {"what": self._sentence(alarm, why)})
        try:
            async with asyncio.timeout(TELLING):
                outcome = await parts.client.say(chat, Page(html=escaped(text), plain=text))
        except Exception as error:
            log("admin-not-told", "warning", what=alarm.name, error=type(error).__name__)
            return
        # What may have arrived is not said again at each look.
        if not isinstance(outcome, NotSent | RetryAfter):
            self._note(text_id(alarm.name, why, parts.texts), chat)

    def _sentence(self, alarm: Alarm, why: str) -> str:
        texts = self._serving.parts.texts
        return texts[text_id(alarm.name, why, texts)].fill(self._serving.parts.settings.lang)

    def _is_due(self, alarm: Alarm, *key: str) -> bool:
        now = asyncio.get_running_loop().time()
        return now - self._said.get(key, -alarm.again) >= alarm.again

    def _note(self, *key: str) -> None:
        self._said[key] = asyncio.get_running_loop().time()


def _named(alarm: Alarm, why: str) -> str:
    return alarm.name if why == ON else f"{alarm.name} ({why})"
