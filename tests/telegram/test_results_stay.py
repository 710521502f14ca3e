"""Whatever is pressed, old or new, no message that ever showed a result, an answer, a sum or a document loses it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest

import knowledge
from bot.book import build
from bot.gateways.telegram_incoming import Tapped
from bot.gateways.telegram_step import TelegramStep
from dialogs.compile import SHIPPED, Book
from dialogs.events import CommandGiven, Event, TextReceived
from dialogs.message import Message
from storage.memory import Memory
from storage.outbox import Outgoing
from storage.rounds import Claiming, Round, Settling
from storage.store import Store
from tests.storage.conftest import engine, path, store, url
from tests.storage.sample import NOW

__all__ = ["engine", "path", "store", "url"]

STEPS = 90
WHO = {"channel": "telegram", "chat": "7"}
TYPED = (
    "10万",
    "30%",
    "12个月",
    "星光电商",
    "2026-03-01",
    "提成几个点合理",
    "没有提成",
    "22:00",
    "都没有",
    "3",
    "是",
    "北京时间",
)
COMMANDS = (
    ("vet", "new"), ("assess", "new"), ("contract", "new"), ("review", ""), ("exit", ""), ("summary", ""),
    ("answers", ""), ("compare", ""), ("agencies", ""), ("remind", ""), ("letter", ""), ("back", ""),
    ("menu", ""), ("privacy", ""),
)  # fmt: skip


@cache
def book() -> Book:
    return build(SHIPPED, Path(knowledge.__path__[0]), "telegram")[0]


@cache
def headings() -> frozenset[str]:
    """Verdicts and entries of the books by their titles, which stand in a line of their own."""
    flows, library = book().flows, book().library
    verdicts = [told.title.zh_hans for flow in flows.values() for told in flow.verdicts.values()]
    assert library is not None
    return frozenset((*verdicts, *(entry.title["zh-Hans"] for entry in library.entries.values())))


@cache
def parts() -> tuple[str, ...]:
    """What stands in lines of results only: the closing line, the verdict so far, sums."""
    phrases, flows = book().phrases, book().flows
    figures = [f"{figure.label.zh_hans}：" for flow in flows.values() for figure in flow.figures]
    return phrases["disclaimer"].zh_hans, phrases["so-far"].zh_hans.partition("{")[0], *figures


def is_to_stay(message: Message) -> bool:
    """Judged by its text alone."""
    lines = [line.text for line in message.lines]
    told = any(line in headings() or line.rpartition("：")[2] in headings() for line in lines)
    return told or message.document is not None or any(part in line for line in lines for part in parts())


@dataclass(slots=True)
class Chat:
    """A chat as Telegram shows it: messages by their number, edits applied."""

    store: Store
    random: Random
    shown: dict[int, list[Message]] = field(default_factory=dict[int, list[Message]])
    pressed: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    memory: Memory = field(default_factory=lambda: Memory(0))
    settling: list[Settling] = field(default_factory=list[Settling])
    count: int = 0

    def step(self) -> None:
        """Something happens; what is to be said may arrive later, so that a press comes under what is out of date."""
        self.count += 1
        self._round((self._event(),))
        if self.random.random() < 0.7:
            while self._round(()):
                pass

    def _event(self) -> Event:
        told = {"id": str(self.count), "at": NOW + timedelta(seconds=self.count), **WHO}
        chance = self.random.random()
        if not self.pressed or chance < 0.12:
            name, argument = self.random.choice(COMMANDS)
            return CommandGiven(name=name, argument=argument, **told)
        if chance < 0.3:
            return TextReceived(text=self.random.choice(TYPED), **told)
        number, press = self.random.choice(self.pressed if chance < 0.5 else self.pressed[-9:])
        return Tapped(press=press, under=number, message=number, **told)

    def _round(self, events: tuple[Event, ...]) -> bool:
        claiming = Claiming(channel="telegram", sender="me", most=9)
        now = NOW + timedelta(seconds=self.count)
        work = Round(now=now, claiming=claiming, events=events, settling=tuple(self.settling))
        claimed = self.store.round(work, TelegramStep(book=book(), texts={}, link=""), self.memory).claimed
        self.settling = [self._arrived(one) for one in claimed]
        return bool(claimed)

    def _arrived(self, one: Outgoing) -> Settling:
        number = one.message.over or 1 + max(self.shown, default=0)
        self.shown.setdefault(number, []).append(one.message)
        self.pressed += [(number, button.press) for row in one.message.buttons for button in row]
        return Settling(outgoing=one, outcome="sent", message=number)

    def lost(self) -> Iterator[str]:
        """What was to stay and was written over."""
        for versions in self.shown.values():
            yield from (
                " | ".join(line.text for line in before.lines) for before in versions[:-1] if is_to_stay(before)
            )


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_no_result_or_answer_is_ever_written_over(store: Store, seed: int) -> None:
    chat = Chat(store, Random(seed))
    for _ in range(STEPS):
        chat.step()
    assert list(chat.lost()) == []
    # The walk is of use only where there were results, and questions that gave way.
    assert any(is_to_stay(one) for versions in chat.shown.values() for one in versions)
    assert any(len(versions) > 1 for versions in chat.shown.values())
