"""Keeps the pieces of a round that came to nothing because of one of them: all the others, and that this one came.

Where the database itself fails meanwhile, nobody is blamed: the search ends, and what is not kept is tried again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace

from bot.dispatch import Kept
from bot.logs import log
from bot.round_work import Arrival, Piece, Work, facts, may_be_of_a_piece
from bot.tally import Tally
from dialogs.events import Event
from dialogs.owner import Owner
from storage.event_rows import cleaned
from storage.json_text import clean
from storage.rounds import Claiming, PassedOver, Settling
from storage.turns import Step, Turn


class Apart:
    """One search. `run` does a round; `saved` gets the ids of the pieces that are kept."""

    def __init__(
        self, run: Callable[[Work], Awaitable[None]], claiming: Claiming, saved: set[int], tally: Tally
    ) -> None:
        self._run = run
        self._claiming = claiming
        self._saved = saved
        self._tally = tally

    async def keep(self, pieces: Sequence[Piece]) -> None:
        """Keep the arrivals although one of them cannot be kept; raises errors of the database or the machine."""
        if len(pieces) == 1:
            await self._alone(pieces[0])
            return
        middle = len(pieces) // 2
        for half in (pieces[:middle], pieces[middle:]):
            if await self._refused(half) is not None:
                await self.keep(half)

    async def _alone(self, piece: Piece) -> None:
        """As it is, once more, since something else may have been at fault; else as much of it as can be kept."""
        refused = await self._refused([piece])
        if refused is None:
            return
        log("not-kept", "error", **facts(refused), piece=_name(piece))
        for mild, step in _milder(piece, refused):
            last = await self._refused([mild], step)
            if last is None:
                self._tally.failed_events += _is_failed(mild)
                self._saved.add(id(piece))
                return
            refused = last
        if isinstance(piece, Arrival) and piece.event is not None:
            # Not even that it came can be kept: it is to be delivered again.
            raise refused
        self._saved.add(id(piece))

    async def _refused(self, pieces: Sequence[Piece], step: Step | None = None) -> Exception | None:
        """Try to keep these; what was wrong with them, or None."""
        arrivals = [one for one in pieces if isinstance(one, Arrival)]
        kept = Kept(settling=[one for one in pieces if isinstance(one, Settling)])
        try:
            await self._run(Work(arrivals=arrivals, kept=kept, claiming=self._claiming, step=step))
        except Exception as error:
            if not may_be_of_a_piece(error):
                raise
            return error
        self._saved.update(map(id, pieces))
        return None


def _milder(piece: Piece, error: Exception) -> Iterator[tuple[Piece, Step | None]]:
    """What may be kept of a piece that cannot be kept as it is, the most first, and how its event is answered."""
    if isinstance(piece, Settling):
        yield replace(piece, message=None), None
    elif piece.event is not None:
        # As an event that cannot be answered: whoever sent it is told, and it may be tried again later.
        yield piece, _failing(error)
        yield Arrival(passed=_bare(piece.event, error)), None
    elif piece.passed is not None:
        passed = replace(piece.passed, channel=clean(piece.passed.channel), event=clean(piece.passed.event), raw="")
        yield Arrival(passed=passed), None


def _failing(error: Exception) -> Step:
    def step(_owner: Owner, _event: Event) -> Turn:
        raise error

    return step


def _bare(event: Event, error: Exception) -> PassedOver:
    """That it came, without what it was."""
    tidy = cleaned(event)
    return PassedOver(
        channel=tidy.channel, event=tidy.id, state="failed", kind=type(event).__name__, raw="{}",
        error=type(error).__name__, at=event.at,
    )  # fmt: skip


def _is_failed(piece: Piece) -> bool:
    return isinstance(piece, Arrival) and piece.passed is not None and piece.passed.state == "failed"


def _name(piece: Piece) -> str:
    """Which of the pieces it was, without anybody's words."""
    if isinstance(piece, Arrival) and piece.event is not None:
        return type(piece.event).__name__
    return type(piece).__name__.lower()
