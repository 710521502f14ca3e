"""The terminal as a channel: a prompt with history for a person, plain lines for a pipe."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.gateways.base import Gateway, Sent
from bot.gateways.terminal import LONGEST_LINE, Terminal, piped_lines, typed_lines
from bot.texts import own_texts
from dialogs.message import Button, Line, Message

TEXTS = own_texts("gateways/terminal.yaml")


def test_a_message_to_a_pipe_is_plain_text() -> None:
    """No colour, no markup, nothing that moves the cursor."""
    output = io.StringIO()
    terminal: Gateway = Terminal(TEXTS, "en", output)
    said = Message(lines=(Line(text="[red]Sums[/red]", style="heading"), Line(text="a\x1b[31mb", style="quiet")))
    assert terminal.send("me", said) == Sent()
    assert output.getvalue() == "\n[red]Sums[/red]\na[31mb\n"


class Screen(io.StringIO):
    """An output that somebody looks at."""

    def isatty(self) -> bool:
        """It is."""
        return True


def test_a_person_sees_headings_in_bold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the terminal can."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    output = Screen()
    Terminal(TEXTS, "en", output).send("me", Message(lines=(Line(text="Sums", style="heading"),)))
    assert output.getvalue() == "\n\x1b[1mSums\x1b[0m\n"


def test_its_own_texts_break_where_chinese_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """No line of a narrow terminal begins with a comma."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm")
    output = Screen()
    Terminal(TEXTS, "zh-Hans", output).tell("goodbye")
    lines = output.getvalue().splitlines()
    assert len(lines) > 2
    assert not any(line.startswith("，") for line in lines)


def test_the_last_buttons_stay_while_nothing_replaces_them() -> None:
    """After a remark without buttons the numbers of the menu still count."""
    terminal = Terminal(TEXTS, "en", io.StringIO())
    terminal.send("me", Message(lines=(), buttons=((Button(label="Vet", press="m:vet:"),),), numbered=True))
    terminal.send("me", Message(lines=(Line(text="No such command."),)))
    assert terminal.pressed("1") == "m:vet:"


def test_lines_of_a_pipe() -> None:
    """UTF-8 as far as it goes; a line has an end to its length; then there is nothing more."""
    read = piped_lines(io.BytesIO("三成\r\n".encode() + b"\xff\n" + b"x" * 10_000 + b"\nlast"))
    assert [read(), read(), len(read()), read()] == ["三成", "\ufffd", LONGEST_LINE, "last"]
    with pytest.raises(EOFError):
        read()


def test_a_person_types_at_a_prompt(tmp_path: Path) -> None:
    """With editing; what he typed before comes back with the arrow, also at the next start."""
    history = tmp_path / "history"
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("十万x\x7f\r")
        assert typed_lines(history)() == "十万"
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("\x1b[A\r")
        assert typed_lines(history)() == "十万"
    assert history.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("key", "error"), [("\x04", EOFError), ("\x03", KeyboardInterrupt)])
def test_ways_to_leave_the_prompt(key: str, error: type[BaseException]) -> None:
    """Ctrl-D and Ctrl-C."""
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text(key)
        with pytest.raises(error):
            typed_lines(None)()


def test_a_history_that_cannot_be_kept_stops_nobody(tmp_path: Path) -> None:
    """The prompt works all the same."""
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("hi\r")
        assert typed_lines(tmp_path / "nowhere" / "history")() == "hi"
