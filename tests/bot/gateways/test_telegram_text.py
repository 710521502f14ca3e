"""What Telegram gets to see: sound HTML, short enough, with buttons that can be pressed."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateways.telegram_text import LONGEST_LABEL, MOST_UNITS, escaped, page, parts, units
from bot.gateways.terminal_wrapping import printable
from dialogs.message import Button, Line, Message, Style
from tests.bot.gateways.telegram_html import shown

LINES = st.lists(
    st.builds(Line, text=st.text(max_size=80), style=st.sampled_from(get_args(Style)), link=st.none() | st.just("https://a.b/?c=d&e")),
    max_size=6,
).map(tuple)  # fmt: skip


@given(lines=LINES, progress=st.none() | st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_case_44_whatever_is_said_is_sound_html_that_shows_it(
    lines: tuple[Line, ...], progress: tuple[int, int] | None
) -> None:
    """Markup that somebody types stays text; nothing can be refused as markup."""
    laid = page(Message(lines=lines, progress=progress))
    assert shown(laid.html).strip()
    for line in lines:
        assert printable(line.text).strip() in shown(laid.html)


@pytest.mark.parametrize("typed", ["<b>", "&", "</code>", '[x](tg://user?id=1)"', "a<i>b</i>", "{name} ${x} {{7*7}}"])
def test_case_44_markup_and_templates_appear_as_they_were_typed(typed: str) -> None:
    """There is one function that escapes."""
    assert shown(escaped(typed)) == typed
    assert shown(page(Message(lines=(Line(text=typed, style="heading"),))).html) == typed


def test_signs_that_turn_a_line_are_left_out() -> None:
    """Test case 43: nobody can make a sum read the other way round."""
    assert escaped("a\u202eb\u200f\x00c") == "abc"


@given(text=st.text(alphabet="字a😀 。\n<&", max_size=3000), count=st.integers(1, 8))
def test_case_19_a_long_text_is_cut_into_parts_that_fit(text: str, count: int) -> None:
    """Counted in UTF-16 units; no word is lost, order and buttons are kept, and only the first replaces."""
    buttons = ((Button(label="go", press="m:menu:"),),)
    message = Message(lines=tuple(Line(text=text) for _ in range(count)), buttons=buttons, replaces=True)
    cut = parts(message)
    assert all(units(page(part).plain) <= 4096 for part in cut)
    assert [part.buttons for part in cut] == [()] * (len(cut) - 1) + [buttons]
    assert [part.replaces for part in cut[1:]] == [False] * (len(cut) - 1)
    said = "".join(line.text for part in cut for line in part.lines)
    assert "".join(said.split()) == "".join((text * count).split())


def test_a_part_ends_behind_a_sentence_where_it_can() -> None:
    """Not in the middle of a word."""
    first, second = parts(Message(lines=(Line(text="好。" * 3000),)))
    assert first.lines[-1].text.endswith("。")
    assert second.lines[0].text.startswith("好")
    assert units(first.lines[0].text) <= MOST_UNITS


def test_a_row_that_is_too_wide_is_stacked() -> None:
    """A label that is cut off by the phone cannot be read."""
    narrow = tuple(Button(label=label, press=f"a:1:x:{label}") for label in ("低", "中", "高"))
    wide = tuple(Button(label=label * 12, press=f"a:1:x:{label}") for label in ("低", "中", "高"))
    assert page(Message(lines=(), buttons=(narrow,))).buttons == (narrow,)
    assert page(Message(lines=(), buttons=(wide,))).buttons == tuple((button,) for button in wide)


def test_case_20_a_button_that_telegram_would_refuse_is_left_out() -> None:
    """The rest of the message still arrives."""
    good, long_label = Button(label="a", press="x"), Button(label="字" * 300, press="y")
    rows = ((good,), (Button(label="b", press="字" * 22),), (Button(label="c", press=""),), (long_label,))
    laid = page(Message(lines=(), buttons=rows))
    assert laid.buttons[0] == (good,)
    assert [len(row[0].label) for row in laid.buttons] == [1, LONGEST_LABEL]


def test_a_message_without_a_word_still_arrives() -> None:
    """Telegram refuses an empty text."""
    assert page(Message(lines=())).plain.strip()
    assert page(replace(Message(lines=(Line(text=" \u200b"),)))).html.strip()


def test_it_looks_as_it_should() -> None:
    """Headings bold, remarks in italics, items with a dot, paragraphs apart."""
    lines = (
        Line(text="结果", style="heading"), Line(text="先看一条", style="plain"), Line(text="甲", style="item"),
        Line(text="乙", style="item", link="https://a.b"), Line(text="出处", style="quiet"),
    )  # fmt: skip
    laid = page(Message(lines=lines, progress=(3, 9)))
    assert laid.html == ('<b>结果</b>\n先看一条\n\n• 甲\n• <a href="https://a.b">乙</a>\n\n<i>出处</i>\n\n<i>3 / 9</i>')
    assert laid.plain == "结果\n先看一条\n\n• 甲\n• 乙 https://a.b\n\n出处\n\n3 / 9"
