"""The command line as it is typed: help, slips, and what happens when the program itself is wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO

import pytest
import typer

from bot import cli
from storage.schema import HEAD

ROOT = Path(__file__).resolve().parents[2]


def commands(app: typer.Typer, *path: str) -> Iterator[tuple[str, ...]]:
    """Every command and group."""
    yield path
    for group in app.registered_groups:
        assert group.typer_instance is not None
        yield from commands(group.typer_instance, *path, str(group.name))
    for command in app.registered_commands:
        assert command.callback is not None
        yield (*path, command.name or command.callback.__name__)


@pytest.mark.parametrize("path", tuple(commands(cli.app)), ids=" ".join)
def test_every_help_has_an_example(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """One that begins like the command itself."""
    assert cli.answer([*path, "--help"]) == 0
    assert f"\n  Example: {' '.join(('lampwise', *path))}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["nothing"], ["chat", "--nothing"], ["chat", "more"], ["db"], ["db", "nothing"], ["run"], ["chat", "--as"]],
)
def test_a_slip_is_told_in_a_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and where help is."""
    assert cli.answer(arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith("lampwise: ")
    assert (told.count("\n"), "--help" in told) == (1, True)


def test_nothing_at_all_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """That is what one looks for."""
    assert cli.answer([]) == 0
    assert "chat" in capsys.readouterr().out


def test_the_version_is_told_with_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """In a line; no setting is read for it."""
    assert cli.answer(["--version"]) == 0
    assert capsys.readouterr().out == f"lampwise {version('lampwise')} (schema {HEAD})\n"


@pytest.mark.parametrize("command", [["chat"], ["run", "vet", "--cases", "-"], ["check"], ["db", "check"]])
def test_a_bad_setting_is_told(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By every command, with its name."""
    monkeypatch.setenv("LAMPWISE_TIMEZONE", "Mars/Olympus")
    assert cli.answer(command) == 2
    assert (
        capsys.readouterr().err
        == "LAMPWISE_TIMEZONE: there is no time zone 'Mars/Olympus'; write one like Asia/Shanghai\n"
    )


def test_a_mistake_of_ours_is_reported_beside_the_database(
    monkeypatch: pytest.MonkeyPatch, settings_of_ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The owner sees a sentence; the report can be read by that account alone."""
    monkeypatch.setattr("bot.given.settings", lambda: 1 // 0)
    assert cli.answer(["chat"]) == 70
    told = capsys.readouterr().err
    report = settings_of_ours.parent / "last-error.txt"
    assert str(report) in told
    assert "Traceback" not in told
    assert "ZeroDivisionError" in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600


@contextmanager
def started(*arguments: str, **settings: str) -> Iterator[Program]:
    """The program itself, ended with the test."""
    command = [sys.executable, "-m", "bot", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **settings}, stdin=pipe, stdout=pipe, stderr=pipe
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        yield Program(process, process.stdin, process.stdout, process.stderr)
        process.kill()


@dataclass
class Program:
    """A running program and its ends."""

    process: subprocess.Popen[bytes]
    input: IO[bytes]
    output: IO[bytes]
    errors: IO[bytes]

    def types(self, line: str) -> None:
        """At once."""
        self.input.write(f"{line}\n".encode())
        self.input.flush()

    def says(self, wanted: str) -> bool:
        """Whether it says so, sooner or later."""
        return any(wanted in line.decode("utf-8") for line in self.output)

    def end(self) -> tuple[int, bytes]:
        """Its exit code and its complaints."""
        return self.process.wait(20), self.errors.read()


def test_a_broken_pipe_is_silent(settings_of_ours: Path) -> None:
    """As in `lampwise run … | head -1`."""
    with started("run", "lamps", "--cases", "-", "--json") as program:
        program.types("{}")
        assert program.says('{"id"')
        program.output.close()
        program.input.write(b"{}\n" * 2000)
        program.input.close()
        assert program.end() == (0, b"")


def test_a_line_is_answered_as_it_is_read_and_ctrl_c_leaves_at_once(settings_of_ours: Path) -> None:
    """The answer comes while the input is still open."""
    with started("run", "lamps", "--cases", "-", "--json") as program:
        program.types('{"id":"灯"}')
        assert program.says('{"id": "灯"')
        program.process.send_signal(signal.SIGINT)
        assert program.end() == (130, b"")


def test_ctrl_c_leaves_a_chat_with_a_goodbye(settings_of_ours: Path) -> None:
    """Exit code 0: nothing is lost. A pipe gets UTF-8 whatever the locale says."""
    with started("chat", PYTHONIOENCODING="gbk") as program:
        assert program.says("/help")
        program.process.send_signal(signal.SIGINT)
        assert program.says("再见")
        assert program.end() == (0, b"")


def test_help_loads_nothing_slow() -> None:
    """Neither the database nor the settings nor the dialogs."""
    code = (
        "import sys; from bot.cli import answer; answer(['--help']);"
        "print(sorted({'pydantic', 'sqlalchemy', 'rich', 'prompt_toolkit', 'yaml', 'dialogs'} & sys.modules.keys()))"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert told.stdout.splitlines()[-1] == b"[]"
