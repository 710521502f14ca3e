"""Who is connected, and who gives way when there are too many. Pure: it closes by what it is given.

It is the connection that has waited longest without a whole request that gives way, never one that is being answered:
so half-open connections in any number keep nobody out, not even somebody who comes from the same address.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

#: Connections from one address, and in all. Telegram itself opens 40 at most.
MOST_BY_ADDRESS, MOST = 100, 500


@dataclass(slots=True)
class Connections:
    """Of one port. An address is in `_waiting` and `_count` only while it has connections."""

    most_by_address: int = MOST_BY_ADDRESS
    most: int = MOST
    #: By address, the oldest first: those without a whole request, and how each is cut.
    _waiting: dict[str, dict[Hashable, Callable[[], object]]] = field(
        default_factory=dict[str, dict[Hashable, Callable[[], object]]]
    )
    _busy: dict[Hashable, Callable[[], object]] = field(default_factory=dict[Hashable, Callable[[], object]])
    _address: dict[Hashable, str] = field(default_factory=dict[Hashable, str])
    _count: dict[str, int] = field(default_factory=dict[str, int])

    def admit(self, one: Hashable, address: str, cut: Callable[[], object]) -> bool:
        """Whether there is room for another; `cut` closes it should it have to give way later."""
        if self._count.get(address, 0) >= self.most_by_address:
            self._make_room(address)
        if len(self._address) >= self.most and not self._make_room(self._most_waiting()):
            return False
        self._address[one] = address
        self._count[address] = self._count.get(address, 0) + 1
        self._waiting.setdefault(address, {})[one] = cut
        return True

    def busy(self, one: Hashable) -> None:
        """Its request is there as a whole."""
        address = self._address.get(one)
        cut = self._waiting.get(address or "", {}).pop(one, None)
        if cut is not None:
            self._busy[one] = cut

    def waits(self, one: Hashable) -> None:
        """It was answered, and another request may follow."""
        cut = self._busy.pop(one, None)
        if cut is not None:
            self._waiting.setdefault(self._address[one], {})[one] = cut

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

    def _make_room(self, address: str) -> bool:
        """Cut the oldest that waits there; False: all of them are being answered."""
        waiting = self._waiting.get(address)
        if not waiting:
            return False
        one, cut = next(iter(waiting.items()))
        self.gone(one)
        cut()
        return True

    def _most_waiting(self) -> str:
        return max(self._waiting, key=lambda address: len(self._waiting[address]), default="")
