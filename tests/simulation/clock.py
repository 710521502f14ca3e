"""Time that stands still until the simulator moves it: one that can be set, as a machine's, and one that cannot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 1, tzinfo=UTC)


class Clock:
    """`steady` counts seconds and never jumps; calling it gives the moment that the machine believes it is."""

    def __init__(self) -> None:
        self.steady = 0.0
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return START + timedelta(seconds=self.steady) + self._ahead

    def advance(self, seconds: float) -> None:
        """Time goes by."""
        self.steady += seconds

    def jump(self, by: timedelta) -> None:
        """Somebody sets the machine's clock."""
        self._ahead += by
