"""Times a piece of work on the processor, so that other programs on the machine count little, and prints the table."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: The best of so many rounds: what disturbs a round only ever makes it slower.
ROUNDS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`figure` is in the unit of the table's heading; `peer` is the same of what it is compared with."""

    what: str
    figure: float
    peer: float
    remark: str = ""


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Seconds of the processor that `work` takes once, out of the best round of `times` runs each."""
    work()
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(times):
            work()
        best = min(best, (time.process_time() - began) / times)
    return best


def show(title: str, unit: str, peer: str, rows: Sequence[Row]) -> None:
    """Print one table, with the ratio to the peer."""
    width = max(len(row.what) for row in rows)
    print(f"\n{title}, in {unit}; beside it {peer}")
    for row in rows:
        ratio = f"x{row.figure / row.peer:,.2f}" if row.peer else ""
        print(f"  {row.what:{width}}  {row.figure:>12,.1f}  {row.peer:>12,.1f}  {ratio:>10}  {row.remark}".rstrip())
