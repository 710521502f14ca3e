"""Asks whether a name means an agency that is known under a near one, and takes in what the owner says.

Not its job: which names are near, and what was said before (`who`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dialogs import presses
from dialogs.effects import Record
from dialogs.loop import who
from dialogs.loop.contracts import CONTRACT, Contract
from dialogs.loop.reminding import with_record
from dialogs.loop.who import VET
from dialogs.message import Button, Message
from dialogs.owner import Conversation
from dialogs.presses import control
from dialogs.talk import Talk, Turn

#: The dialogs whose name is an agency's.
NAMING = frozenset({VET, CONTRACT})
#: The acts of the buttons.
SAME, ANOTHER = "same", "another"


def near(talk: Talk, conversation: Conversation, name: str) -> tuple[str, ...]:
    """The known names that this one may mean, which the owner is to be asked about."""
    if conversation.flow not in NAMING:
        return ()
    own = {
        one.subject for one in talk.owner.records
        if (one.kind, one.number) == (conversation.flow, conversation.record)
    }  # fmt: skip
    return who.near_names(talk.owner, name, (one for one in who.known(talk.owner) if one not in own))


def ask(talk: Talk, conversation: Conversation, slot: str, name: str, others: Sequence[str]) -> Turn:
    """Whether the name means one of the others; it waits as the draft of the conversation."""
    here = talk.focused(replace(conversation, draft=(name,), shown=slot, flow_hash=talk.flow(conversation).hash))
    known, phrase = who.known(talk.owner), talk.speaker.phrase
    key = "who-several" if len(others) > 1 else "who-vetted" if known[others[0]][0] == VET else "who-signed"
    rows = [
        (Button(label=phrase("act-who-same", other=one), press=_press(conversation, slot, *known[one])),)
        for one in others
    ]
    rows.append((Button(label=phrase("act-who-another"), press=control(conversation.number, slot, ANOTHER)),))
    line = talk.speaker.line(key, "plain", name=name, other=others[0])
    return here.turn(Message(lines=(line,), buttons=tuple(rows), numbered=True))


def meant(talk: Talk, act: str) -> str | None:
    """The known name that a button stands for; None where it is there no more, or the button means none."""
    _, kind, number = (*act.split("."), "", "")[:3]
    return next((name for name, of in who.known(talk.owner).items() if of == (kind, _number(number))), None)


def noted(talk: Talk, records: Iterable[Record]) -> Talk:
    """As if these were kept already."""
    for record in records:
        talk = replace(talk, owner=with_record(talk, record))
    return talk


def told(talk: Talk, one: Contract, number: str) -> Turn:
    """A button under a contract: it is the agency that was vetted as this record; "": it is none of them."""
    vetted = {str(kept.number): kept.subject for kept in who.vetted(talk.owner)}
    if number and number not in vetted:
        return talk.say("button-expired")
    if number:
        records = [who.said(talk.owner, one.name, vetted[number], same=True)]
        turn = talk.say("who-noted-same", name=one.name, other=vetted[number])
    else:
        records = apart(talk, one.name, who.near_names(talk.owner, one.name, vetted.values()))
        turn = talk.say("who-noted-another", name=one.name)
    return replace(turn, effects=(*records, *turn.effects))


def apart(talk: Talk, name: str, others: Iterable[str]) -> list[Record]:
    """What keeps that the name means none of the others."""
    records = list[Record]()
    for other in others:
        records.append(who.said(noted(talk, records).owner, name, other, same=False))
    return records


def _press(conversation: Conversation, slot: str, kind: str, number: int) -> str:
    return presses.control(conversation.number, slot, f"{SAME}.{kind}.{number}")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
