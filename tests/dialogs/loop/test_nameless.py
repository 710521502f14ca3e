"""A contract whose agency was never named has a name all the same, in every text and on every button."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dialogs.events import CommandGiven
from dialogs.loop import naming
from dialogs.message import Message
from dialogs.scripted.scene import Scene
from tests.dialogs.loop.loop_desk import fall_due, kept, labels, review, said, say, scene, stage, until

#: What older versions kept as a name.
NAMES = ("", "?", "？？", " ", "👍", "——")
CALLED = {"zh-Hans": "第 1 份合同", "zh-Hant": "第 1 份合同", "en": "contract 1"}
#: Quotes around nothing, a line that begins or a button that ends with a colon.
EMPTY = re.compile(r"[“「\"'][\s?？]*[”」\"']|^\s*[:：]|[:：]\s*$|^[?？]|[:：]\s*[?？]")
#: Everything that names a contract.
COMMANDS = (
    "contract",
    "contract 1",
    "remind",
    "review 1",
    "review 1 all",
    "exit",
    "exit 1",
    "letter",
    "letter 1",
    "menu",
)


def nameless(name: str, language: str = "zh-Hans") -> Scene:
    played = scene()
    records = tuple(
        replace(one, subject=name, answers={**one.answers, "agency": name or None}) if one.kind == "contract" else one
        for one in played.owner.records
    )
    played.owner = replace(played.owner, records=records, conversations={}, focus=0, language=language)
    return played


def command(played: Scene, text: str) -> list[Message]:
    name, _, argument = text.partition(" ")
    event = CommandGiven(id=text, at=played.at, channel="talk", chat="owner", name=name, argument=argument)
    played.happen(event)
    return list(played.messages)


def texts(messages: list[Message], played: Scene) -> list[str]:
    # A colon may close a line that a list follows, never a button.
    lines = [line.text.rstrip(":：") for message in messages for line in message.lines]
    return [*lines, *labels(played)]


@pytest.mark.parametrize("language", CALLED)
@pytest.mark.parametrize("name", NAMES)
def test_every_text_has_a_name(name: str, language: str) -> None:
    played = nameless(name, language)
    until(played, "2026-06-02 11:00")
    spoken = [text for one in COMMANDS for text in texts(command(played, one), played)]
    spoken += [text for act in ("mute 1", "unmute 1", "duties 1", "no-duties 1", "day 1 Q1 review 1")
               for text in texts(command(played, f"remind {act}"), played)]  # fmt: skip
    assert not [text for text in spoken if EMPTY.search(text)]
    assert sum(CALLED[language] in text for text in spoken) > 10


def test_reminders_and_results_have_it_too() -> None:
    played = nameless("?")
    until(played, "2026-06-01 10:00")
    assert "该复盘了：第 1 份合同，" in fall_due(played)
    until(played, "2026-06-02 11:00")
    review(played, "25万")
    assert not [text for text in texts(list(played.messages), played) if EMPTY.search(text)]
    # It is what is said, not what is kept.
    assert kept(played, "review")[0].subject == ""


def test_who_gives_no_name_at_all() -> None:
    played = Scene(stage(), "zh-Hans")
    say(played, "/contract", "刚签", "/summary")
    spoken = [*said(played).splitlines(), *labels(played)]
    say(played, "/contract")
    spoken += [*said(played).splitlines(), *labels(played)]
    assert any("第 1 份合同" in text for text in spoken)
    assert not [text for text in spoken if EMPTY.search(text.rstrip("：")) or text.startswith("：")]


def test_leaving_asks_for_the_name() -> None:
    played = nameless("?")
    say(played, "/exit 1")
    assert "跟哪家代运营结束？" in said(played)
    assert naming.own_name(kept(played, "contract")[0]) == ""
