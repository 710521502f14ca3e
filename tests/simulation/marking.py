"""The dialog under test: `dialogs.step` with a mark on each message, an event that fails, and one that reminds.

The mark names the event and the message's place among those of its turn, so that every delivery can be told apart. Each
event leaves its trace in the owner, so that none can count twice without being seen.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import knowledge
from bot.advisor import apology as its_apology
from bot.book import build
from dialogs.compile import Book
from dialogs.effects import Effect, SendMessage
from dialogs.events import Event, TextReceived
from dialogs.message import Line, Message
from dialogs.owner import Answer, Conversation, Owner
from dialogs.step import step as its_step
from dialogs.talk import Turn

FAILS = "boom"
REMINDS = "remind"
APOLOGY = "apology"

_SIGN = "#"
#: The number of a conversation that the program does not know.
_TRACE = 0


@cache
def book() -> Book:
    """The small dialog, without what answers questions: that takes seconds to load, and keeps nothing."""
    whole, _ = build(Path(__file__).with_name("dialogs"), Path(knowledge.__path__[0]), "telegram")
    return replace(whole, library=None)


def step(owner: Owner, event: Event) -> Turn:
    """As the program does it, with marks; `boom` raises, `remind` gives a message of the later lane."""
    if isinstance(event, TextReceived) and event.text == FAILS:
        raise ValueError("no luck")
    trace = owner.conversations.get(_TRACE, Conversation(number=_TRACE, flow="trace"))
    others = {number: one for number, one in owner.conversations.items() if number != _TRACE}
    turn = its_step(book(), replace(owner, conversations=others), event)
    effects = list(turn.effects)
    if isinstance(event, TextReceived) and event.text == REMINDS:
        effects.append(SendMessage(message=Message(lines=(Line(text="Time is up."),)), lane="reminder"))
    kept = replace(turn.owner, conversations={**turn.owner.conversations, _TRACE: _longer(trace, event)})
    return replace(turn, owner=kept, effects=tuple(_marked(effects, event)))


def _longer(trace: Conversation, event: Event) -> Conversation:
    answer = Answer(slot="event", how="given", value=event.id, raw=event.id, at=event.at)
    return replace(trace, answers=(*trace.answers, answer))


def _marked(effects: list[Effect], event: Event) -> list[Effect]:
    place, marked = 0, list[Effect]()
    for effect in effects:
        if isinstance(effect, SendMessage):
            line = Line(text=f"{_SIGN}{event.id}.{place}")
            effect = replace(effect, message=replace(effect.message, lines=(*effect.message.lines, line)))
            place += 1
        marked.append(effect)
    return marked


def apology(owner: Owner) -> Message:
    """What the owner of a failed event is told; it bears no mark."""
    return its_apology(book(), owner)


def mark_of(message: Message) -> str:
    """`EVENT.PLACE`, or APOLOGY."""
    last = message.lines[-1].text if message.lines else ""
    return last.removeprefix(_SIGN) if last.startswith(_SIGN) else APOLOGY
