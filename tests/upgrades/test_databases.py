"""A database of each released schema is brought up with all that it holds, and its owners go on where they were."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect

from bot import cli
from bot.advisor import apology
from bot.given import built, settings
from bot.settings import variable
from dialogs.events import CommandGiven, TextReceived
from dialogs.step import step
from storage import migrate, schema
from storage.engine import open_database, reading
from storage.export import export
from storage.opening import open_newest
from storage.store import Store
from tests.upgrades import databases

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(params=databases.SCHEMAS)
def released(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, released: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the database as the released program left it."""
    if request.param == "sqlite":
        url = databases.sqlite(released, tmp_path / "old.db")
    else:
        url = databases.postgresql(released, request.getfixturevalue("server_url"))
    monkeypatch.setenv(variable("database_url"), url)
    return url


@pytest.fixture
def engine(old: str) -> Iterator[Engine]:
    opened = open_newest(old)
    yield opened
    opened.dispose()


def counts(url: str) -> dict[str, int]:
    """How many rows each table has."""
    engine = open_database(url)
    with reading(engine) as connection:
        tables = inspect(connection).get_table_names()
        found = {name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in tables}
    engine.dispose()
    return found


def test_every_row_is_carried(old: str, released: str) -> None:
    before = counts(old)
    open_newest(old).dispose()
    after = counts(old)
    assert {name: after[name] for name in before} == before
    assert all(not after[name] for name in after.keys() - before.keys())


def test_the_database_is_sound_afterwards(engine: Engine) -> None:
    assert schema.version(engine) == schema.HEAD
    assert migrate.check(engine) == []


def test_an_export_says_what_it_said_then(engine: Engine, released: str) -> None:
    for owner, kept in databases.exports(released):
        channel, _, chat = owner.partition(":")
        now = export(engine, channel, chat, NOW)
        assert now is not None, owner
        assert {name: rows(name, now["kept"][name]) for name in kept} == {name: rows(name, kept[name]) for name in kept}


def rows(table: str, exported: Sequence[Mapping[str, Any]]) -> list[str]:
    """In an order that no database decides; a message's number is the database's own."""
    ours = {"id"} if table == "outbox" else set[str]()
    plain = [{name: value for name, value in row.items() if name not in ours} for row in exported]
    return sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in plain)


def test_every_owner_goes_on(engine: Engine, released: str) -> None:
    """Open conversations, results, contracts and lists of then are read by the dialogs of now."""
    book, _ = built(settings(), "telegram", "zh-Hans")
    store = Store(engine=engine, apology=partial(apology, book))
    for owner, _ in databases.exports(released):
        chat = owner.partition(":")[2]
        base = {"at": NOW, "channel": "telegram", "chat": chat}
        commands = (
            "resume",
            "answers",
            "agencies",
            "compare",
            "contract",
            "reviews",
            "exit",
            "letter",
            "remind",
            "menu",
        )
        events = [CommandGiven(id=f"c{n}", name=name, **base) for n, name in enumerate(commands)]
        applied = store.apply([*events, TextReceived(id="t", text="不知道", **base)], partial(step, book))
        assert [failed.error for failed in applied.failed] == [], owner


def test_what_was_on_its_way_is_taken_back(engine: Engine) -> None:
    with reading(engine) as connection:
        sending = connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE state = 'sending'").scalar_one()
    store = Store(engine=engine, apology=partial(apology, built(settings(), "telegram", "zh-Hans")[0]))
    assert store.release_channel("telegram", NOW) == sending > 0


def test_a_failed_event_of_then_is_answered_now(old: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer(["failed", "list"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert cli.answer(["failed", "retry", line.split()[2]]) == 0
    assert cli.answer(["db", "check"]) == 0
