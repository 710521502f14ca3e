"""Random talks: what a person may do next, given the messages so far, and what comes of it.

Not its job: judging it (`test_step`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from dialogs.commands import COMMANDS
from dialogs.effects import Effect, Record, SendMessage
from dialogs.events import ButtonPressed, CommandGiven, Event, TextReceived
from dialogs.flow import Flow
from dialogs.kinds import words
from dialogs.message import Message
from dialogs.owner import Conversation, Kept, Owner
from dialogs.step import step
from storage import snapshot
from tests.laws import cases
from tests.laws.cases import NOW

#: What nobody should type and somebody will.
ODD = (
    "", " ", "?", "0", "-1", "1e9", "9" * 80, "½", "{name}", "<b>&", "\ud800", "\x00", "\u202e12", "٣", "🙂" * 30,
    "a:1:b:c", "/", "m::", "1.2.3", "1-2", "10%-20%", "\n\n", "none", "all", "NaN", "12345678901234567890",
)  # fmt: skip
ODD_PRESSES = (
    "", ":", "a:1", "a:1:owner_time:", "a:1:owner_time:nobody", "a:9:x:y", "t:1:functions:x:1", "c:1::answers",
    "c:1:owner_time:fly", "v:1:monthly_budget:abc", "m:language:xx", "m::", "a:²:b:c", "x" * 64, "c:1:team:done",
    "t:1:team:none:1", "c:1:functions:edit", "c:0::continue", "c:-1:a:b", "m:vet:new", "c:1:name:done",
)  # fmt: skip
ARGUMENTS = ("", "", "new", "1", "en", "all", "x")


@dataclass(slots=True)
class Person:
    """One owner in a talk; `messages` are all that was said to him. `reloads`: saved and read between two inputs."""

    owner: Owner = field(default_factory=lambda: Owner(channel="test", chat="1", language="en"))
    messages: list[Message] = field(default_factory=list[Message])
    reloads: bool = False

    def does(self, event: Event) -> tuple[Effect, ...]:
        """What comes of it."""
        turn = step(cases.book(), self.owner, event)
        self.owner = _reloaded(turn.owner, turn.effects) if self.reloads else _kept(turn.owner, turn.effects)
        self.messages += [effect.message for effect in turn.effects if isinstance(effect, SendMessage)]
        return turn.effects

    def says(self, text: str) -> tuple[Effect, ...]:
        """He types it."""
        return self.does(TextReceived(id="1", at=NOW, channel="test", chat="1", text=text))

    def presses(self, press: str) -> tuple[Effect, ...]:
        """He taps it."""
        return self.does(ButtonPressed(id="1", at=NOW, channel="test", chat="1", press=press))

    def commands(self, name: str, argument: str = "") -> tuple[Effect, ...]:
        """He gives a slash command."""
        return self.does(CommandGiven(id="1", at=NOW, channel="test", chat="1", name=name, argument=argument))

    @property
    def conversation(self) -> Conversation | None:
        """The one in focus."""
        return self.owner.conversations.get(self.owner.focus)


def buttons(messages: Sequence[Message]) -> list[str]:
    """All that can be pressed in them."""
    return [button.press for message in messages for row in message.buttons for button in row]


def _kept(owner: Owner, effects: Sequence[Effect]) -> Owner:
    """With the records that the turn makes, as the store adds them."""
    records = {(record.kind, record.number): record for record in owner.records}
    for effect in effects:
        if isinstance(effect, Record):
            records[effect.kind, effect.number] = Kept(
                kind=effect.kind, number=effect.number, subject=effect.subject, answers=effect.answers,
                result=effect.result, flow_hash=effect.flow_hash, at=NOW,
            )  # fmt: skip
    return replace(owner, records=tuple(records[key] for key in sorted(records)))


def _reloaded(owner: Owner, effects: Sequence[Effect]) -> Owner:
    """The same through the rows of the database."""
    conversations = [snapshot.conversation_row(1, one, NOW) for one in owner.conversations.values()]
    records = [snapshot.record_row(1, effect, NOW) for effect in effects if isinstance(effect, Record)]
    return snapshot.after(owner, conversations, records)


def events(random: Random, person: Person, count: int) -> Iterator[Event]:
    """What he does, one thing after the other, each looking at what was said until then."""
    about = {"at": NOW, "channel": "test", "chat": "1"}
    for number in range(count):
        near = buttons(person.messages[-2:])
        fate = random.random()
        if near and fate < 0.5:
            yield ButtonPressed(id=str(number), press=random.choice(near), **about)
        elif fate < 0.58:
            yield ButtonPressed(id=str(number), press=random.choice([*buttons(person.messages), *ODD_PRESSES]), **about)
        elif fate < 0.9:
            yield TextReceived(id=str(number), text=text(random, person), **about)
        else:
            name = random.choice([*COMMANDS, *cases.book().flows, "nothing"])
            yield CommandGiven(id=str(number), name=name, argument=random.choice(ARGUMENTS), **about)


def text(random: Random, person: Person) -> str:
    """An answer to what is asked, a word for a command, or anything."""
    conversation = person.conversation
    fate = random.random()
    if conversation is not None and fate < 0.75:
        return answer(random, cases.book().flows[conversation.flow], conversation.shown)
    if fate < 0.85:
        return random.choice(sorted(words.known("commands", random.choice(words.keys("commands")))))
    return random.choice((*ODD, random.choice(sorted(words.known("not_sure"))), chr(random.randrange(1, 0x11000))))


def answer(random: Random, flow: Flow, slot: str) -> str:
    """Something that may be typed for the question, in any of the ways it names."""
    question = flow.by_slot.get(slot, flow.questions[0])
    said = [*question.examples, *(name for option in question.options for name in words.names(option))]
    if question.kind in cases.AMOUNTS:
        typed = cases.typed_value(question, cases.random_value(question, random))
        return random.choice([*said, typed, str(random.randint(0, 10**6))])
    if question.kind == "many":
        return random.choice((", ", " ", "、")).join(random.choices(said, k=random.randint(1, 3)))
    return random.choice([*said, "A", "2026-03-01", "10:00", str(random.randint(1, 1 + len(question.options)))])
