"""Terms and progress of a contract, out of what is kept on its owner."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import cast

from dialogs.kinds.zone import named
from dialogs.loop import contracts
from dialogs.loop.contracts import Contract
from dialogs.loop.wishes import wishes
from dialogs.owner import Owner
from scheduler.reminder import Kind, Progress, Snooze, Step
from scheduler.terms import Terms

DEFAULT_HOUR = time(10)
DEFAULT_ZONE = "Asia/Shanghai"


def terms_of(owner: str, contract: Contract, zone: str = DEFAULT_ZONE) -> Terms | None:
    """None where the first day is not known or cannot be planned by. `zone` counts where the contract names none."""
    if contract.starts_on is None:
        return None
    hour = contract.remind_at or DEFAULT_HOUR
    try:
        return Terms(
            owner=owner,
            contract=contract.number,
            starts_on=contract.starts_on,
            term_months=contract.term_months,
            ended_on=contract.ended_on,
            quarters="calendar" if contract.quarters == "calendar" else "contract",
            remind_at=hour.replace(second=0, microsecond=0),
            timezone=zone_of(contract.timezone, zone),
        )
    except ValueError:
        return None


def progress_of(owner: Owner, contract: Contract) -> Progress:
    """What has become of the contract's reminders so far."""
    wish = wishes(owner, contract.number)
    sent = ((_step(name), date.fromisoformat(day)) for name, day in wish.sent.items())
    return Progress(
        since=datetime.fromisoformat(wish.since) if wish.since else None,
        sent={step: day for step, day in sent if step[1] in ("review", "ending")},
        reviewed=contracts.reviewed(owner, contract.number),
        snoozed={_period(name): _snooze(*snoozed) for name, snoozed in wish.snoozed.items()},
        muted=wish.muted,
    )


def _step(name: str) -> Step:
    period, kind, nth = name.split("/")
    return period, cast("Kind", kind), int(nth)


def _period(name: str) -> tuple[str, Kind]:
    period, kind = name.split("/")
    return period, cast("Kind", kind)


def _snooze(after: int, until: str | None) -> Snooze:
    return Snooze(after=after, until=None if until is None else date.fromisoformat(until))


def zone_of(kept: str, otherwise: str) -> str:
    """The zone that was kept, or typed when any text was taken; else `otherwise`."""
    return named(kept) or otherwise
