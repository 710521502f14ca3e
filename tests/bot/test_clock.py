"""The clock: aware and in UTC, the machine's or a file's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import ClockUnreadable, FileClock, clock_for, system_clock


def test_the_system_clock_is_in_utc() -> None:
    """No moment without a zone, and none in another."""
    assert system_clock().utcoffset() == timedelta(0)


def test_the_file_is_read_again_at_each_use(tmp_path: Path) -> None:
    """Who drives the clock writes the file, and the next reading follows."""
    file = tmp_path / "clock"
    clock = FileClock(file)
    file.write_text("2026-03-01T09:00:00+08:00\n")
    assert clock() == datetime(2026, 3, 1, 1, tzinfo=UTC)
    file.write_text("2026-06-01T00:00:00Z")
    assert clock() == datetime(2026, 6, 1, tzinfo=UTC)
    assert clock().utcoffset() == timedelta(0)


def test_a_file_that_is_just_being_written_is_looked_at_again(tmp_path: Path) -> None:
    """Between emptying it and writing it there is a moment."""
    file = tmp_path / "clock"
    file.write_text("")
    clock = FileClock(file, pause=lambda _: _written(file))
    assert clock() == datetime(2026, 6, 1, tzinfo=UTC)


def _written(file: Path) -> None:
    file.write_text("2026-06-01T00:00:00Z")


@pytest.mark.parametrize(
    "text", ["", "now", "2026-03-01", "2026-03-01T09:00:00", "2026-02-30T09:00:00Z", "0001-01-01T00:00:00+08:00"]
)
def test_what_is_no_moment_is_refused(tmp_path: Path, text: str) -> None:
    """A time without an offset is refused too: it would be a guess whose morning is meant."""
    file = tmp_path / "clock"
    file.write_text(text)
    with pytest.raises(ClockUnreadable, match="write it like 2026-03-01T09:00:00"):
        FileClock(file)()


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Missing, a folder, or not text: the message names the file."""
    file = tmp_path / "clock"
    for make in (lambda: None, lambda: file.write_bytes(b"\xff\xfe"), lambda: (file.unlink(), file.mkdir())):
        make()
        with pytest.raises(ClockUnreadable, match=str(file)):
            FileClock(file)()


def test_the_settings_choose_the_clock(tmp_path: Path) -> None:
    """Without a file it is the machine's clock."""
    assert clock_for(None) is system_clock
    assert clock_for(tmp_path) == FileClock(tmp_path)
