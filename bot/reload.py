"""Takes up saved YAML files while conversations go on: the new book as a whole, or none of it where a file is broken.

Not its job: building a book (`book`), what is wrong in it (`dialogs.check`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Literal

from bot.given import built
from bot.refusal import Refusal
from bot.settings import Settings
from dialogs import diff_words
from dialogs.compile import Book

#: Seconds between two looks at the files.
EVERY = 0.2
#: Seconds that may pass at the end until a look that is under way is over.
_LAST_LOOK = 5.0

#: What the files looked like: the path, the moment of the last change in nanoseconds, and the size of each.
Look = frozenset[tuple[Path, int, int]]

#: What became of files that were saved, and the lines that say what is wrong in them.
Tell = Callable[[Literal["reload-taken", "reload-refused"], Sequence[str]], None]


class Reload:
    """Watches the folders of `settings`; `take` is given each new book, `tell` is for whoever edits."""

    def __init__(
        self, settings: Settings, channel: str, book: Book, take: Callable[[Book], None],
        tell: Tell | None = None, every: float = EVERY,
    ) -> None:  # fmt: skip
        """What lies there now is what `book` was built from; `every` is in seconds."""
        self._settings = settings
        self._channel = channel
        self._book = book
        self._take = take
        self._tell = tell or partial(_on_stderr, settings.lang)
        self._every = every
        self._used = self._seen = look(settings)

    @contextmanager
    def watching(self) -> Generator[None]:
        """Look again and again, in a thread of its own, until the block is left."""
        end = Event()
        thread = Thread(target=self._watch, args=(end,), name="reload", daemon=True)
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join(_LAST_LOOK)

    def _watch(self, end: Event) -> None:
        while not end.wait(self._every):
            self.look_again()

    def look_again(self) -> None:
        """Take up what has changed, once the files stay as they are from one look to the next."""
        before, self._seen = self._seen, look(self._settings)
        if self._seen == self._used or self._seen != before:
            # Nothing new, or somebody is still saving.
            return
        changed = {path for path, _, _ in self._seen ^ self._used}
        self._used = self._seen
        self._build(changed)

    def _build(self, changed: set[Path]) -> None:
        try:
            book, _ = built(self._settings, self._channel, self._settings.lang)
        except Refusal as refusal:
            self._tell("reload-refused", str(refusal).splitlines())
            return
        # Who is served, and by which installation, no file says.
        book = replace(book, calendar=self._book.calendar)
        if not any(path.is_relative_to(self._settings.knowledge) for path in changed):
            # The books are as they were, and what was learnt from them took time.
            book = replace(book, library=self._book.library)
        self._book = book
        self._take(book)
        self._tell("reload-taken", ())


def look(settings: Settings) -> Look:
    """What the YAML files of the dialogs and of the knowledge look like."""
    found: set[tuple[Path, int, int]] = set()
    for folder in (settings.dialogs, settings.knowledge):
        for path in folder.rglob("*.yaml"):
            try:
                state = path.stat()
            except OSError:
                # Saved by way of another file: it is there at the next look.
                continue
            found.add((path, state.st_mtime_ns, state.st_size))
    return frozenset(found)


def _on_stderr(language: str, what: str, findings: Sequence[str]) -> None:
    lines = "\n".join([diff_words.said(what, language), *findings])
    sys.stderr.write(f"\n{lines}\n")
    sys.stderr.flush()
