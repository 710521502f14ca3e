"""What should have happened, by a dict of owners and a list of messages: no database, no repeats, no crash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from dialogs.effects import DropRecord, ForgetOwner, Record, SendMessage
from dialogs.events import Event
from dialogs.message import Message
from dialogs.owner import Kept, Owner
from tests.simulation.marking import APOLOGY, apology, mark_of, step


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A message that is to arrive; `forgotten`: its owner was forgotten after it, so that it need not."""

    mark: str
    lane: str
    message: Message
    forgotten: bool = False


@dataclass(slots=True)
class Reference:
    """Each chat's owner, and what he is to be told, in order."""

    owners: dict[str, Owner] = field(default_factory=dict[str, Owner])
    told: dict[str, list[Expected]] = field(default_factory=dict[str, list[Expected]])

    def owner(self, chat: str) -> Owner:
        """He as he is now; somebody new as he would begin."""
        return self.owners.get(chat, Owner(channel="telegram", chat=chat))

    def take_all(self, events: Iterable[Event]) -> Reference:
        """Each event once, by its id, in this order."""
        seen = set[str]()
        for event in events:
            if event.id not in seen:
                self._take(event)
            seen.add(event.id)
        return self

    def _take(self, event: Event) -> None:
        told = self.told.setdefault(event.chat, [])
        before = self.owner(event.chat)
        try:
            turn = step(before, event)
        except ValueError:
            told.append(Expected(mark=APOLOGY, lane="reply", message=apology(before)))
            self.owners[event.chat] = before
            return
        says = [effect for effect in turn.effects if isinstance(effect, SendMessage)]
        if any(isinstance(effect, ForgetOwner) for effect in turn.effects):
            self.owners.pop(event.chat, None)
            told[:] = [Expected(mark=one.mark, lane=one.lane, message=one.message, forgotten=True) for one in told]
        else:
            self.owners[event.chat] = _with_records(turn.owner, turn.effects, event)
        told += [Expected(mark=mark_of(one.message), lane=one.lane, message=one.message) for one in says]


def _with_records(owner: Owner, effects: Iterable[object], event: Event) -> Owner:
    kept = {(one.kind, one.number): one for one in owner.records}
    for effect in effects:
        match effect:
            case Record():
                kept[effect.kind, effect.number] = Kept(
                    kind=effect.kind, number=effect.number, subject=effect.subject, answers=effect.answers,
                    result=effect.result, flow_hash=effect.flow_hash, at=effect.at or event.at,
                )  # fmt: skip
            case DropRecord():
                kept.pop((effect.kind, effect.number), None)
            case _:
                pass
    return replace(owner, records=tuple(kept[key] for key in sorted(kept)))
