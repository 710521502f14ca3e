"""What one round has to do, as a whole and in pieces that can be kept by themselves.

Not its job: doing it (`rounds`), telling a piece that cannot be kept from the others (`apart`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.dispatch import Kept
from dialogs.events import Event
from storage.errors import StatementRefused, StorageError
from storage.rounds import Claiming, PassedOver, Round, Settling
from storage.snapshot import Place
from storage.turns import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One thing that came in: an event to answer, something to pass over, or a change of a chat."""

    event: Event | None = None
    language: str | None = None
    passed: PassedOver | None = None
    parked: Place | None = None
    returned: Place | None = None
    moved: tuple[str, str, str] | None = None


#: What can be kept by itself.
Piece = Arrival | Settling


@dataclass(slots=True, kw_only=True)
class Work:
    """What waits. Its events are answered by `step` where there is one, else as all are."""

    arrivals: Sequence[Arrival]
    claiming: Claiming
    kept: Kept = field(default_factory=Kept)
    touch: int | None = None
    step: Step | None = None
    #: That of what was held when this was begun.
    epoch: int = 0

    def __bool__(self) -> bool:
        """Whether anything is surely written."""
        return bool(self.arrivals or self.kept or self.touch is not None)

    def pieces(self) -> list[Piece]:
        """All of it but claims, in the order in which it is done."""
        chats = [Arrival(parked=place) for place in self.kept.parked] + [
            Arrival(moved=move) for move in self.kept.moved
        ]
        return [*self.kept.settling, *chats, *self.arrivals]


def may_be_of_a_piece(error: Exception) -> bool:
    """Whether a piece may be at fault, not the database or the machine: then the others are tried without it."""
    if isinstance(error, StorageError):
        return isinstance(error, StatementRefused)
    return not isinstance(error, OSError | MemoryError)


def round_of(work: Work, now: datetime) -> Round:
    """As the store takes it."""
    told = [(one.event, one.language) for one in work.arrivals if one.event is not None]
    return Round(
        now=now,
        claiming=work.claiming,
        events=[event for event, _ in told],
        languages={(event.channel, event.chat): language for event, language in told if language},
        passed=[one.passed for one in work.arrivals if one.passed is not None],
        settling=work.kept.settling,
        woken=work.kept.woken,
        parked=[*work.kept.parked, *(one.parked for one in work.arrivals if one.parked is not None)],
        returned=_returned(work.arrivals),
        moved=[*work.kept.moved, *(one.moved for one in work.arrivals if one.moved is not None)],
        touch=work.touch,
    )


def _returned(arrivals: Sequence[Arrival]) -> list[Place]:
    """Who let us in again, and has not left since."""
    is_in: dict[Place, bool] = {}
    for arrival in arrivals:
        place = arrival.parked or arrival.returned
        if place is not None:
            is_in[place] = arrival.parked is None
    return [place for place, here in is_in.items() if here]


def facts(error: Exception) -> dict[str, str]:
    """What the log says of an error: its own words may hold an owner's."""
    code = error.code if isinstance(error, StorageError) else ""
    kind = "sqlite" if code.startswith("SQLITE") else "sqlstate"
    return {"error": type(error).__name__, **({kind: code} if code else {})}
