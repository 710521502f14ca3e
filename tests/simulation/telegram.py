"""Telegram as the simulator has it: people who act, updates that come again, sends that go wrong. No HTTP, no waiting.

What it models is `reliability.md`'s list of facts: queues by chat and by sort, redelivery until confirmed, ids that
begin anew elsewhere, no key for sends, so that one that was cut off may have arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from dialogs import presses
from dialogs.events import ButtonPressed, CommandGiven, Event, TextReceived
from dialogs.message import Message
from tests.simulation.clock import Clock
from tests.simulation.marking import FAILS, REMINDS, mark_of

TEXTS = ("1", "2", "10万", "三成", "不知道", "天猫", "怎么收费？", "<b>&", "", FAILS, REMINDS, REMINDS)
COMMANDS = (
    "lamps", "lamps", "lamps", "lamps", "menu", "back", "cancel", "answers", "summary", "later", "privacy", "forget",
    "nonsense",
)  # fmt: skip

#: What becomes of a send: arrived: it did; cut: it arrived or not, and nobody says; the others did not arrive.
Fate = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message that a person got, by the outbox's number for it."""

    chat: str
    id: int
    message: Message
    at: float


@dataclass(slots=True)
class Person:
    """Somebody in a chat of his own."""

    chat: str
    #: Each with its number.
    shown: list[tuple[int, Message]] = field(default_factory=list[tuple[int, Message]])
    blocked: bool = False


