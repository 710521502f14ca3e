"""Mends slips in thought, one after the other, so that one reading tells of all of them. Not its job: parsing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from knowledge.yaml_slips import Riddle, Slip, meanings

#: So many slips are mended to find the ones behind them; then it is enough for one reading.
MAX_MENDED = 20

#: Where the parser stumbles over the lines; None where it does not.
Stumbles = Callable[[list[str]], Riddle | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """The `slips` that were found, in the lines as they were meant; `unsolved` is what no slip explains.

    `lines` is None where the parser cannot read on even so.
    """

    slips: tuple[tuple[Slip, str], ...]
    lines: list[str] | None
    unsolved: Riddle | None = None


def mended(lines: list[str], stumbles: Stumbles) -> Mended:
    """Mend until the parser gets through or nothing more can be done; each slip comes with the line it stands in."""
    slips: list[tuple[Slip, str]] = []
    riddle = stumbles(lines)
    while riddle is not None:
        slip = next((slip for slip in meanings(lines, riddle) if _helps(slip, lines, riddle, stumbles)), None)
        if slip is None:
            return Mended(slips=tuple(slips), lines=None, unsolved=riddle)
        slips.append((slip, "".join(lines[slip.line - 1 : slip.line])))
        if slip.mended is None or len(slips) > MAX_MENDED:
            return Mended(slips=tuple(slips), lines=None)
        lines = _with(slip, lines)
        riddle = stumbles(lines)
    return Mended(slips=tuple(slips), lines=lines)


def _helps(slip: Slip, lines: list[str], riddle: Riddle, stumbles: Stumbles) -> bool:
    """Whether the parser gets further once the slip is mended; one that cannot be mended is believed."""
    if slip.mended is None:
        return True
    after = stumbles(_with(slip, lines))
    return after is None or after.line > riddle.line or after.line == riddle.line == slip.line


def _with(slip: Slip, lines: list[str]) -> list[str]:
    return [*lines[: slip.line - 1], slip.mended or "", *lines[slip.line :]]
