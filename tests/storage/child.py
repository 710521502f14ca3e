"""A program of its own for crash tests: `python -m tests.storage.child JOB FOLDER...` forks one process a folder.

Each runs the job on FOLDER/lampwise.db; the exit codes are printed as one JSON list (-9: killed).
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from storage import backup, forgetting, locks, migrate, retention, schema
from storage.engine import open_database
from storage.failpoints import VARIABLE
from storage.opening import open_newest
from storage.outbox import LEASE, Where
from storage.store import Store
from tests.storage.sample import NOW, apology, step, typed

#: Of each process in the storm; as many times it claims or settles.
EVENTS = 100


def main() -> None:
    job, *folders = sys.argv[1:]
    children = [start(job, Path(folder), place) for place, folder in enumerate(folders)]
    sys.stdout.write(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]))


def start(job: str, folder: Path, place: int) -> int:
    """Fork; the child never comes back from here."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        JOBS[job](folder, place)
        code = 0
    finally:
        os._exit(code)


def crash(folder: Path, _: int) -> None:
    """Reach the failpoint that the folder is named after."""
    os.environ[VARIABLE] = folder.name
    CRASHES[folder.name.split(".")[0]](folder)


def open_store(folder: Path) -> Store:
    return Store(engine=open_database(f"sqlite:///{folder}/lampwise.db"), apology=apology)


def crash_claim(folder: Path) -> None:
    open_store(folder).claim(NOW, "child", 1)


def crash_settle(folder: Path) -> None:
    store = open_store(folder)
    (claimed,) = store.claim(NOW, "child", 1)
    store.settle(claimed, "sent", NOW)


def crash_forget(folder: Path) -> None:
    forgetting.forget(open_store(folder).engine, "terminal", "wang", NOW)


def crash_purge(folder: Path) -> None:
    retention.purge(open_store(folder).engine, NOW + timedelta(days=3), timedelta(days=2))


CRASHES: dict[str, Callable[[Path], object]] = {
    "apply": lambda folder: open_store(folder).apply([typed("new", "new")], step),
    "claim": crash_claim,
    "settle": crash_settle,
    "release": lambda folder: open_store(folder).release_stale(NOW + LEASE),
    "forget": crash_forget,
    "purge": crash_purge,
    "make": lambda folder: open_newest(f"sqlite:///{folder}/fresh.db"),
    "upgrade": lambda folder: migrate.upgrade(open_database(f"sqlite:///{folder}/fresh.db")),
    "backup": lambda folder: backup.backup(f"sqlite:///{folder}/lampwise.db", folder / "made.db"),
    "restore": lambda folder: backup.restore(f"sqlite:///{folder}/lampwise.db", folder / "source.db", NOW),
}


def storm(folder: Path, place: int) -> None:
    """Answer, claim and settle in a chat of its own, as many terminals on one file do; and one owner of all."""
    schema.ensure(open_database(f"sqlite:///{folder}/lampwise.db"))
    store = open_store(folder)
    chat = f"chat {place}"
    for number in range(EVENTS // 2):
        store.apply([typed(f"{place}-{number}", chat=chat)], step)
        store.apply([typed(f"{place}-all-{number}", chat="all")], step)
        (claimed,) = store.claim(NOW, f"sender {place}", 1, where=Where(channel="terminal", chat=chat))
        assert store.settle(claimed, "sent", NOW)


def die_holding(folder: Path, _: int) -> None:
    with locks.hold(f"sqlite:///{folder}/lampwise.db", "terminal:wang"):
        os.kill(os.getpid(), signal.SIGKILL)


JOBS = {"crash": crash, "storm": storm, "hold": die_holding}

if __name__ == "__main__":
    main()
