"""What goes wrong on purpose: a list of faults, each for some calls, some times or by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

#: refuse-*: an answer that is not ok, and the call has no effect. cut-before, cut-after: the connection ends without an
#: answer, before or after the effect. html, cut-short: the effect is had, the answer cannot be read. slow: `seconds`.
Kind = Literal[
    "limit-chat", "limit-all", "refuse-500", "refuse-html", "refuse-403", "refuse-400", "refuse-markup", "migrate",
    "cut-before", "cut-after", "html", "cut-short", "slow",
]  # fmt: skip
#: Of these nobody can know whether the call had its effect.
UNCERTAIN = frozenset({"cut-before", "cut-after", "html", "cut-short"})


@dataclass(slots=True, kw_only=True)
class Fault:
    """`method`, `chat`: which calls, all where they are None; `times`: how often at most; `chance`: of each call."""

    kind: Kind
    method: str | None = None
    chat: int | None = None
    times: int = 1
    chance: float = 1.0
    seconds: float = 1.0
    #: Of migrate: what the chat is called now.
    to: int = 0
    fired: int = 0

    def fits(self, method: str, chat: int | None) -> bool:
        """Whether it is for this call, if it fires at all."""
        return self.fired < self.times and self.method in (None, method) and (self.chat is None or self.chat == chat)


def pick(faults: Sequence[Fault], method: str, chat: int | None, chance: Random) -> Fault | None:
    """The fault of this call, which has fired then; getUpdates is spared unless it is named."""
    for fault in faults:
        spared = method == "getUpdates" and fault.method is None
        if not spared and fault.fits(method, chat) and chance.random() < fault.chance:
            fault.fired += 1
            return fault
    return None
