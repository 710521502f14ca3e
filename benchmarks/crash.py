"""Kills the program with kill -9 again and again, and looks for what was lost, doubled or mixed up.

    python -m benchmarks.crash                       20 kills of `lampwise chat` and of each way of `lampwise serve`
    python -m benchmarks.crash --kills 500           the long one
    python -m benchmarks.crash --only serve --library aiogram --mode webhook

People talk through the double; how they act depends on their number and on how far they are alone. Afterwards the same
people take the same steps with a program that is left alone: both must have seen the same screens, in the same order,
and the same answers must be kept. A screen may come twice, at most 8 times a kill.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.dispatch import MOST_IN_FLIGHT
from dialogs.message import Line, Message
from dialogs.owner import Owner
from storage.engine import open_database
from storage.store import Store
from tests.telegram.double import Double
from tests.telegram.models import JUDGES
from tests.telegram.people import Chat, Shown
from tests.telegram.serving import Serve
from tests.telegram.talking import meaning

PEOPLE = 6
COMMANDS = ("/assess", "/vet", "/menu")
TYPED = ("10万", "6", "不知道")
#: Seconds without an answer that count as a person who is never answered again.
PATIENCE = 60.0

ROOT = Path(__file__).absolute().parents[1]
#: A whole assess in the terminal.
LINES = ("2", "2", "1", "3", "2", "2", "3", "三成", "3万", "10万", "20万", "一年", "1 2", "投流、客服")


@dataclass(slots=True)
class Verdict:
    """What came of one run; all but `kills`, `actions` and `copies` should be 0."""

    run: str
    kills: int = 0
    actions: int = 0
    copies: int = 0
    lost: int = 0
    wrong: int = 0
    stalled: int = 0
    complaints: list[str] = field(default_factory=list[str])

    @property
    def is_sound(self) -> bool:
        """Nothing was lost or wrong, and copies only of what was on its way."""
        few = self.copies <= self.kills * MOST_IN_FLIGHT
        return few and not (self.lost or self.wrong or self.stalled or self.complaints)


# ---- lampwise serve


class Talker:
    """One person: what he does next is a matter of his number, of how often he has acted, and of the last screen."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.actions = 0
        self.screens: list[tuple[object, ...]] = []
        self._shown: Shown | None = None
        self._typed = False
        self._commands = 0

    async def act(self) -> None:
        """One step, and wait for another screen than that of before; TimeoutError: there is none."""
        before = self.screens[-1] if self.screens else None
        self._do(random.Random(f"{self.chat.id} {self.actions}"))
        self.actions += 1
        place = len(self.chat.seen)
        await self.chat.until(lambda seen: _other(seen, place, before) is not None, seconds=PATIENCE)
        # The last message of a turn is the one with buttons; those before it are compared in the end.
        shown = _other(self.chat.seen, place, before)
        assert shown is not None
        self._shown = shown
        self.screens.append(meaning(shown))

    def _do(self, chance: random.Random) -> None:
        presses = [press for row in self._shown.buttons for _, press in row] if self._shown else []
        answers = [press for press in presses if press[0] in "atv" or press.endswith((":done", ":not-sure"))]
        options = [press for press in answers if press[0] in "atv"]
        # The same thing typed twice has the same answer, which could not be told from a copy.
        may_type = not options and not self._typed
        self._typed = bool(answers) and may_type and chance.random() < 0.8
        if self._typed:
            self.chat.says(chance.choice(TYPED))
        elif answers and self._shown:
            self.chat.presses_data(chance.choice(answers), self._shown.id)
        else:
            self.chat.says(COMMANDS[self._commands % len(COMMANDS)])
            self._commands += 1


def _other(seen: Sequence[Shown], place: int, before: tuple[object, ...] | None) -> Shown | None:
    return next((one for one in seen[place:] if one.buttons and meaning(one) != before), None)


def _differences(calm: Talker, troubled: Talker, calm_owner: Owner, troubled_owner: Owner) -> list[str]:
    """The first of each sort, as sentences."""
    pairs = list(zip_longest(calm.screens, troubled.screens))
    first = next((place for place, (mine, yours) in enumerate(pairs) if mine != yours), None)
    found = (
        [] if first is None else [f"{calm.chat.id}: screen {first}: {pairs[first]}, before it {pairs[first - 1][0]}"]
    )
    missed = {meaning(one) for one in calm.chat.seen} - {meaning(one) for one in troubled.chat.seen}
    found += [f"{calm.chat.id}: never saw {one[0]}" for one in missed]
    if _kept(calm_owner) != _kept(troubled_owner):
        found.append(f"{calm.chat.id}: what is kept differs: {_kept(calm_owner)} and {_kept(troubled_owner)}")
    return found


async def serve(library: str, mode: str, kills: int, seed: int) -> Verdict:
    """Talk, kill, start, and compare with a run that is left alone."""
    verdict = Verdict(run=f"serve {library} {mode}", kills=kills)
    troubled, owners = await _troubled(library, mode, seed, verdict)
    with TemporaryDirectory() as folder:
        async with Double() as double, Serve(double, Path(folder), library, hook=mode == "webhook") as program:
            calm = [Talker(double.chat(one.chat.id)) for one in troubled]
            await asyncio.gather(*(_steps(one, other.actions) for one, other in zip(calm, troubled, strict=True)))
            for one, other, owner in zip(calm, troubled, owners, strict=True):
                found = _differences(one, other, program.owner(one.chat.id), owner)
                verdict.wrong += len(found)
                verdict.complaints += found
    return verdict


