"""`lampwise test` and `lampwise record`: exit codes, what they print, and that a real conversation becomes a talk."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import record_command, talk_command
from bot.clock import system_clock
from bot.refusal import BAD_INPUT, CHECK_FAILED, DONE, Refusal
from bot.settings import Settings
from dialogs.events import CommandGiven, TextReceived
from dialogs.message import Message
from dialogs.step import step
from storage import migrate
from storage.engine import open_database
from storage.store import Store

GOOD = "talk: t\nsays:\n  - you: /vet\n    we: 这家代运营叫什么名字\n"
BAD = GOOD.replace("这家", "那家")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'a.db'}")


def write(folder: Path, **talks: str) -> Path:
    for name, text in talks.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def test_talks_that_pass(tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """A summary and nothing else."""
    assert talk_command.run([write(tmp_path, a=GOOD, b=GOOD)], "en", settings) == DONE
    assert capsys.readouterr() == ("", "2 passed, 0 failed.\n")


def test_a_talk_that_fails(tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """File, line and column, what was said, wanted and answered."""
    assert talk_command.run([write(tmp_path, a=BAD)], "en", settings) == CHECK_FAILED
    told = capsys.readouterr()
    assert told.err == "0 passed, 1 failed.\n"
    assert f"{tmp_path / 'a.yaml'}:4:9: talk-not-answered" in told.out
    assert 'After "/vet" the answer should say "那家代运营叫什么名字"' in told.out


def test_update_rewrites_the_file(tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """And the talk then passes."""
    assert talk_command.run([write(tmp_path, a=f"# kept\n{BAD}")], "en", settings, update=True) == DONE
    assert "1 lines rewritten" in capsys.readouterr().err
    rewritten = (tmp_path / "a.yaml").read_text("utf-8")
    assert rewritten == f"# kept\n{GOOD}".replace("名字\n", "名字？\n")


def test_what_cannot_be_used(tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """A path that is none, a file that is no talk."""
    assert talk_command.run([tmp_path / "none"], "en", settings) == BAD_INPUT
    assert "There are no talks in" in capsys.readouterr().err
    assert talk_command.run([write(tmp_path, a=GOOD, b="talk: t\nsays: x\n")], "en", settings) == BAD_INPUT
    told = capsys.readouterr()
    assert "b.yaml:2:7: list-wanted" in told.out
    assert told.err == "1 passed, 1 failed.\n"


def test_coverage_names_places_and_ways(
    tmp_path: Path, dialogs: Path, knowledge: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not reached stands at its line with answers that reach it; how much is reached stands at the end."""
    settings = Settings(dialogs=dialogs, knowledge=knowledge)
    talk = write(tmp_path, a="talk: t\nsays:\n  - you: /lamps\n  - you: 1\n")
    assert talk_command.run([talk / "a.yaml"], "en", settings, coverage=True) == DONE
    lines = capsys.readouterr().out.splitlines()
    told = [line.partition("lamps.yaml:")[2] for line in lines[:-1]]
    way = "These answers do: trade = Dealer; not sure to all else"
    assert told[0] == f"14:18: not-covered No talk reaches option trade: dealer. {way}"
    assert [line.split(":")[0] for line in told] == ["14", "21", "26", "27", "33"]
    assert lines[-1] == "Reached: question 2/3, option 1/4, rule 0/1"


def test_a_real_conversation_becomes_a_talk(
    settings: Settings, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """It goes to the standard output and passes."""
    talk_with(settings, "/vet", "金丝雀传媒", "3456789", "按季")
    assert record_command.run(settings, "terminal:wang", "en") == DONE
    text = capfdbinary.readouterr().out.decode()
    assert "金丝雀" not in text
    assert "345" not in text
    assert talk_command.run([write(tmp_path, real=text)], "en", settings) == DONE


def talk_with(settings: Settings, *said: str) -> None:
    engine = open_database(settings.database_url)
    migrate.upgrade(engine)
    store = Store(engine=engine, apology=lambda _: Message(lines=()))
    on = talk_command.stage(settings, "en")
    for number, text in enumerate(said):
        common = {"id": str(number), "at": system_clock(), "channel": "terminal", "chat": "wang"}
        named = on.named(text)
        event = TextReceived(text=text, **common) if named is None else CommandGiven(name=named[0], **common)
        store.apply([event], lambda owner, happened: step(on.book, owner, happened))
    engine.dispose()


@pytest.mark.parametrize("owner", ["wang", "terminal:", ":wang", "terminal:nobody", "telegram:1"])
def test_nobody_to_record(settings: Settings, owner: str) -> None:
    """One line that says so, whether there is a database or not."""
    with pytest.raises(Refusal, match=r"terminal:NAME|no conversation"):
        record_command.run(settings, owner, "en")
    assert not Path(settings.database_url.removeprefix("sqlite:///")).exists()
