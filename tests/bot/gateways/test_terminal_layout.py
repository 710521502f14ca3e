"""What a message looks like in a terminal, and which button a typed line presses."""

from __future__ import annotations

import pytest

from bot.gateways.terminal_layout import Layout, pressed
from bot.texts import own_texts
from dialogs.message import Button, Line, Message

TEXTS = own_texts("gateways/terminal.yaml")

QUESTION = Message(
    lines=(
        Line(text="按 3 记下。", style="quiet"),
        Line(text="您", style="heading"),
        Line(text="您做哪一行？"),
        Line(text="说大概就行。", style="quiet"),
    ),
    buttons=(
        (Button(label="工厂", press="a:1:trade:factory"),),
        (Button(label="批发商", press="a:1:trade:dealer"),),
        (Button(label="不确定", press="c:1:trade:not-sure"), Button(label="上一题", press="c:1:trade:back")),
    ),
    progress=(3, 14),
)
MENU = Message(
    lines=(Line(text="What now?", style="heading"),),
    buttons=((Button(label="Vet", press="m:vet:"),), (Button(label="Help", press="m:help:"),)),
    numbered=True,
)
MANY = Message(
    lines=(Line(text="哪些店？"),),
    buttons=(
        (Button(label="天猫", press="t:1:shops:tmall:1"),),
        (Button(label="选好了", press="c:1:shops:done"),),
    ),
)


def rows(message: Message, language: str = "zh-Hans", width: int = 60) -> list[str]:
    """The lines on the screen."""
    return [row.text for row in Layout(TEXTS, language, width).rows(message)]


def test_a_question_with_its_options() -> None:
    """Options are numbered; what else can be typed stands in one line with how far we are."""
    assert rows(QUESTION) == [
        "按 3 记下。",
        "",
        "您",
        "您做哪一行？",
        "说大概就行。",
        "  1. 工厂",
        "  2. 批发商",
        "已答 3/14 · 也可以打：不确定、上一题",
    ]


def test_a_menu_numbers_every_button() -> None:
    """And says so."""
    assert rows(MENU, "en") == ["What now?", "  1. Vet", "  2. Help", "Type a number, or /help."]


def test_ticks_are_options_and_done_is_not_needed() -> None:
    """Here the whole answer is typed at once."""
    assert rows(MANY) == ["哪些店？", "  1. 天猫"]


def test_an_item_hangs_below_its_dash() -> None:
    """Also where it is longer than a line; numbers stand right-aligned."""
    items = Message(lines=(Line(text="一二三四五六", style="item"),), numbered=True,
                    buttons=tuple((Button(label=str(n), press=f"m:{n}:"),) for n in range(10)))  # fmt: skip
    told = rows(items, width=10)
    assert told[:3] == ["- 一二三四", "  五六", ""]
    assert (told[3], told[12]) == ("   1. 0", "  10. 9")


@pytest.mark.parametrize(
    ("message", "typed", "press"),
    [
        (MENU, "2", "m:help:"),
        (MENU, "２。", "m:help:"),
        (MENU, "3", None),
        (MENU, "0", None),
        (MENU, " help ", "m:help:"),
        (QUESTION, "1", None),
        (QUESTION, "批发商", "a:1:trade:dealer"),
        (QUESTION, "上一题", "c:1:trade:back"),
        (QUESTION, "批发商吧", None),
        (MANY, "天猫", None),
        (MANY, "选好了", None),
        (None, "1", None),
    ],
)
def test_a_typed_line_presses_a_button(message: Message | None, typed: str, press: str | None) -> None:
    """By its label; by its number only where a number cannot be an answer. An answer of several is left to the step."""
    assert pressed(message, typed) == press


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_the_terminal_speaks_every_language(language: str) -> None:
    """Its own words, too."""
    assert all(text.in_language(language) for text in TEXTS.values())
