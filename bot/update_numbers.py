"""The numbers of updates, and from which one on to ask for more. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

#: JSON numbers beyond this are not exact everywhere; Telegram's are far lower.
MOST = 2**53
_AT_THE_BEGINNING = re.compile(r'\s*\{\s*"update_id"\s*:\s*([0-9]{1,16})\s*[,}]')
#: Updates of one answer follow one another; a number that lies farther from the others is none of Telegram's.
FAR = 2**20


def number_of(update: object) -> int | None:
    """The number of an update; None where it has none that could be Telegram's.

    Of one that could not be read as JSON it is told where it stands at the beginning, as Telegram puts it.
    """
    if isinstance(update, str):
        told = _AT_THE_BEGINNING.match(update)
        number = int(told[1]) if told else None
    else:
        number = cast(Mapping[str, Any], update).get("update_id") if isinstance(update, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        # True is an int to Python.
        return None
    return number if 0 < number < MOST else None


def next_offset(offset: int, updates: Sequence[object]) -> int | None:
    """From where on to ask after these came; None where that cannot be known, and they will come again.

    After an empty answer all is confirmed, and numbers may begin again lower after a quiet week: then it is 0. Updates
    without a number come in the order of the numbers that they had, so that `offset` plus their count surely passes
    nothing else.
    """
    most = offset + FAR if offset else MOST
    numbers = sorted(number for update in updates if (number := number_of(update)) is not None and number < most)
    if numbers:
        middle = numbers[(len(numbers) - 1) // 2]
        return max(number for number in numbers if number - middle < FAR) + 1
    if not updates:
        return 0
    return offset + len(updates) if offset else None
