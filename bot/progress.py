"""Shows on a terminal what is being looked at while something takes long; elsewhere, and in the first moments, nothing.

Not its job: the words for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Event, Thread

#: Seconds that may pass in silence.
SILENT = 2.0
#: Seconds between two looks at what is being looked at.
_EVERY = 0.2
#: Back to the beginning of the line, which is emptied.
_AFRESH = "\r\x1b[K"


@contextmanager
def showing(
    said: Callable[[str], str],
) -> Generator[Callable[[str], None]]:
    """Within the block call what is given with each thing that is begun; `said` words the line for it.

    The line stands on stderr, gives way to the next one, and is gone at the end.
    """
    now = [""]

    def look_at(what: str) -> None:
        now[0] = what

    if not sys.stderr.isatty():
        yield look_at
        return
    end = Event()
    thread = Thread(target=show, args=(end, now, said, Event.wait), name="progress", daemon=True)
    thread.start()
    try:
        yield look_at
    finally:
        end.set()
        thread.join()


def show(end: Event, now: list[str], said: Callable[[str], str], wait: Callable[[Event, float], bool]) -> None:
    """Write the line for what stands in `now` until the end, but nothing in the first SILENT seconds."""
    shown, over = "", wait(end, SILENT)
    while not over:
        line = said(now[0])
        if line != shown:
            sys.stderr.write(_AFRESH + line)
            sys.stderr.flush()
            shown = line
        over = wait(end, _EVERY)
    if shown:
        sys.stderr.write(_AFRESH)
        sys.stderr.flush()
