"""What shall happen because of an event. Every effect becomes a row in the one transaction of `store.apply`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dialogs.loop.calendar import Date
from dialogs.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage:
    """Say `message` to the owner; `lane` is reply or reminder (replies go first)."""

    message: Message
    lane: str = "reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Keep a result whole: the answers, what followed from them, and the hash of the rules that gave it.

    `number` counts an owner's records of one kind from 1 and was taken from the snapshot, so that
    a button of the same turn can name it. The same (kind, number) again replaces the record.
    """

    kind: str
    number: int
    subject: str
    answers: Mapping[str, Any]
    result: Mapping[str, Any]
    flow_hash: str
    #: When it came to be; None: now.
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DropRecord:
    """Keep a record no longer, nor the conversations of its dialog that led to it."""

    kind: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetOwner:
    """Remove all that is kept on the owner; what the same turn says is the last he hears, and is not kept either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogUnanswered:
    """Keep, for a time, a question that the books did not help with, so that a maintainer can mend them.

    `why` is none (nothing was found), declined ("none of these") or reworded (it was put again in other words).
    `text` is shortened and without its digits; `topics` are those that came nearest, best first.
    """

    why: str
    text: str
    language: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RateEntry:
    """Keep whether an entry helped this owner; the later of one topic counts."""

    topic: str
    helped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReminders:
    """Plan the owner's reminders anew, by what is kept on him after this turn; `sent` go out with it."""

    sent: tuple[Date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReminders:
    """Do not send what waits to be sent of a contract's reminders."""

    contract: int


Effect = SendMessage | Record | ForgetOwner | DropRecord | LogUnanswered | RateEntry | PlanReminders | CancelReminders
