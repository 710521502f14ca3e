"""Those who look after a serving program: who they are, and what /status tells them on Telegram.

Not its job: noticing that something stands still (`watch`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from bot.gateways.telegram_text import Page, escaped
from bot.serving import Serving
from bot.settings import Settings
from storage.errors import StorageError
from storage.event_rows import FailedEvent

#: Failed events that are named; `lampwise failed list` has them all.
MOST_FAILED = 5


class Watching(Protocol):
    """Who knows what stands still."""

    def sentences(self) -> Sequence[str]:
        """What does now, in words."""
        ...


def ids(settings: Settings) -> Sequence[str]:
    """Their private chats, which have the ids of the persons."""
    return [part.strip() for part in settings.admin_ids.split(",") if part.strip()]


def serve(serving: Serving, watch: Watching) -> None:
    """From now on /status is answered to them."""

    async def status(chat: str) -> None:
        text = await asyncio.to_thread(_status, serving, watch.sentences())
        await serving.parts.client.say(chat, Page(html=escaped(text), plain=text))

    serving.intake.admins = frozenset(ids(serving.parts.settings))
    serving.intake.for_admins = {"/status": status, f"/status@{serving.me.name.lower()}": status}


def _status(serving: Serving, still: Sequence[str]) -> str:
    parts = serving.parts
    tally, texts, language = parts.tally, parts.texts, parts.settings.lang
    told = {
        "standing": "\n".join(still) or texts["status-well"].fill(language),
        "depth": tally.outbox_depth, "age": round(tally.outbox_age), "due": tally.reminders_due,
        "late": tally.reminders_late, "updates": tally.updates.total(), "sent": tally.sends["sent"],
        "failed": _failed(serving) or texts["status-failed-none"].fill(language),
    }  # fmt: skip
    return texts["status"].fill(language, {name: str(value) for name, value in told.items()})


def _failed(serving: Serving) -> str:
    try:
        failed: Sequence[FailedEvent] = serving.parts.store.failed()
    except StorageError:
        return "?"
    named = [f"{one.channel}:{one.event} {one.error}" for one in failed[-MOST_FAILED:]]
    return "\n".join([str(len(failed)), *named]) if failed else ""
