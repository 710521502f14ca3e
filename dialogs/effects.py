"""What shall happen because of an event. Every effect becomes a row in the one transaction of `store.apply`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


Effect = SendMessage | Record | ForgetOwner | DropRecord
