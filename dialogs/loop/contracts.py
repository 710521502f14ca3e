"""An owner's contracts as they stand: what was signed, what was agreed since. The one place that knows their slots.

Not its job: quarters and dates (`calendar`), the dialogs that fill them in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from dialogs.loop import abouts
from dialogs.owner import Kept, Owner

CONTRACT = "contract"
CHANGE = "change"
REVIEW = "review"
EXIT = "exit"
DUTIES = "collaborate"
#: Dialogs that are begun from a contract, so that no menu offers them.
WITHIN = frozenset({CHANGE, DUTIES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """`signed` is its record. `amended` are the terms agreed later, by their day; `changed` what else became of it."""

    signed: Kept
    amended: tuple[Kept, ...] = ()
    changed: tuple[Kept, ...] = ()

    @property
    def number(self) -> int:
        """The number of its record."""
        return self.signed.number

    @property
    def name(self) -> str:
        """The agency, as the owner calls it."""
        return self.signed.subject

    def record(self, day: date) -> Kept:
        """The record whose terms are in force on a day."""
        return next((one for one in reversed(self.amended) if _since(one) <= day.isoformat()), self.signed)

    def terms(self, day: date) -> Mapping[str, Any]:
        """The terms in force on a day, by slot, as JSON keeps them."""
        return self.record(day).answers

    @property
    def amended_on(self) -> list[str]:
        """The days (ISO) from which new terms count, oldest first."""
        return [_since(one) for one in self.amended]

    @property
    def latest(self) -> Mapping[str, Any]:
        """The terms agreed last."""
        return (self.amended[-1] if self.amended else self.signed).answers

    @property
    def starts_on(self) -> date | None:
        """The first day; None: not known."""
        return day_of(self.signed.answers.get("starts_on"))

    @property
    def signed_on(self) -> date | None:
        """The day of signing; None: not known."""
        return day_of(self.signed.answers.get("signed_on"))

    @property
    def term_months(self) -> int | None:
        """All months from the start, those of renewals included; None: no end is known."""
        months = _whole(self.latest.get("term_months"))
        renewed = (
            _whole(one.answers.get("months_more")) for one in self.changed if one.answers.get("what") == "renewed"
        )
        return None if months is None else months + sum(more or 0 for more in renewed)

    @property
    def ended_on(self) -> date | None:
        """The last day where it ends before its term; a later renewal takes that back."""
        ended = None
        for one in self.changed:
            if one.answers.get("what") == "ended":
                ended = day_of(one.answers.get("ended_on"))
            elif one.answers.get("what") == "renewed":
                ended = None
        return ended

    @property
    def quarters(self) -> str:
        """contract or calendar."""
        return str(self.latest.get("quarters") or "contract")

    @property
    def remind_at(self) -> time | None:
        """The owner's local time; None: not known."""
        try:
            return time.fromisoformat(str(self.latest.get("remind_at")))
        except ValueError:
            return None

    @property
    def timezone(self) -> str:
        """As typed; it may name no zone."""
        return str(self.latest.get("timezone") or "")


def can_be_said(name: str) -> bool:
    """Whether a name is one: some letter or digit, not only signs."""
    return any(sign.isalnum() for sign in name)


def contracts(owner: Owner) -> tuple[Contract, ...]:
    """The owner's contracts, in the order in which he entered them."""
    return tuple(
        Contract(
            signed=one,
            amended=tuple(sorted(_about(owner, CONTRACT, one.number), key=lambda kept: (_since(kept), kept.number))),
            changed=tuple(_about(owner, CHANGE, one.number)),
        )
        for one in sorted(signed(owner), key=lambda kept: kept.number)
    )


def signed(owner: Owner) -> list[Kept]:
    """The records of what was signed, without the new terms agreed later."""
    return [one for one in owner.records if one.kind == CONTRACT and abouts.of_record(one) is None]


def contract(owner: Owner, number: int) -> Contract | None:
    """The contract of this number."""
    return next((one for one in contracts(owner) if one.number == number), None)


def reviews(owner: Owner, number: int) -> Mapping[str, Kept]:
    """The reviews of a contract by period; the latest of each."""
    kept = _about(owner, REVIEW, number)
    return {about.period: one for one in kept if (about := abouts.of_record(one)) is not None and about.period}


def reviewed(owner: Owner, number: int) -> frozenset[str]:
    """The periods whose review came to a verdict."""
    return frozenset(
        period for period, one in reviews(owner, number).items() if one.result.get("verdict") != "not-enough-known"
    )


def of_kind(owner: Owner, kind: str, number: int) -> tuple[Kept, ...]:
    """The records of a dialog that are about a contract, in the order of their numbers."""
    return tuple(_about(owner, kind, number))


def _about(owner: Owner, kind: str, number: int) -> list[Kept]:
    found = [(one, abouts.of_record(one)) for one in owner.records if one.kind == kind]
    mine = [one for one, about in found if about is not None and about.contract == number]
    return sorted(mine, key=lambda one: one.number)


def _since(kept: Kept) -> str:
    about = abouts.of_record(kept)
    return "" if about is None else about.since


def day_of(kept: Any) -> date | None:
    """A day as JSON or an answer has it; None where it is none."""
    try:
        return date.fromisoformat(str(kept))
    except ValueError:
        return None


def _whole(kept: Any) -> int | None:
    try:
        return None if kept is None else int(Decimal(str(kept)))
    except (InvalidOperation, ValueError):
        return None
