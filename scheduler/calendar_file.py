"""Reminders as an .ics file that any phone's calendar takes: the only door to icalendar.

Not its job: the wording; whoever calls brings it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from icalendar import Alarm, Calendar, Event

from scheduler.reminder import Reminder

LENGTH = timedelta(minutes=30)
#: So many characters of a fingerprint keep the owners of all installations apart.
_TELLING = 20
MAKER = "-//Lampwise//Reminders//EN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the calendar: a reminder, its heading and what to do then, in the owner's language."""

    reminder: Reminder
    heading: str
    text: str


def calendar_file(entries: Iterable[Entry], name: str, made_at: datetime, whose: str) -> bytes:
    """The file. `name` is the calendar's, `whose` the owner's fingerprint.

    An entry that comes again in a later file of the same owner replaces the earlier one.
    """
    events = [_event(entry, made_at, whose) for entry in entries]
    uid = f"reminders-{whose}@lampwise"
    calendar = Calendar.new(prodid=MAKER, method="PUBLISH", name=name, uid=uid, subcomponents=events)
    return calendar.to_ical()


def fingerprint(installation: str, owner: str) -> str:
    """Tells the owner from every other one of every installation; their address cannot be read from it."""
    return sha256(f"{installation}|{owner}".encode()).hexdigest()[:_TELLING]


def _event(entry: Entry, made_at: datetime, whose: str) -> Event:
    alarm = Alarm.new_display(description=entry.heading, trigger=timedelta(0))
    start = entry.reminder.due.at
    return Event.new(
        uid=_uid(entry.reminder, whose),
        stamp=made_at,
        # Counts up with time, so that the newer file wins.
        sequence=int(made_at.timestamp()) // 60,
        start=start,
        end=start + LENGTH,
        summary=entry.heading,
        description=entry.text,
        subcomponents=[alarm],
    )


def _uid(reminder: Reminder, whose: str) -> str:
    """The same for the same key of the same owner; the owner's address does not stand in it: calendars are shared."""
    return f"{reminder.kind}-{reminder.contract}-{reminder.period}-{reminder.nth}-{whose}@lampwise"