async def _troubled(library: str, mode: str, seed: int, verdict: Verdict) -> tuple[list[Talker], list[Owner]]:
    chance = random.Random(seed)
    with TemporaryDirectory() as folder:
        async with (
            Double(JUDGES[library]) as double,
            Serve(double, Path(folder), library, hook=mode == "webhook") as program,
        ):
            people = [Talker(double.chat(1000 + number)) for number in range(PEOPLE)]
            over = asyncio.Event()
            talks = [asyncio.create_task(_until(one, over)) for one in people]
            for _ in range(verdict.kills):
                await asyncio.sleep(chance.uniform(0.05, 2.5))
                await program.kill()
                await asyncio.sleep(chance.uniform(0, 0.1))
                await program.start()
            over.set()
            ends = await asyncio.gather(*talks, return_exceptions=True)
            verdict.stalled = sum(isinstance(end, BaseException) for end in ends)
            verdict.complaints += [f"{one.chat.id}: {end!r}" for one, end in zip(people, ends, strict=True) if end]
            verdict.actions = sum(one.actions for one in people)
            verdict.copies = sum(_copies(one.chat) for one in people)
            verdict.complaints += double.complaints
            return people, [program.owner(one.chat.id) for one in people]


async def _until(one: Talker, over: asyncio.Event) -> None:
    while not over.is_set():
        await one.act()


async def _steps(one: Talker, count: int) -> None:
    for _ in range(count):
        await one.act()


def _copies(chat: Chat) -> int:
    """Messages that came again as new ones; an edit that is made again is refused and not seen."""
    sent = [meaning(one) for one in chat.seen if one.times == 1]
    return sum(one == other for one, other in pairwise(sent))


def _kept(owner: Owner) -> object:
    """What is kept, without the moments."""
    answers = {
        number: [(one.slot, one.how, one.value) for one in conversation.answers]
        for number, conversation in owner.conversations.items()
    }
    return owner.focus, answers, [(one.kind, one.number, json.dumps(one.result, default=str)) for one in owner.records]


# ---- lampwise chat


def chat(kills: int, seed: int) -> Verdict:
    """Type a whole assess, line by line, with a kill between any two; a new owner when it is done."""
    verdict, chance = Verdict(run="chat", kills=kills), random.Random(seed)
    with TemporaryDirectory() as folder:
        database = Path(folder) / "lampwise.db"
        for number in range(kills):
            name = f"owner {number * 3 // len(LINES)}"
            sure = len(_answered(database, name))
            if sure < len(LINES):
                seen = _type(database, name, sure, chance)
                verdict.actions += seen - sure
                now = _answered(database, name)
                verdict.lost += now[:seen] != list(LINES[:seen])
                verdict.wrong += now not in (list(LINES[:seen]), list(LINES[: seen + 1]))
    return verdict


def _type(database: Path, name: str, sure: int, chance: random.Random) -> int:
    """Answer some lines and be killed; how many were surely answered."""
    settings = {"LAMPWISE_DATABASE_URL": f"sqlite:///{database}", "XDG_DATA_HOME": str(database.parent)}
    process = subprocess.Popen(
        [sys.executable, "-B", "-m", "bot", "chat", "--as", name], cwd=ROOT, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, env={**os.environ, **settings},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    seen = sure
    if sure == 0:
        process.stdin.write(b"/assess\n")
        process.stdin.flush()
    until = min(len(LINES), sure + chance.randint(0, 5))
    for line in iter(process.stdout.readline, b""):
        asks = f"已答 {seen}/" in line.decode()
        if asks and seen < until:
            process.stdin.write(f"{LINES[seen]}\n".encode())
            process.stdin.flush()
            seen += 1
        elif asks or seen == len(LINES):
            break
    if seen < len(LINES):
        process.stdin.write(f"{LINES[seen]}\n".encode())
        process.stdin.flush()
        time.sleep(chance.random() * 0.04)
    process.kill()
    process.communicate()
    return min(seen, len(LINES) - 1) if seen == len(LINES) else seen


def _answered(database: Path, name: str) -> list[str]:
    if not database.exists():
        return []
    engine = open_database(f"sqlite:///{database}")
    try:
        owner = Store(engine=engine, apology=_apology).snapshot("terminal", name)
    finally:
        engine.dispose()
    return [one.raw for one in owner.conversations[1].answers] if 1 in owner.conversations else []


def _apology(_: Owner) -> Message:
    return Message(lines=(Line(text="sorry"),))


def main() -> int:
    """All that was asked for; a line a run, and 1 where anything was lost or wrong."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--kills", type=int, default=20)
    told.add_argument("--seed", type=int, default=1)
    told.add_argument("--only", choices=["chat", "serve"])
    told.add_argument("--library", choices=["ptb", "aiogram"], action="append")
    told.add_argument("--mode", choices=["polling", "webhook"], action="append")
    asked = told.parse_args()
    verdicts: list[Verdict] = []
    if asked.only != "serve":
        verdicts.append(_told(chat(asked.kills, asked.seed)))
    libraries = (asked.library or ["ptb", "aiogram"]) if asked.only != "chat" else []
    ways = [(library, mode) for library in libraries for mode in asked.mode or ["polling", "webhook"]]
    verdicts += [_told(asyncio.run(serve(library, mode, asked.kills, asked.seed))) for library, mode in ways]
    return 0 if all(one.is_sound for one in verdicts) else 1


def _told(verdict: Verdict) -> Verdict:
    print(
        f"{verdict.run}: {verdict.kills} kills, {verdict.actions} actions, lost {verdict.lost}, wrong {verdict.wrong}, "
        f"stalled {verdict.stalled}, copies {verdict.copies}, {'sound' if verdict.is_sound else 'NOT SOUND'}",
        flush=True,
    )
    for sentence in verdict.complaints[:5]:
        print(f"  {sentence[:300]}", flush=True)
    return verdict


if __name__ == "__main__":
    sys.exit(main())
