"""How much `lampwise serve` takes: people who answer as fast as they are answered, through our own strict double.

    python -m benchmarks.load                                    20 people, either library, polling and webhook
    python -m benchmarks.load --people 200 --seconds 10 --library ptb --mode polling

The double checks every call and runs in this process, so that updates a second are also its own; the CPU time of an
update is that of the program alone, read from /proc, and is the figure to compare.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.telegram.double import Double
from tests.telegram.people import Chat, Shown
from tests.telegram.serving import Serve

#: Seconds that are not measured: what is loaded only when it is needed is loaded then.
WARM = 2.0


@dataclass(slots=True)
class Measured:
    """Seconds from each step of a person to the answer."""

    waits: list[float] = field(default_factory=list[float])

    def at(self, share: float) -> float:
        """The wait that this share of all stays under, in milliseconds."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


async def talk(chat: Chat, measured: Measured) -> None:
    """Tick and untick for ever: one edit a step, so that each has its answer."""
    clock = asyncio.get_running_loop().time
    chat.says("/assess")
    shown = await chat.until(lambda seen: bool(seen[-1].buttons), seconds=60)
    while True:
        press = next(press for row in shown.buttons for _, press in row if press[0] in "at" or press.endswith("back"))
        place, begun = len(chat.seen), clock()
        chat.presses_data(press if press[0] in "at" else _back(shown), shown.id)
        shown = await chat.until(lambda seen, place=place: len(seen) > place and bool(seen[-1].buttons), seconds=60)
        measured.waits.append(clock() - begun)
        if press[0] == "a":
            place, begun = len(chat.seen), clock()
            chat.presses_data(_back(shown), shown.id)
            shown = await chat.until(lambda seen, place=place: len(seen) > place and bool(seen[-1].buttons), seconds=60)
            measured.waits.append(clock() - begun)


def _back(shown: Shown) -> str:
    return next(press for row in shown.buttons for _, press in row if press.endswith(":back"))


async def measure(library: str, mode: str, people: int, seconds: float) -> str:
    """One line of the table."""
    with TemporaryDirectory() as folder:
        async with Double() as double, Serve(double, Path(folder), library, hook=mode == "webhook") as program:
            measured = Measured()
            talks = [asyncio.create_task(talk(double.chat(1000 + one), measured)) for one in range(people)]
            await asyncio.sleep(WARM)
            measured.waits.clear()
            before = _cpu(program)
            await asyncio.sleep(seconds)
            spent, steps, memory = _cpu(program) - before, len(measured.waits), _memory(program)
            for one in talks:
                one.cancel()
            await asyncio.gather(*talks, return_exceptions=True)
            each = spent / max(1, steps) * 1000
            return (
                f"{library} {mode}, {people} people: {steps / seconds:.0f} updates/s, {each:.2f} ms of CPU each, "
                f"p50 {measured.at(0.5):.0f} ms, p99 {measured.at(0.99):.0f} ms, {memory:.0f} MB"
            )


def _cpu(program: Serve) -> float:
    assert program.process is not None
    told = Path(f"/proc/{program.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _memory(program: Serve) -> float:
    assert program.process is not None
    told = Path(f"/proc/{program.process.pid}/status").read_text()
    return int(next(line for line in told.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def main() -> int:
    """A line for each library and way of delivery."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--people", type=int, default=20)
    told.add_argument("--seconds", type=float, default=5)
    told.add_argument("--library", choices=["ptb", "aiogram"], action="append")
    told.add_argument("--mode", choices=["polling", "webhook"], action="append")
    asked = told.parse_args()
    for library in asked.library or ["ptb", "aiogram"]:
        for mode in asked.mode or ["polling", "webhook"]:
            print(asyncio.run(measure(library, mode, asked.people, asked.seconds)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
