"""Which document is wished for, as a short text that a message can carry: no owner's words, only ids and numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

#: result: what a dialog found; sheet: what to take to the meeting; compare: several side by side; picture and table:
#: the quarters of a contract; calendar: the dates of contracts; the letters to an agency.
Sort = Literal[
    "result", "sheet", "compare", "picture", "table", "calendar", "letter-refund", "letter-notice", "letter-handover"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The records `numbers` of the dialog `kind`; compare takes several, the others one."""

    sort: Sort
    kind: str
    numbers: tuple[int, ...]

    def text(self) -> str:
        """As `read` takes it."""
        return " ".join((self.sort, self.kind, *map(str, self.numbers)))


def read(text: str) -> Wish | None:
    """The wish that the text writes; None where it writes none."""
    sort, kind, *numbers = (*text.split(), "", "")
    given = [number for number in numbers if number]
    known = next((name for name in get_args(Sort) if name == sort), None)
    if known is None or not kind or not given or not all(map(_is_number, given)):
        return None
    return Wish(sort=known, kind=kind, numbers=tuple(map(int, given)))


def wish(sort: Sort, kind: str, numbers: Iterable[int]) -> Wish:
    """A wish at hand."""
    return Wish(sort=sort, kind=kind, numbers=tuple(numbers))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6
