"""The command that gives a letter to send to an agency. What stands in it: `dialogs/documents/letters`."""

from __future__ import annotations

from dialogs import presses
from dialogs.loop import contracts
from dialogs.loop.contracts import CONTRACT, Contract
from dialogs.message import Button, Message
from dialogs.talk import Talk, Turn

#: The letters that a contract is written from; the one for the hand-over comes from the list of what is open, too.
LETTERS = ("letter-refund", "letter-notice", "letter-handover")


def letter(talk: Talk, argument: str = "") -> Turn:
    """Which letter, and where there are several contracts for which one, by its number."""
    mine = contracts.contracts(talk.owner)
    chosen = contracts.contract(talk.owner, int(argument)) if argument.isdigit() else None
    if chosen is None and len(mine) == 1:
        chosen = mine[0]
    if chosen is not None:
        return _letters(talk, chosen)
    if not mine:
        return talk.say("letter-no-contract")
    rows = [(Button(label=one.name, press=presses.command("letter", str(one.number))),) for one in mine]
    return talk.turn(Message(lines=(talk.speaker.line("letter-which"),), buttons=tuple(rows), numbered=True))


def _letters(talk: Talk, one: Contract) -> Turn:
    rows = [
        (
            Button(
                label=talk.speaker.phrase(f"act-{name}"),
                press=presses.command("document", f"{name} {CONTRACT} {one.number}"),
            ),
        )
        for name in LETTERS
    ]
    heading = talk.speaker.line("letter-heading", "heading", name=one.name)
    return talk.turn(Message(lines=(heading,), buttons=tuple(rows), numbered=True))
