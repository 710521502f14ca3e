"""Counts what answering does, beside it: how long each step takes, and how questions to the books are met.

Not its job: answering (`dialogs`), keeping the numbers (`tally`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from bot.tally import Tally
from dialogs.events import Event
from dialogs.owner import Owner
from knowledge.entry import Entry, Source
from knowledge.library import Answers
from storage.turns import Step, Turn

if TYPE_CHECKING:
    # Only to name the type: the matcher's libraries take 0.3 s to load.
    from knowledge.search import Decision


@dataclass(frozen=True, slots=True)
class TimedStep:
    """A step whose time is taken, whether it fails or not."""

    step: Step
    tally: Tally

    def __call__(self, owner: Owner, event: Event) -> Turn:
        """As the step."""
        begun = perf_counter()
        try:
            return self.step(owner, event)
        finally:
            self.tally.steps.add(perf_counter() - begun)


@dataclass(slots=True)
class CountedAnswers:
    """Books whose decisions are counted: each question once, however often it is looked at."""

    library: Answers
    tally: Tally
    _last: str = field(default="", init=False)

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Those of the library."""
        return self.library.entries

    @property
    def sources(self) -> Mapping[str, Source]:
        """Those of the library."""
        return self.library.sources

    def decide(self, text: str, last_topic: str | None = None) -> Decision:
        """As the library."""
        decision = self.library.decide(text, last_topic)
        if text != self._last:
            self.tally.matched[decision.kind] += 1
        self._last = text
        return decision

    def open_soon(self) -> None:
        """As the library."""
        self.library.open_soon()
