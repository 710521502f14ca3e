"""What an owner wishes of his reminders, and which went out: kept as a record a contract, and one for all of them.

Not its job: when reminders are due (`scheduler`), their words (`reminding`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from dialogs.effects import Record
from dialogs.owner import Kept, Owner

KIND = "reminding"
#: The number of the record that holds for all contracts; it is also that of what belongs to no contract.
ALL = 0
#: Keys of reminders that are remembered as sent; older ones are never planned again.
MOST_SENT = 60
#: Between the days of two zones at one moment.
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """`sent` has the local day (ISO) by `key`; `snoozed`, by period and kind, after which and until which day.

    `since` is the moment (ISO) from which reminders count; `duties`: the monthly checklist is on.
    """

    contract: int
    sent: Mapping[str, str] = field(default_factory=dict[str, str])
    snoozed: Mapping[str, tuple[int, str | None]] = field(default_factory=dict[str, tuple[int, str | None]])
    muted: bool = False
    since: str = ""
    duties: bool = False
    blackouts: tuple[str, ...] = ()

    def with_sent(self, key: str, day: str) -> Wishes:
        """It went out on this day."""
        kept = list({**self.sent, key: day}.items())[-MOST_SENT:]
        return replace(self, sent=dict(kept))

    def without_sent(self, day: date) -> Wishes:
        """What seemed to go out on this day, by whichever zone, did not."""
        kept = {key: sent for key, sent in self.sent.items() if abs(date.fromisoformat(sent) - day) > _ONE_DAY}
        return replace(self, sent=kept)

    def record(self) -> Record:
        """As it is kept."""
        answers = {
            "sent": dict(self.sent), "snoozed": {name: list(wish) for name, wish in self.snoozed.items()},
            "muted": self.muted, "since": self.since, "duties": self.duties, "blackouts": list(self.blackouts),
        }  # fmt: skip
        return Record(kind=KIND, number=self.contract, subject="", answers=answers, result={}, flow_hash="")


def stretch(first: date, last: date) -> str:
    """What days that an owner keeps free are kept as among `blackouts`."""
    return f"{first.isoformat()}..{last.isoformat()}"


def stretch_of(name: str) -> tuple[date, date] | None:
    """The first and the last day of such a name; None where it is another."""
    first, _, last = name.partition("..")
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None


def key(period: str, kind: str, nth: int) -> str:
    """What one reminder of a contract is known by."""
    return f"{period}/{kind}/{nth}"


def wishes(owner: Owner, contract: int) -> Wishes:
    """What is kept for a contract; as for a new one where nothing is."""
    kept = next((one for one in owner.records if (one.kind, one.number) == (KIND, contract)), None)
    return Wishes(contract=contract) if kept is None else _of(kept)


def _of(kept: Kept) -> Wishes:
    answers: Mapping[str, Any] = kept.answers
    return Wishes(
        contract=kept.number,
        sent=dict(answers.get("sent", {})),
        snoozed={name: (int(wish[0]), wish[1]) for name, wish in answers.get("snoozed", {}).items()},
        muted=bool(answers.get("muted")),
        since=str(answers.get("since", "")),
        duties=bool(answers.get("duties")),
        blackouts=tuple(answers.get("blackouts", ())),
    )
