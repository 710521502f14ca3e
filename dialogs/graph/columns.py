"""Puts blocks into columns, in their order, so that the whole is no taller than it must be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate


def columns(heights: Sequence[float], tallest: float, most: int) -> list[list[int]]:
    """The places of the blocks, column by column: as few columns as keep to `tallest`, or `most` of equal height."""
    if not heights:
        return []
    for count in range(1, most + 1):
        room = _room(heights, count)
        if room <= tallest or count == most:
            return _filled(heights, room)
    raise AssertionError(most)


def _room(heights: Sequence[float], count: int) -> float:
    """The least height of so many columns."""
    least = max(heights)
    sums = {b - a for a in accumulate(heights, initial=0.0) for b in accumulate(heights)}
    fitting = sorted(one for one in (least, *sums) if one >= least)
    return next(one for one in fitting if len(_filled(heights, one)) <= count)


def _filled(heights: Sequence[float], room: float) -> list[list[int]]:
    found: list[list[int]] = [[]]
    used = 0.0
    for place, height in enumerate(heights):
        # Sums of the same heights in another order differ in their last digit.
        if found[-1] and used + height > room + 0.001:
            found.append([])
            used = 0.0
        found[-1].append(place)
        used += height
    return found
