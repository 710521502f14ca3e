"""The books of a folder and their matcher, opened when they are first needed, or beforehand in the background.

Not its job: how a question finds its entry (`search`), how an entry is told (`dialogs.entry_telling`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Protocol

from knowledge.entry import Books, Entry, Source

if TYPE_CHECKING:
    # Its libraries take 0.3 s to load, and most starts ask the books nothing.
    from knowledge.search import Decision, Matcher


class Answers(Protocol):
    """What a conversation asks of the books; the same question always gets the same answer."""

    @property
    def entries(self) -> Mapping[str, Entry]:
        """All entries by topic."""
        ...

    @property
    def sources(self) -> Mapping[str, Source]:
        """All sources by id."""
        ...

    def decide(self, text: str, last_topic: str | None = None) -> Decision:
        """Answer, offer a choice or pass."""
        ...

    def open_soon(self) -> None:
        """Make ready in the background; who asks meanwhile waits for the rest only."""
        ...


class Library:
    """The books of one folder. What is broken in them is left out: the check finds it, no conversation stops at it."""

    def __init__(self, folder: Path, keep: Path | None = None) -> None:
        """`folder` has entries/ and sources.yaml; what the matcher learns is kept in the file `keep`."""
        self._folder = folder
        self._keep = keep
        self._lock = Lock()
        self._opened: tuple[Books, Matcher] | None = None

    def open_soon(self) -> None:
        """Make ready in the background; who asks meanwhile waits for the rest only."""
        Thread(target=self._open, name="library", daemon=True).start()

    @property
    def entries(self) -> Mapping[str, Entry]:
        """All entries by topic."""
        return self._open()[0].entries

    @property
    def sources(self) -> Mapping[str, Source]:
        """All sources by id."""
        return self._open()[0].sources

    def decide(self, text: str, last_topic: str | None = None) -> Decision:
        """Answer, offer a choice or pass."""
        return self.matcher.decide(text, last_topic)

    @property
    def matcher(self) -> Matcher:
        """The matcher of these books."""
        return self._open()[1]

    def _open(self) -> tuple[Books, Matcher]:
        with self._lock:
            if self._opened is None:
                from knowledge.loader import read_books
                from knowledge.shipped import matcher_of

                books, _ = read_books(self._folder)
                self._opened = books, matcher_of(books, self._folder, self._keep)
            return self._opened
