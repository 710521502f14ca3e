"""Lets time pass: a few fixed jobs, kept in memory; the only door to APScheduler.

The truth is the table of reminders: a job only asks it what is due now, so that a tick that is missed, or runs twice,
costs nothing. Not its job: what a job does with what is due (`bot.reminders`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any, Protocol, cast
from uuid import uuid4

from dialogs.events import RemindersDue
from storage import reminders
from storage.store import Store

#: How often is asked what is due.
TICK = timedelta(seconds=30)
#: The same where the clock is a file: it may be moved by a month within a second.
QUICK_TICK = timedelta(seconds=0.5)

Job = Callable[[], Awaitable[None]]


class _Scheduler(Protocol):
    """What we use of APScheduler, which does not say its types."""

    def add_job(self, function: Job, trigger: str, **options: Any) -> object: ...

    def start(self) -> None: ...

    def shutdown(self, wait: bool = True) -> None: ...


class Runner:
    """Runs jobs in the event loop, each every so often, none twice at a time; late ones once, however late."""

    def __init__(self, jobs: Mapping[str, tuple[timedelta, Job]]) -> None:
        """Nothing runs yet."""
        library = import_module("apscheduler.schedulers.asyncio")
        self._scheduler = cast("_Scheduler", library.AsyncIOScheduler(timezone=UTC))
        for name, (every, job) in jobs.items():
            self._scheduler.add_job(
                job, "interval", seconds=every.total_seconds(), id=name, coalesce=True, max_instances=1,
                misfire_grace_time=None,
            )  # fmt: skip

    def start(self) -> None:
        """From now on; to be called within the event loop."""
        self._scheduler.start()

    def end(self) -> None:
        """No job begins any more."""
        self._scheduler.shutdown(wait=False)


def due_events(store: Store, channel: str, now: datetime, most: int) -> list[RemindersDue]:
    """An event for each contract whose reminders are due, up to `most`, the longest due first.

    A second one for the same contract does no harm: its step sees that all was said.
    """
    return [
        RemindersDue(
            id=f"{reminders.EVENT}:{contract}:{uuid4().hex}", at=now, channel=channel, chat=chat, contract=contract
        )
        for chat, contract in reminders.due(store.engine, channel, now, most)
    ]
