"""Takes up saved YAML files while conversations go on: the new book as a whole, or none of it where a file is broken.

Not its job: building a book (`book`), what is wrong in it (`dialogs.check`), playing talks before a save is taken up
(`trial`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Literal, Protocol

from bot import beside, command_table, snapshot
from bot.found import Found
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


#: What is wrong, by file, code and key.
What = tuple[str, str, str]


class UnderWay(Protocol):
    """A trial, as `bot.trial.Trial` is one."""

    def outcome(self, seconds: float) -> Sequence[Found] | None:
        """What was found, waited for so long at most; None: it is still under way."""
        ...

    def stop(self) -> None:
        """End it."""
        ...


#: Begins a trial of the files that have changed.
Begin = Callable[[Settings, Sequence[Path]], UnderWay]


class Reload:
    """Watches the folders of `settings`; `take` is given each new book, `tell` is for whoever edits.

    Errors in what was saved refuse it. With `begin` the talks are played, too, before it is taken up.
    """

    def __init__(
        self, settings: Settings, channel: str, book: Book, take: Callable[[Book], None],
        tell: Tell | None = None, every: float = EVERY, begin: Begin | None = None,
    ) -> None:  # fmt: skip
        """What lies there now is what `book` was built from; `every` is in seconds."""
        self._settings = settings
        self._channel = channel
        self._book = book
        self._take = take
        self._tell = tell or partial(_on_stderr, settings.lang)
        self._every = every
        self._begin = begin
        self._end = Event()
        self._files = snapshot.taken(settings)
        #: What is in force, what was last judged, and what was there at the last look.
        self._taken = self._judged = self._seen = look(settings)

    @contextmanager
    def watching(self) -> Generator[None]:
        """Look again and again, in a thread of its own, until the block is left."""
        thread = Thread(target=self._watch, name="reload", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join(_LAST_LOOK)

    def _watch(self) -> None:
        while not self._end.wait(self._every):
            self.look_again()

    def look_again(self) -> None:
        """Take up what has changed, once the files stay as they are from one look to the next.

        Waits for the trial, where there is one; a save that comes meanwhile ends it and is looked at next.
        """
        before, self._seen = self._seen, look(self._settings)
        if self._seen == self._judged or self._seen != before:
            # Nothing new, or somebody is still saving.
            return
        # Also what a save that was refused has changed.
        changed = {path for path, _, _ in self._seen ^ self._taken}
        errors = self._errors(changed) if changed else ()
        if errors is not None:
            self._decide(changed, errors)

    def _errors(self, changed: set[Path]) -> Sequence[str] | None:
        """The lines of what is wrong only since this save; None: the files are others by now, or the program ends."""
        found = self._tried(self._settings, sorted(changed))
        before = self._wrong_before(changed) if found else frozenset[What]()
        return None if found is None or before is None else [one.line for one in found if one.what not in before]

    def _wrong_before(self, changed: set[Path]) -> frozenset[What] | None:
        """What was wrong with the same files as they were when they were taken up."""
        if {path.resolve() for path in changed} & {path.resolve() for path in beside.FILES}:
            # These are no copies: the trial would read them as they are now. They were sound, else nothing would run.
            return frozenset()
        with self._files.laid_out(changed) as (settings, copies):
            found = self._tried(settings, copies)
        return None if found is None else frozenset(one.what for one in found)

    def _tried(self, settings: Settings, changed: Sequence[Path]) -> Sequence[Found] | None:
        if self._begin is None:
            # Only now: the rules of the check are slow to load.
            from bot.trial import errors_of, found

            return [found(settings, one) for one in errors_of(settings, changed)]
        trial = self._begin(settings, changed)
        try:
            while (outcome := trial.outcome(self._every)) is None:
                if self._end.is_set() or look(self._settings) != self._seen:
                    return None
        finally:
            trial.stop()
        return outcome

    def _decide(self, changed: set[Path], errors: Sequence[str]) -> None:
        if not changed:
            # All is as it was before a save that was refused.
            self._judged = self._seen
        elif errors:
            self._refuse(errors)
        else:
            self._build(changed)

    def _refuse(self, errors: Sequence[str]) -> None:
        self._judged = self._seen
        self._tell("reload-refused", errors)

    def _build(self, changed: set[Path]) -> None:
        try:
            book, _ = built(self._settings, self._channel, self._settings.lang)
            if look(self._settings) != self._seen:
                # Saved once more meanwhile: what was built was never judged.
                return
            beside.take_up(changed)
        except (Refusal, ValueError) as refusal:
            self._refuse(str(refusal).splitlines())
            return
        # Who is served, and by which installation, no file says.
        book = replace(book, calendar=self._book.calendar)
        if not any(path.is_relative_to(self._settings.knowledge) for path in changed):
            # The books are as they were, and what was learnt from them took time.
            book = replace(book, library=self._book.library)
        self._taken = self._judged = self._seen
        self._files = snapshot.taken(self._settings)
        self._book = book
        self._take(book)
        self._tell("reload-taken", ())


def look(settings: Settings) -> Look:
    """What the YAML files look like: dialogs, knowledge, and what the program reads wherever these lie."""
    found: set[tuple[Path, int, int]] = set()
    below = (path for folder in (settings.dialogs, settings.knowledge) for path in folder.rglob("*.yaml"))
    for path in {*below, *beside.FILES, command_table.FILE}:
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
