"""Takes what is still to be said out of the outbox and sends it through its gateway, in order.

It is the only one that sends. Not its job: what is said, how a channel shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from bot.clock import Clock
from bot.gateways import base
from bot.gateways.base import Gateway
from dialogs.message import Message
from storage.outbox import Outcome, Where
from storage.store import Store

_OUTCOMES: dict[type[base.Outcome], Outcome] = {
    base.Sent: "sent",
    base.RetryAfter: "ready",
    base.Blocked: "cancelled",
    base.Refused: "failed",
    base.Unknown: "unknown",
}


#: (chat, message) -> the message as it is to be sent.
Complete = Callable[[str, Message], Message]


def _as_it_is(_chat: str, message: Message) -> Message:
    return message


class Sender:
    """Sends to the chats of one gateway."""

    def __init__(self, store: Store, gateway: Gateway, clock: Clock, complete: Complete = _as_it_is) -> None:
        """`store` has the outbox; `complete` makes what a message wishes for, just before it is sent."""
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._complete = complete
        # No other running sender may have the name: it fences what this one has claimed.
        self._name = uuid4().hex

    def take_over(self, chat: str) -> None:
        """What an earlier sender of this chat left on its way is to be sent again: for who holds the chat's lock."""
        self._store.release_chat(self._gateway.channel, chat, self._clock())

    def send(self, chat: str) -> list[Message]:
        """Send all that is due in `chat`, one after the other; what was sent."""
        sent: list[Message] = []
        where = Where(channel=self._gateway.channel, chat=chat)
        while claimed := self._store.claim(self._clock(), self._name, 1, where=where):
            for outgoing in claimed:
                outcome = self._gateway.send(chat, self._complete(chat, outgoing.message))
                now = self._clock()
                self._store.settle(outgoing, _OUTCOMES[type(outcome)], now, _not_before(outcome, now))
                sent += [outgoing.message] if isinstance(outcome, base.Sent) else []
        return sent


def _not_before(outcome: base.Outcome, now: datetime) -> datetime | None:
    return now + outcome.wait if isinstance(outcome, base.RetryAfter) else None
