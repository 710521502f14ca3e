"""How long `lampwise --help` and the prompt of `lampwise chat` take from the start of the process, and the memory.

The chat runs in a terminal of its own (a pseudo-terminal) on a database that is there already. Needs a Unix.
"""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.measured import Row, show

STARTS = 5
LAMPWISE = (sys.executable, "-m", "bot")
#: What a Python that does nothing costs.
NOTHING = (sys.executable, "-c", "pass")
#: With its prompt prompt_toolkit switches on that pasted text is marked; nothing else of ours writes this.
PROMPT = b"\x1b[?2004h"
#: It asks the terminal where the cursor stands, and a terminal answers.
ASKED, ANSWERED = b"\x1b[6n", b"\x1b[1;1R"
PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Start:
    """`wall` until it was there, `cpu` of the whole process (seconds), `memory` at most (MB)."""

    wall: float
    cpu: float
    memory: float


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        chat = (*LAMPWISE, "chat", "--lang", "en")
        # As after an installation: the first start compiles the modules, and is not counted.
        prompted(chat, surroundings(Path(folder), "compiling"))
        first = middle([prompted(chat, surroundings(Path(folder), f"new-{n}")) for n in range(STARTS)])
        home = surroundings(Path(folder), "new-0")
        nothing = middle([ended(NOTHING, home) for _ in range(STARTS)])
        helped = middle([ended((*LAMPWISE, "--help"), home) for _ in range(STARTS)])
        again = middle([prompted(chat, home) for _ in range(STARTS)])
    starts = (
        ("lampwise --help", helped, "goal: under 300"),
        ("lampwise chat, to the prompt", again, "goal: under 1,000"),
        ("lampwise chat, the first time: makes the database", first, "goal: under 1,000"),
    )
    peer = "a Python that does nothing"
    show("start", "ms from the start of the process", peer,
         [_row(what, one.wall, nothing.wall, told) for what, one, told in starts])  # fmt: skip
    show("the same", "ms of the processor, to the end of the process", peer,
         [_row(what, one.cpu, nothing.cpu) for what, one, _ in starts])  # fmt: skip
    show("the same", "MB of memory at most", peer,
         [Row(what=what, figure=one.memory, peer=nothing.memory) for what, one, _ in starts])  # fmt: skip


def surroundings(folder: Path, database: str) -> dict[str, str]:
    """The environment of a start, with a database and compiled modules of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    url = f"sqlite:///{folder / database}.db"
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "compiled"), "LAMPWISE_DATABASE_URL": url}


def _row(what: str, figure: float, peer: float, remark: str = "") -> Row:
    return Row(what=what, figure=figure * 1000, peer=peer * 1000, remark=remark)


def middle(starts: Sequence[Start]) -> Start:
    """Of each figure the median."""
    return Start(*(median(part) for part in zip(*((one.wall, one.cpu, one.memory) for one in starts), strict=True)))


def ended(command: Sequence[str], environment: dict[str, str]) -> Start:
    """Run the command to its end."""
    began = time.perf_counter()
    program = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    return _waited(program, time.perf_counter(), began)


def prompted(command: Sequence[str], environment: dict[str, str]) -> Start:
    """Run the command in a terminal until its prompt stands there, then leave it."""
    ours, theirs = pty.openpty()
    began = time.perf_counter()
    program = subprocess.Popen(command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    try:
        _read_until(ours, PROMPT, began)
        stood = time.perf_counter()
        os.write(ours, b"\x04")
        return _waited(program, stood, began, ours)
    finally:
        os.close(ours)


def _read_until(ours: int, wanted: bytes, began: float) -> None:
    seen = b""
    while wanted not in seen:
        if time.perf_counter() - began > PATIENCE_S:
            raise TimeoutError(f"no prompt within {PATIENCE_S} s, but {seen[-300:]!r}")
        came = _readable(ours)
        if came is None:
            raise ChildProcessError(f"ended before its prompt: {seen[-300:]!r}")
        seen += came
        if ASKED in came:
            os.write(ours, ANSWERED)


def _readable(ours: int) -> bytes | None:
    """What has come within a moment; None where the program has ended."""
    if not select.select([ours], [], [], 0.1)[0]:
        return b""
    try:
        return os.read(ours, 65536) or None
    except OSError:
        return None


def _waited(program: subprocess.Popen[bytes], stood: float, began: float, ours: int | None = None) -> Start:
    """Wait for the end; what it used. Where it writes into a terminal, that is read on, lest it waits for us."""
    while True:
        open_still = ours is not None and _readable(ours) is not None
        ended, status, used = os.wait4(program.pid, os.WNOHANG if open_still else 0)
        if ended:
            break
    program.returncode = os.waitstatus_to_exitcode(status)
    wall = (time.perf_counter() if ours is None else stood) - began
    return Start(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
