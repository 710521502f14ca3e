"""What is being looked at is shown on a terminal once it takes long; nowhere else, and not before."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from threading import Event

import pytest

from bot.progress import SILENT, show, showing


class Screen(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        return True


def written(monkeypatch: pytest.MonkeyPatch, looked_at: Sequence[str]) -> tuple[str, list[float]]:
    """What stands on the terminal where these are looked at one after the other, and the seconds waited for."""
    screen, now, waited, left = Screen(), [""], list[float](), [*looked_at]
    monkeypatch.setattr(sys, "stderr", screen)

    def wait(end: Event, seconds: float) -> bool:
        waited.append(seconds)
        now[0] = left.pop(0) if left else now[0]
        return len(waited) > len(looked_at)

    show(Event(), now, lambda what: f"at {what}", wait)
    return screen.getvalue(), waited


def test_what_is_looked_at_stands_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written again only where it is another, and gone at the end."""
    screen, waited = written(monkeypatch, ["a", "a", "b"])
    assert screen == "\r\x1b[Kat a\r\x1b[Kat b\r\x1b[K"
    assert waited[0] == SILENT == 2.0


def test_what_is_quick_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over within the first seconds: not one sign."""
    assert written(monkeypatch, [])[0] == ""


def test_where_there_is_no_terminal_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """A log is no place for it."""
    with showing(lambda what: what) as look_at:
        look_at("a")
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_it_ends_with_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, without a sign where it was quick."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with showing(lambda what: what) as look_at:
        look_at("a")
    assert screen.getvalue() == ""
