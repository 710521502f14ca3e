"""The simulator's slow twin: `python -m benchmarks.simulation`, 500 seeds, or `--seeds 20000 --first 1000`.

A seed that fails is named, and can be played again by its number alone; the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.simulation.checks import findings
from tests.simulation.world import World


def play(seed: int, actions: int, trouble: float) -> tuple[list[str], Counter[str]]:
    """What is wrong with one seed, and what happened in it."""
    with TemporaryDirectory() as folder, World(Path(folder), seed, actions=actions, trouble=trouble) as world:
        run = world.play()
        happened = Counter(
            events=len(run.history), sends=len(world.telegram.log), kills=run.kills, uncertain=len(run.uncertain),
            cut=len(world.telegram.cut),
        )  # fmt: skip
        ids = Counter(one.id for one in world.telegram.log)
        happened["copies"] = sum(times - 1 for times in ids.values())
        return findings(world), happened


def main() -> int:
    """Play them on all processors."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--seeds", type=int, default=500)
    told.add_argument("--first", type=int, default=0)
    told.add_argument("--actions", type=int, default=60)
    told.add_argument("--trouble", type=float, default=2)
    asked = told.parse_args()
    begun, happened, wrong = time.perf_counter(), Counter[str](), 0
    seeds = range(asked.first, asked.first + asked.seeds)
    with ProcessPoolExecutor() as pool:
        one = partial(play, actions=asked.actions, trouble=asked.trouble)
        for found, counted in pool.map(one, seeds, chunksize=5):
            happened += counted
            wrong += bool(found)
            for sentence in found:
                print(sentence, flush=True)
    print(f"{asked.seeds} seeds, {wrong} wrong, {time.perf_counter() - begun:.0f} s: {dict(happened)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
