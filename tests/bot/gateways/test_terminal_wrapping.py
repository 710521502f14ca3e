"""Lines of a width: where Chinese and English may break, and what never reaches the screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateways.terminal_wrapping import columns, printable, wrapped


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("一二三四五", 6, ["一二三", "四五"]),
        ("一二三，四", 6, ["一二", "三，四"]),
        ("看“一二三”", 6, ["看“一", "二三”"]),
        ("one two three", 8, ["one two", "three"]),
        ("约 12,000 元", 8, ["约", "12,000", "元"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("一\n\n二", 10, ["一", "", "二"]),
        ("一二", 1, ["一", "二"]),
    ],
)
def test_lines_break_where_they_may(text: str, width: int, lines: list[str]) -> None:
    """A Chinese character takes two columns; no line begins with a comma, none ends with an opening quote."""
    assert list(wrapped(text, width)) == lines


@given(st.text(max_size=200), st.integers(2, 60))
def test_no_line_is_too_wide_and_no_word_is_lost(text: str, width: int) -> None:
    """Whatever somebody typed."""
    lines = list(wrapped(text, width))
    assert all(columns(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(printable(text).split())


@pytest.mark.parametrize("sign", ["\x1b", "\x07", "\u202e", "\u2066", "\ud800", "\x00", "\r"])
def test_what_moves_the_cursor_is_not_printed(sign: str) -> None:
    """Neither an escape nor a sign that turns the line around."""
    assert printable(f"a{sign}b") == "ab"
