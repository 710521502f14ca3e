"""What a conversation or a record is about where no answer says it: a contract, one of its quarters, new terms of it.

Written as a short text, so that it can be kept and stand in a button.
"""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.owner import Kept

_CONTRACT = "contract"
_TERMS = "terms"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """`contract` is its number. `period` is the quarter's name; `since` the day (ISO) from which new terms count."""

    contract: int
    period: str = ""
    since: str = ""

    def text(self) -> str:
        """As `read` takes it."""
        if self.since:
            return f"{_TERMS}:{self.contract}:{self.since}"
        return f"{_CONTRACT}:{self.contract}" + (f":{self.period}" if self.period else "")


def read(text: str) -> About | None:
    """What the text says; None where it says nothing of a contract."""
    sort, number, rest = (*text.split(":", 2), "", "")[:3]
    if sort not in (_CONTRACT, _TERMS) or not (number.isascii() and number.isdigit()):
        return None
    return About(contract=int(number), since=rest) if sort == _TERMS else About(contract=int(number), period=rest)


def of_record(kept: Kept) -> About | None:
    """What a record is about."""
    return read(str(kept.result.get("about", "")))


def with_about(result: dict[str, object], about: str) -> dict[str, object]:
    """The result with what it is about, where there is something."""
    return {**result, "about": about} if about else result
