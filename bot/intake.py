"""Takes updates of Telegram in: has them read, answers presses at once, slows down who sends too much.

When `take` returns, all of it is on the disk. Not its job: fetching updates, what they cause.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from bot.clock import Clock
from bot.gateways.telegram_client import Client
from bot.gateways.telegram_incoming import CHANNEL, Incoming, Reader, TooFast, meant_language
from bot.gateways.telegram_sound import Unsound, raw_form, sound
from bot.logs import log
from bot.rates import Buckets
from bot.rounds import Arrival, Rounds
from bot.tally import Tally
from bot.update_numbers import number_of
from dialogs import presses
from dialogs.events import ButtonPressed, CommandGiven, Event
from storage.rounds import PassedOver
from storage.snapshot import Place

#: Calls at a time that nothing depends on; beyond, they are left out.
MOST_COURTESIES = 64
#: Chats whose newest message is remembered.
MOST_CHATS = 5000
#: Seconds between two notes to somebody who sends too much.
NOTICE_EVERY = 60.0

#: What the buttons that choose a language carry begins so.
_CHOOSES_LANGUAGE = presses.command("language")


class Intake:
    """Of one bot. `buckets` hold what each person may send."""

    def __init__(
        self, client: Client, reader: Reader, rounds: Rounds, clock: Clock, buckets: Buckets, tally: Tally
    ) -> None:
        self._client = client
        self.reader = reader
        self._rounds = rounds
        self._clock = clock
        self._buckets = buckets
        self._tally = tally
        self._courtesies: set[asyncio.Task[None]] = set()
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._noticed: OrderedDict[str, float] = OrderedDict()
        #: What admins may ask for, by its word, and who they are; nobody else is told that it is there.
        self.for_admins: Mapping[str, Callable[[str], Coroutine[Any, Any, None]]] = {}
        self.admins: Collection[str] = ()
        #: Sets the menu of a chat in its owner's language.
        self.menu: Callable[[str], Coroutine[Any, Any, None]] = _no_menu
        rounds.slow = self.show_typing
        rounds.forgotten = self._forget

    async def take(self, updates: Sequence[object], *, is_late: bool = False) -> None:
        """All of them; raises StorageError or TooMuch, and then they are to be delivered again.

        `is_late`: they have waited for so long that no pressed button does any more, and nobody looks at its message.
        Whatever stands in one of them, the others are taken in; that one is kept as passed over.
        """
        now = self._clock()
        arrivals = [self._arrival(update, now, is_late=is_late) for update in updates]
        await self._rounds.offer(arrivals)
        for arrival in arrivals:
            if arrival.event is not None and _is_about_language(arrival.event, arrival.language):
                self.at_leisure(self.menu(arrival.event.chat))

    def sent(self, chat: str, message: int | None) -> None:
        """Our own message is the newest of the chat now."""
        if message is not None:
            self._note(chat, message)

    def show_typing(self, chats: Sequence[str]) -> None:
        """The answer takes long."""
        for chat in dict.fromkeys(chats):
            self.at_leisure(self._client.typing(chat))

    def _arrival(self, update: object, now: datetime, *, is_late: bool) -> Arrival:
        """What is to be done with one update; whatever goes wrong with it, an Arrival that keeps it."""
        number = number_of(update)
        try:
            if number is None:
                raise Unsound("update_id")
            incoming = sound(self._client.read(cast(Mapping[str, Any], update)))
        except Exception as error:
            # Whatever Telegram may send one day, a chat must not stand still for it.
            kind = "unnumbered" if number is None else "unreadable"
            return self._spoilt(update, kind, error, now)
        self._tally.updates[incoming.sort] += 1
        try:
            return self._meant(self._acknowledged(incoming, is_late=is_late), now)
        except Exception as error:
            return self._spoilt(update, "failed", error, now)

    def _spoilt(self, update: object, kind: str, error: Exception, now: datetime) -> Arrival:
        """Kept with its raw form; the log says what went wrong and nothing of what stood there."""
        self._tally.updates[kind] += 1
        raw = raw_form(update)
        # Without a number it is known by what stands there, should it come again.
        number = number_of(update)
        name = f"unnumbered {sha256(raw.encode()).hexdigest()[:32]}" if number is None else str(number)
        log(f"update-{kind}", "warning", error=type(error).__name__, update=name)
        return Arrival(passed=_passed_over(name, "ignored", kind, now, raw))

    def _acknowledged(self, incoming: Incoming, *, is_late: bool) -> Incoming:
        """A press is answered at once, so that its button stops turning."""
        if is_late and incoming.sort == "press":
            # As if something had come since: the answer is a message of its own.
            self._note(incoming.chat, incoming.message + 1)
            return replace(incoming, query="")
        if incoming.query:
            self.at_leisure(self._client.answer(incoming.query))
        return incoming

    def _meant(self, incoming: Incoming, now: datetime) -> Arrival:
        place = (CHANNEL, incoming.chat)
        if incoming.sort == "left" and incoming.private:
            return replace(_passed(incoming.update, "ignored", "left", now), parked=place)
        if incoming.sort == "returned" and incoming.private:
            return replace(_passed(incoming.update, "ignored", "returned", now), returned=place)
        if incoming.sort == "migrated":
            passed = _passed(incoming.update, "ignored", "migrated", now)
            return replace(passed, moved=(CHANNEL, incoming.chat, incoming.text))
        asked = self._asked_by_admin(incoming)
        if asked is not None:
            self.at_leisure(asked)
            return _passed(incoming.update, "ignored", "admin", now)
        event = self.reader.event(incoming, now, self._newest.get(incoming.chat, 0))
        if incoming.sort in ("text", "other"):
            self._note(incoming.chat, incoming.message)
        if event is None:
            return _passed(incoming.update, "ignored", incoming.sort, now)
        return self._allowed(event, incoming, now)

    def _asked_by_admin(self, incoming: Incoming) -> Coroutine[Any, Any, None] | None:
        """In a private chat the chat is the person; what was forwarded is somebody else's word."""
        if not incoming.private or incoming.forwarded or incoming.sort != "text" or incoming.chat not in self.admins:
            return None
        answer = self.for_admins.get(incoming.text.strip().lower())
        return None if answer is None else answer(incoming.chat)

    def _allowed(self, event: Event, incoming: Incoming, now: datetime) -> Arrival:
        """Unless it is one too many: the first such is told, the others are passed over."""
        language = meant_language(incoming.language)
        at = asyncio.get_running_loop().time()
        if self._buckets.take(event.chat, at):
            return Arrival(event=event, language=language)
        self._tally.updates["throttled"] += 1
        if at - self._noticed.get(event.chat, -NOTICE_EVERY) < NOTICE_EVERY:
            return _passed(incoming.update, "throttled", incoming.sort, now)
        self._noticed[event.chat] = at
        _shorten(self._noticed)
        return Arrival(event=TooFast(id=event.id, at=now, channel=CHANNEL, chat=event.chat), language=language)

    def _forget(self, places: Sequence[Place]) -> None:
        for _, chat in places:
            self._newest.pop(chat, None)

    def _note(self, chat: str, message: int) -> None:
        self._newest[chat] = max(message, self._newest.get(chat, 0))
        self._newest.move_to_end(chat)
        _shorten(self._newest)

    def at_leisure(self, call: Coroutine[Any, Any, None]) -> None:
        """Without waiting, and without minding how it ends."""
        if len(self._courtesies) >= MOST_COURTESIES:
            call.close()
            return
        task = asyncio.get_running_loop().create_task(_at_best(call))
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)


def _is_about_language(event: Event, language: str | None) -> bool:
    """It may have changed the owner's language, or he begins in one that Telegram does not tell apart."""
    match event:
        case CommandGiven(name="language"):
            return bool(event.argument)
        case CommandGiven(name="start"):
            return language == "zh-Hant"
        case ButtonPressed():
            return event.press.startswith(_CHOOSES_LANGUAGE)
        case _:
            return False


async def _at_best(call: Coroutine[Any, Any, None]) -> None:
    """Nothing depends on it."""
    try:
        await call
    except Exception as error:
        log("courtesy-failed", "warning", error=type(error).__name__)


async def _no_menu(_chat: str) -> None:
    pass


def _passed(update: int, state: Any, kind: str, at: datetime) -> Arrival:
    return Arrival(passed=_passed_over(str(update), state, kind, at))


def _passed_over(name: str, state: Any, kind: str, at: datetime, raw: str = "") -> PassedOver:
    return PassedOver(channel=CHANNEL, event=name, state=state, kind=kind, raw=raw, at=at)


def _shorten(kept: OrderedDict[str, Any]) -> None:
    while len(kept) > MOST_CHATS:
        kept.popitem(last=False)
