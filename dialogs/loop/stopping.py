"""Stops all reminders of an owner at one word; each can be switched on again where they are listed.

Not its job: the reminders of one contract (`reminding`).
"""

from __future__ import annotations

from dataclasses import replace

from dialogs.effects import CancelReminders, Effect, PlanReminders
from dialogs.loop import contracts, reminding
from dialogs.loop.wishes import ALL, wishes
from dialogs.talk import Talk, Turn


def stop(talk: Talk, argument: str = "") -> Turn:
    """No reminder of anything any more, until he wants one again."""
    effects = list[Effect]()
    here = talk
    for number in (ALL, *(one.number for one in contracts.contracts(talk.owner))):
        record = replace(wishes(talk.owner, number), muted=True).record()
        here = replace(here, owner=reminding.with_record(here, record))
        effects += [record, CancelReminders(contract=number)]
    turn = reminding.dates(here, talk.speaker.line("done-stop", "plain"))
    return replace(turn, owner=talk.owner, effects=(*effects, PlanReminders(), *turn.effects))
