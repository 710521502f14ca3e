"""What ends a command: a line on stderr that says what and where, and an exit code; never a traceback.

Not its job: what a command does, or the wording of what is refused.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

DONE = 0
CHECK_FAILED = 1
BAD_INPUT = 2
#: By the shells' custom: 128 and the number of SIGINT.
INTERRUPTED = 130
#: By sysexits: a mistake in the program itself.
PROGRAM_ERROR = 70


class Refusal(Exception):
    """What was given cannot be used; the message is for whoever gave it, a line a problem."""


def guarded(work: Callable[[], int]) -> int:
    """The exit code of `work`; what it raises becomes a line on stderr."""
    try:
        return work()
    except Refusal as refusal:
        return say(str(refusal))
    except BrokenPipeError:
        # Whoever read our output has had enough.
        _forget_output()
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return _mistake(error)


def say(problem: str) -> int:
    """Tell of bad input."""
    sys.stderr.write(f"{problem}\n")
    return BAD_INPUT


def _forget_output() -> None:
    """What is left in the buffer has nowhere to go, and Python would complain of it at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def _mistake(error: Exception) -> int:
    name = type(error).__name__
    try:
        # Only now: few commands ever need it.
        from bot import crash_report

        where = f"what happened stands in {crash_report.write(error)}"
    except Exception as second:
        where = f"the report of it could not be written ({type(second).__name__})"
    sys.stderr.write(f"Sorry, a mistake in this program stopped it ({name}); what was answered is kept; {where}\n")
    return PROGRAM_ERROR