class Telegram:
    """The platform. With `calm` nothing goes wrong; `trouble` makes it so many times likelier that a send does."""

    def __init__(self, chance: Random, clock: Clock, people: int, trouble: float = 1) -> None:
        self.people = {chat: Person(chat) for chat in (str(1000 + number) for number in range(people))}
        self.calm = False
        self.posted: list[Event] = []
        self.log: list[Delivery] = []
        #: Outbox numbers of sends of which nobody can know whether they arrived, one entry a time.
        self.cut: list[int] = []
        self.told_blocked: set[int] = set()
        #: Messages that others send, too, since a sender was taken for dead: what that one is told, nobody hears.
        self.given_up: list[int] = []
        #: The mark of each message that a send was tried of, by the outbox's number.
        self.marks: dict[int, str] = {}
        #: Who is to leave us alone until a steady second: "LANE CHAT", or a process for all that it sends.
        self.leave_alone: dict[str, float] = {}
        self.findings: list[str] = []
        self._chance = chance
        self._trouble = trouble
        self._clock = clock
        self._next = 100_000
        self._pending: list[Event] = []
        self._busy: dict[str, str] = {}
        self._given: set[str] = set()

    # ---- People

    def somebody_acts(self) -> None:
        """One of them types, commands, presses something old or new, leaves or comes back."""
        person = self._chance.choice(list(self.people.values()))
        if self._chance.random() < 0.01:
            person.blocked = not person.blocked
        event = self._pressed(person) if self._chance.random() < 0.5 else None
        self._post(event or self._typed(person))

    def _typed(self, person: Person) -> Event:
        told = {"id": self._id(), "at": self._clock(), "channel": "telegram", "chat": person.chat}
        if self._chance.random() < 0.35:
            return CommandGiven(name=self._chance.choice(COMMANDS), **told)
        return TextReceived(text=self._chance.choice(TEXTS), **told)

    def _pressed(self, person: Person) -> Event | None:
        with_buttons = [(number, message) for number, message in person.shown if message.buttons]
        if not with_buttons:
            return None
        number, message = with_buttons[-1] if self._chance.random() < 0.8 else self._chance.choice(with_buttons)
        presses_there = [button.press for row in message.buttons for button in row]
        answers = [press for press in presses_there if press[0] in "at"]
        press = self._chance.choice(answers if answers and self._chance.random() < 0.6 else presses_there)
        forged = self._chance.random() < 0.03
        return ButtonPressed(
            id=self._id(), at=self._clock(), channel="telegram", chat=person.chat,
            press=presses.option(77, "trade", "factory") if forged else press, under=number,
        )  # fmt: skip

    def _id(self) -> str:
        # After a quiet week the numbers begin anew anywhere, lower ones too; they are never used twice.
        if self._chance.random() < 0.02:
            self._next = self._chance.randrange(1, 10**9)
        while str(self._next) in self._given:
            self._next += 1
        self._given.add(str(self._next))
        return str(self._next)

    def _post(self, event: Event) -> None:
        self.posted.append(event)
        place = len(self._pending)
        # A text and a press of one chat stand in two queues, so that either may come first.
        last = self._pending[-1] if self._pending else None
        swaps = last is not None and self._queue(last) not in self._busy and self._queue(last) != self._queue(event)
        self._pending.insert(place - 1 if swaps and self._chance.random() < 0.3 else place, event)

    # ---- Updates

    @property
    def idle(self) -> bool:
        """Nothing waits to be fetched."""
        return not self._pending

    def poll(self) -> Sequence[Event]:
        """All that is not confirmed, as to one who asks with the offset that he confirmed last."""
        return tuple(self._pending[:100])

    def call_hook(self, process: str) -> Sequence[Event]:
        """The heads of some queues that nobody is busy with; none of them comes again before it is answered."""
        heads: dict[str, Event] = {}
        for event in self._pending:
            heads.setdefault(self._queue(event), event)
        free = [queue for queue in heads if queue not in self._busy]
        some = self._chance.sample(free, self._chance.randint(0, len(free)))
        self._busy |= dict.fromkeys(some, process)
        return tuple(heads[queue] for queue in some)

    def confirm(self, events: Iterable[Event]) -> None:
        """They need not come again; now and then that is lost, or one comes again nevertheless."""
        for event in events:
            self._busy.pop(self._queue(event), None)
            lost = not self.calm and self._chance.random() < 0.05
            if not lost and event in self._pending:
                self._pending.remove(event)
        if self.posted and not self.calm and self._chance.random() < 0.05:
            self._pending.append(self._chance.choice(self.posted))

    def hang_up(self, process: str) -> None:
        """The process is gone, or said 503: what it was busy with is free."""
        self._busy = {queue: busy for queue, busy in self._busy.items() if busy != process}

    @staticmethod
    def _queue(event: Event) -> str:
        return f"{event.chat} {'press' if isinstance(event, ButtonPressed) else 'text'}"

    # ---- Sends

    def send(self, process: str, lane: str, chat: str, id_: int, message: Message) -> tuple[Fate, float, int]:
        """What becomes of it: sent, cut, busy (leave the chat, or all, alone for some seconds), unreached, blocked.

        With the seconds to wait, and the number of a message that was shown.
        """
        self.marks[id_] = mark_of(message)
        # The wait of a message is that of its lane: an answer is not held up by a reminder.
        self._watch(f"{lane} {chat}")
        self._watch(process)
        fate, wait = self._fate(chat)
        if wait and id_ not in self.given_up:
            self.leave_alone[process if fate == "busy-all" else f"{lane} {chat}"] = self._clock.steady + wait
        if fate == "blocked":
            self.told_blocked.add(id_)
        if fate == "cut":
            self.cut.append(id_)
        if fate == "sent" or (fate == "cut" and self._chance.random() < 0.5):
            self.log.append(Delivery(chat=chat, id=id_, message=message, at=self._clock.steady))
            self.people[chat].shown.append((len(self.log), message))
        return fate, wait, len(self.log)

    def _fate(self, chat: str) -> tuple[Fate, float]:
        if self.people[chat].blocked:
            return "blocked", 0
        roll = 1.0 if self.calm else self._chance.random() / self._trouble
        if roll < 0.04:
            return ("busy-all" if roll < 0.01 else "busy"), float(self._chance.randint(1, 40))
        return ("cut", 0) if roll < 0.09 else ("unreached", 0) if roll < 0.12 else ("sent", 0)

    def _watch(self, whose: str) -> None:
        until = self.leave_alone.get(whose, 0.0)
        if self._clock.steady < until:
            self.findings.append(f"early: {whose} sent at {self._clock.steady:.1f}, before {until:.1f}")
