"""test_case_23: `lampwise chat` is killed at any moment, and no answered line is lost or counted twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from dialogs.owner import Owner
from storage.engine import open_database
from storage.store import Store

ROOT = Path(__file__).resolve().parents[2]

#: A whole assess as somebody types it.
LINES = ("2", "2", "1", "3", "2", "2", "3", "三成", "3万", "10万", "20万", "一年", "1 2", "投流、客服")


class Typist:
    """Somebody who talks to the program until it is killed."""

    def __init__(self, database: Path, **settings: str) -> None:
        pipe = subprocess.PIPE
        url = f"sqlite:///{database}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "chat"], cwd=ROOT, stdin=pipe, stdout=pipe,
            env={**os.environ, "LAMPWISE_DATABASE_URL": url, **settings},
        )  # fmt: skip

    def type(self, line: str) -> None:
        """Send a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def wait_for(self, *wanted: str) -> str:
        """What is said up to the line that holds one of these; all of it where none does."""
        told = ""
        for line in self._output:
            told += line.decode()
            if any(one in line.decode() for one in wanted):
                break
        return told

    def kill(self) -> None:
        """At once."""
        self.process.kill()
        self.end()

    def end(self) -> int:
        """Nothing more is typed."""
        self.process.communicate(timeout=30)
        return self.process.returncode

    @property
    def _output(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout


def kept(database: Path) -> Owner:
    """What is in the database."""
    engine = open_database(f"sqlite:///{database}")
    try:
        return Store(engine=engine, apology=lambda owner: pytest.fail("an apology")).snapshot("terminal", "me")
    finally:
        engine.dispose()


def answered(database: Path) -> list[str]:
    """The lines that were taken as answers, in order."""
    conversation = kept(database).conversations.get(1)
    return [] if conversation is None else [answer.raw for answer in conversation.answers]


def test_case_23_kills_at_random_lose_no_answered_line(tmp_path: Path) -> None:
    """Each line that was answered is there once; one whose answer was not seen is there once or not at all."""
    database = tmp_path / "lampwise.db"
    chance = random.Random(23)
    start = Typist(database)
    start.type("/assess")
    start.wait_for("已答 0/")
    start.kill()
    while len(sure := answered(database)) < len(LINES):
        typist = Typist(database)
        seen = sure_of(typist, len(sure), until=min(len(LINES), len(sure) + chance.randint(2, 6)))
        if seen < len(LINES):
            typist.type(LINES[seen])
            time.sleep(chance.random() * 0.04)
        typist.kill()
        now = answered(database)
        assert now in (list(LINES[:seen]), list(LINES[: seen + 1]))
    assert len(kept(database).records) == 1


def sure_of(typist: Typist, count: int, until: int) -> int:
    """Answer up to `until`, waiting for each reply; how many are answered."""
    typist.wait_for(f"已答 {count}/")
    while count < until:
        typist.type(LINES[count])
        count += 1
        typist.wait_for(f"已答 {count}/", "打编号选一项")
    return count


@pytest.mark.parametrize(
    "point", ["apply.before_commit", "apply.after_commit", "claim.after_commit", "settle.before_commit"]
)
def test_case_23_killed_at_a_point_the_reply_comes_at_the_next_start(tmp_path: Path, point: str) -> None:
    """The first message of all is said then: that was kept and not said, or not even kept."""
    database = tmp_path / "lampwise.db"
    killed = Typist(database, LAMPWISE_FAIL_AT=point)
    assert killed.end() == -9
    again = Typist(database)
    assert "我是灯商参谋" in again.wait_for("打编号选一项")
    again.kill()


def test_two_terminals(tmp_path: Path) -> None:
    """Two names at once, each answered; the same name twice is refused with a sentence."""
    database = tmp_path / "lampwise.db"
    first = Typist(database)
    first.wait_for("打编号选一项")
    second = subprocess.run(
        [sys.executable, "-m", "bot", "chat"], cwd=ROOT, capture_output=True, stdin=subprocess.DEVNULL,
        env={**os.environ, "LAMPWISE_DATABASE_URL": f"sqlite:///{database}"}, check=False,
    )  # fmt: skip
    assert (second.returncode, second.stdout) == (2, b"")
    assert "正在另一个窗口里用" in second.stderr.decode()
    first.type("/assess")
    assert "已答 0/" in first.wait_for("已答 0/")
    first.kill()
