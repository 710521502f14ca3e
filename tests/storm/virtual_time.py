"""An event loop whose waits cost nothing: whenever everybody waits, its clock goes on to the next moment of interest.

What is done in a thread elsewhere is done at once here, so that a run is the same each time. `working` says what work
costs: its growth counts as time that goes by; without it work takes none.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, TypeVar

T = TypeVar("T")

#: Seconds by which whoever waits is called late, as on any machine.
LATE = 1e-6


class NothingLeft(Exception):
    """Everybody waits for something that never happens"""


def no_time() -> float:
    """Work takes none."""
    return 0.0


class _Skipping(selectors.SelectSelector):
    """Waits for nothing: what it would have waited for has gone by."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now."""
        ready = super().select(0)
        if ready:
            return ready
        if timeout is None:
            raise NothingLeft
        self.skipped += max(0.0, timeout) + LATE
        return []


class VirtualTime(asyncio.SelectorEventLoop):
    """The loop; `time` begins with what `working` says."""

    def __init__(self, working: Callable[[], float] = no_time) -> None:
        self._skipping = _Skipping()
        self._working = working
        super().__init__(self._skipping)

    def time(self) -> float:
        """Seconds that have gone by."""
        return self._skipping.skipped + self._working()

    def run_in_executor(self, executor: Executor | None, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        """Done when this returns."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:
            done.set_exception(error)
        return done


def run(work: Coroutine[Any, Any, T], working: Callable[[], float] = no_time) -> T:
    """What comes of it, in virtual time."""
    with asyncio.Runner(loop_factory=lambda: VirtualTime(working)) as runner:
        return runner.run(work)
