"""What waits for an owner to be done, offered at the head of the menu: quarters to review, hand-overs to go on with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from dialogs import presses
from dialogs.loop import contracts, leaving, quarter_names
from dialogs.loop.contracts import EXIT, REVIEW, Contract
from dialogs.message import Button, Line
from dialogs.talk import Talk, Turn

#: What ended longer ago is asked for by nobody.
RECENT = timedelta(days=200)


def menu(talk: Talk, *before: Line) -> Turn:
    """What can be done, with what waits for the owner first; the lines `before` come before all."""
    return talk.menu(*before, first=_waiting(talk))


def _waiting(talk: Talk) -> tuple[tuple[Button, ...], ...]:
    """A button a row: of each contract the oldest quarter that is open, then the lists that are not done."""
    reviews = (button for one in contracts.contracts(talk.owner) for button in _review(talk, one))
    return tuple((button,) for button in (*reviews, *_exits(talk)))


def _review(talk: Talk, one: Contract) -> Iterable[Button]:
    today, done = talk.speaker.today, contracts.reviewed(talk.owner, one.number)
    for quarter in talk.book.calendar.quarters(one, today):
        if today - RECENT <= quarter.ends_on < today and quarter.period not in done:
            name = quarter_names.short(talk.speaker, quarter.period)
            label = talk.speaker.phrase("act-review-of", name=one.name, quarter=name)
            yield Button(label=label, press=presses.command(REVIEW, f"{one.number} {quarter.period}"))
            return


def _exits(talk: Talk) -> Iterable[Button]:
    for kept in leaving.open_lists(talk):
        label = talk.speaker.phrase("exit-go-on", name=kept.subject)
        yield Button(label=label, press=presses.command(EXIT, f"={EXIT}-{kept.number}"))
