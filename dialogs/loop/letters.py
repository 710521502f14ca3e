"""The command that gives a letter to send to an agency. What stands in it: `dialogs/documents/letters`."""

from __future__ import annotations

from dialogs import presses
from dialogs.loop import contracts
from dialogs.loop.contracts import CONTRACT, EXIT, Contract
from dialogs.loop.leaving import DAY
from dialogs.loop.leaving_day import latest_list, leaving_day
from dialogs.message import Button, Message
from dialogs.talk import Talk, Turn

#: The letters that a contract is written from; the one for the hand-over comes from the list of what is open, too.
LETTERS = ("letter-refund", "letter-notice", "letter-handover")


#: Those that name the last day.
WITH_A_DAY = frozenset({"letter-notice", "letter-handover"})


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
    rows = [(Button(label=talk.speaker.phrase(f"act-{name}"), press=press(talk, one, name)),) for name in LETTERS]
    lines = [talk.speaker.line("letter-heading", "heading", name=one.name)]
    lines += [] if _is_decided(talk, one) else [talk.speaker.line("letter-day-first", "quiet")]
    return talk.turn(Message(lines=tuple(lines), buttons=tuple(rows), numbered=True))


def press(talk: Talk, one: Contract, name: str) -> str:
    """What gives the letter; where it needs the day of leaving and that is open, what asks for the day."""
    if name in WITH_A_DAY and not _is_decided(talk, one):
        return presses.command(EXIT, f"{one.number} {DAY}")
    return presses.command("document", f"{name} {CONTRACT} {one.number}")


def _is_decided(talk: Talk, one: Contract) -> bool:
    listed = latest_list(talk.owner, one.number)
    return leaving_day(talk.owner, one, listed, talk.book.calendar).day is not None
