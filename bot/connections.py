"""Who is connected, and who gives way when there are too many. Pure: it closes by what it is given.

It is the connection that has waited longest without a whole request that gives way, never one that is being answered:
so half-open connections in any number keep nobody out, not even somebody who comes from the same address.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

#: Connections from one address, and in all. Telegram itself opens 40 at most.
MOST_BY_ADDRESS, MOST = 100, 500
#: Seconds for which a connection of an address with too many may wait: many whole requests may begin at one time.
GRACE = 5.0

#: Connections, the oldest first: since when each waits, and how it is cut.
Waiting = dict[Hashable, tuple[float, Callable[[], object]]]


@dataclass(slots=True)
class Connections:
    """Of one port. An address is in `_waiting` and `_count` only while it has connections. `now` is in seconds."""

    most_by_address: int = MOST_BY_ADDRESS
    most: int = MOST
    #: By address, those without a whole request; and those that are being answered.
    _waiting: dict[str, Waiting] = field(default_factory=dict[str, Waiting])
    _busy: dict[Hashable, Callable[[], object]] = field(default_factory=dict[Hashable, Callable[[], object]])
    _address: dict[Hashable, str] = field(default_factory=dict[Hashable, str])
    _count: dict[str, int] = field(default_factory=dict[str, int])

    def admit(self, one: Hashable, address: str, cut: Callable[[], object], now: float) -> bool:
        """Whether there is room for another; `cut` closes it should it have to give way later."""
        if self._count.get(address, 0) >= self.most_by_address:
            self._make_room(address, now - GRACE)
        if len(self._address) >= self.most and not self._make_room(self._most_waiting(), now):
            return False
        self._address[one] = address
        self._count[address] = self._count.get(address, 0) + 1
        self._waiting.setdefault(address, {})[one] = (now, cut)
        return True

    def busy(self, one: Hashable) -> None:
        """Its request is there as a whole."""
        waited = self._waiting.get(self._address.get(one, ""), {}).pop(one, None)
        if waited is not None:
            self._busy[one] = waited[1]

    def waits(self, one: Hashable, now: float) -> None:
        """It was answered, and another request may follow."""
        cut = self._busy.pop(one, None)
        if cut is not None:
            self._waiting.setdefault(self._address[one], {})[one] = (now, cut)

    def gone(self, one: Hashable) -> None:
        """It is closed; a second time does nothing."""
        address = self._address.pop(one, None)
        if address is None:
            return
        self._busy.pop(one, None)
        self._waiting.get(address, {}).pop(one, None)
        self._count[address] -= 1
        if not self._count[address]:
            del self._count[address]
            self._waiting.pop(address, None)

    def _make_room(self, address: str, before: float) -> bool:
        """Cut the oldest that waits there since `before`; False: there is none, or all are being answered."""
        waiting = self._waiting.get(address)
        if not waiting:
            return False
        one, (since, cut) = next(iter(waiting.items()))
        if since > before:
            return False
        self.gone(one)
        cut()
        return True

    def _most_waiting(self) -> str:
        return max(self._waiting, key=lambda address: len(self._waiting[address]), default="")
