"""A small dialog to store: each text is the next answer of conversation 1, and is echoed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dialogs.effects import Effect, Record, SendMessage
from dialogs.events import Event, TextReceived
from dialogs.message import Line, Message
from dialogs.owner import Answer, Conversation, Owner

NOW = datetime(2026, 11, 23, 1, 2, 3, 456, tzinfo=UTC)

APOLOGY = "sorry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    owner: Owner
    effects: tuple[Effect, ...] = ()


def saying(text: str) -> Message:
    return Message(lines=(Line(text=text),))


def apology(_owner: Owner) -> Message:
    return saying(APOLOGY)


def typed(id_: object, text: str = "10", chat: str = "wang", channel: str = "terminal") -> TextReceived:
    return TextReceived(id=str(id_), at=NOW, channel=channel, chat=chat, text=text)


def step(owner: Owner, event: Event) -> Turn:
    """ "boom" fails, "remind" says something in the other lane, "record" keeps a result; else it is an answer."""
    assert isinstance(event, TextReceived)
    if event.text == "boom":
        raise ValueError(f"no luck with {event.text}")
    before = owner.conversations.get(1, Conversation(number=1, flow="vet"))
    answer = Answer(slot=f"slot{len(before.answers)}", how="given", value={"v": [1]}, raw=event.text, at=event.at)
    after = replace(before, answers=(*before.answers, answer), draft=("a", "b"))
    changed = replace(owner, focus=1, conversations={**owner.conversations, 1: after})
    lane = "reminder" if event.text == "remind" else "reply"
    effects: list[Effect] = [SendMessage(message=saying(event.text), lane=lane)]
    if event.text == "record":
        effects.append(a_record(number=1 + len(owner.records), answers={"n": len(after.answers)}))
    return Turn(owner=changed, effects=tuple(effects))


def a_record(number: int = 1, **changed: object) -> Record:
    plain = {"kind": "vet", "subject": "agency", "answers": {}, "result": {"score": 1.5}, "flow_hash": "abc"}
    return Record(number=number, **{**plain, **changed})


def said(message: Message) -> str:
    return "".join(line.text for line in message.lines)
