"""Places where a crash test kills this very program; without the variable they do nothing."""

from __future__ import annotations

import os
import signal

VARIABLE = "LAMPWISE_FAIL_AT"

NAMES = (
    "apply.before_commit",
    "apply.after_commit",
    "claim.before_commit",
    "claim.after_commit",
    "settle.before_commit",
    "settle.after_commit",
    "release.before_commit",
    "release.after_commit",
    "forget.before_commit",
    "forget.after_commit",
    "purge.before_commit",
    "purge.after_commit",
    "make.before_commit",
    "make.after_commit",
    "upgrade.before_commit",
    "upgrade.after_commit",
    "backup.before_replace",
    "restore.before_swap",
    "restore.after_swap",
)


def failpoint(name: str) -> None:
    """Die here, as by a power cut of the process, if the variable names this point."""
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
