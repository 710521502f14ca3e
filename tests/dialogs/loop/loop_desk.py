"""A merchant with a contract, played through the shipped dialogs with the shipped calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import knowledge
from bot.book import build
from dialogs.compile import SHIPPED
from dialogs.events import RemindersDue
from dialogs.message import Message
from dialogs.owner import Kept
from dialogs.scripted.scene import Scene, Stage

#: In the order of the questions; from a day before the contract begins.
CONTRACT = (
    "刚签", "光明电商", "2026-02-20", "2026-03-01", "12个月", "每季", "10万", "我们", "3万", "5%", "下单总额",
    "整店全托", "400万", "400万", "满期才退", "都没有", "从合同开始那天数", "10:00", "北京时间",
)  # fmt: skip


@cache
def stage() -> Stage:
    book, table = build(SHIPPED, Path(knowledge.__path__[0]), "terminal")
    return Stage(book=book, folder=SHIPPED, named=table.named, start=at("2026-02-28 10:00"))


def at(written: str) -> datetime:
    return datetime.fromisoformat(f"{written}+08:00")


def scene(*lines: str) -> Scene:
    """A talk of these lines; none: with the contract entered."""
    played = Scene(stage(), "zh-Hans")
    say(played, "/contract", *CONTRACT, *lines)
    return played


def say(played: Scene, *lines: str) -> None:
    for line in lines:
        played.type(line)


def until(played: Scene, written: str) -> None:
    played.wait(at(written) - played.at)


def review(played: Scene, sales: str, *, missed: str = "都没有") -> None:
    """The quarter that is due, with the contract's fee and promise."""
    say(played, "/review", missed, sales, "0", "30%", "不变", "不变", "1万", "9万", "0", "没有")


def text(messages: Iterable[Message]) -> str:
    return "\n".join(line.text for message in messages for line in message.lines)


def said(played: Scene) -> str:
    return text(played.messages)


def labels(played: Scene) -> list[str]:
    return [button.label for message in played.messages for row in message.buttons for button in row]


def kept(played: Scene, kind: str) -> list[Kept]:
    return [one for one in played.owner.records if one.kind == kind]


def fall_due(played: Scene, contract: int = 1) -> str:
    """The time of the contract's reminders has come: what goes out."""
    event = RemindersDue(id="due", at=played.at, channel="talk", chat="owner", contract=contract)
    played.happen(event)
    return said(played)


def days(number: int) -> timedelta:
    return timedelta(days=number)
