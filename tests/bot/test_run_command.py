"""`lampwise run`: cases in, results out, and what is said of cases that cannot be read."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import cli

Run = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def run(settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """run(line, …): the answers to these lines."""

    def once(*lines: str | bytes, options: tuple[str, ...] = (), code: int = 0) -> list[dict[str, Any]]:
        raw = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        assert cli.answer(["run", "lamps", "--cases", "-", "--json", *options]) == code
        told = capfdbinary.readouterr()
        assert told.err == b""
        return [json.loads(line) for line in told.out.decode("utf-8").splitlines()]

    return once


def test_a_case_is_answered(run: Run, settings_of_ours: Path) -> None:
    """As people type or as options are called; nothing is kept."""
    case = {"id": "1", "answers": {"trade": "批发商", "sales": "十万", "shops": ["jd"]}}
    (told,) = run(json.dumps(case))
    assert told == {
        "id": "1", "verdict": "go", "figures": {}, "because": ["ad-claims"], "ask_next": [], "errors": [],
    }  # fmt: skip
    assert not settings_of_ours.parent.exists()


def test_what_is_missing_is_not_known(run: Run) -> None:
    """So is null."""
    (told,) = run('{"id": 7, "answers": {"trade": null, "shops": []}}')
    assert (told["id"], told["ask_next"], told["errors"]) == (7, ["trade", "sales"], [])


@pytest.mark.parametrize(
    ("answers", "slot"),
    [
        ({"sales": "many"}, "sales"),
        ({"sales": "3万到5万"}, "sales"),
        ({"sales": [1]}, "sales"),
        ({"trade": "farmer"}, "trade"),
        ({"trade": {}}, "trade"),
        ({"shops": ["jd", "ebay"]}, "shops"),
        ({"colour": "red"}, "colour"),
        ([], None),
        ("text", None),
    ],
)
def test_what_cannot_be_read_is_listed(run: Run, answers: object, slot: str | None) -> None:
    """It counts as not sure, and the exit code stays 0."""
    (told,) = run(json.dumps({"id": 1, "answers": answers}), options=("--lang", "en"))
    assert [error["slot"] for error in told["errors"]] == [slot]
    assert told["errors"][0]["message"]
    assert told["verdict"] == "go"


@pytest.mark.parametrize(
    "line", ["", "x", "[]", "3", '"a"', "null", '{"id":', "[" * 100_000, b"\xff\xfe", '{"id": NaN}', "{}{}"]
)
def test_a_line_that_is_no_object(run: Run, line: str | bytes) -> None:
    """The others are answered all the same; the exit code is 2."""
    told = run('{"id": 1}', line, '{"id": 2}', code=2)
    assert [one["id"] for one in told] == [1, None, 2]
    assert set(told[1]) == {"id", "errors"}


def test_an_id_comes_back_as_it_was(run: Run) -> None:
    """Also a lone half of a character; a number that JSON does not have is none."""
    told = run('{"id":"\\ud800 灯"}', '{"id":{"a":[1]}}', "{}", '{"id":1e999}')
    assert [one["id"] for one in told] == ["\ud800 灯", {"a": [1]}, None, None]


def test_a_byte_order_mark_is_forgiven(run: Run) -> None:
    """Windows editors write one."""
    assert run(b'\xef\xbb\xbf{"id": 1}')[0]["id"] == 1


def test_for_reading_there_is_a_short_form(
    settings_of_ours: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --json; cases from a file."""
    (tmp_path / "cases").write_text('{"id":"灯","answers":{"sales":"x"}}\n', "utf-8")
    assert cli.answer(["run", "lamps", "--cases", "cases", "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(
        "灯\n  verdict: go\n  because: ad-claims\n  ask_next: trade, sales, shops\n  errors:\n    sales | "
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["lamp", "--cases", "-"], "there is no flow 'lamp'; there are: lamps"),
        (["lamps", "--cases", "nowhere"], "--cases: nowhere: No such file or directory"),
        (["lamps", "--cases", "."], "--cases: .: Is a directory"),
        (["lamps", "--cases", "-", "--lang", "fr"], "--lang: there is no language 'fr'"),
        (["lamps"], "Missing option '--cases'"),
    ],
)
def test_what_cannot_be_run(
    settings_of_ours: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    """One line that says what."""
    assert cli.answer(["run", *arguments]) == 2
    told = capsys.readouterr()
    assert says in told.err
    assert (told.out, told.err.count("\n")) == ("", 1)
