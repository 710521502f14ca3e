"""Tables come to be by migrations, or at once in an empty database; one of another version is told apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from storage import making, migrate, schema
from storage.engine import open_database, rebuilding, write
from storage.errors import DatabaseUnreadable, SchemaTooNew, SchemaTooOld
from storage.opening import open_newest
from storage.store import Store
from tests.storage.sample import NOW, apology, said, step, typed


def pretend_version(engine: Engine, number: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (number,))


def test_the_newest_migration_is_the_one_that_the_program_wants() -> None:
    assert ScriptDirectory.from_config(migrate.config()).get_heads() == [schema.HEAD]


def test_migrations_give_the_tables_of_the_program(engine: Engine) -> None:
    assert migrate.check(engine) == []


def test_an_empty_database_gets_the_tables_that_migrations_give(engine: Engine, tmp_path: Path) -> None:
    made = open_newest(f"sqlite:///{tmp_path / 'made.db'}")
    making.make(made)
    assert migrate.check(made) == []
    assert described(made) == described(engine)
    made.dispose()


def described(engine: Engine) -> dict[str, object]:
    """The tables with all that SQLite tells of them, but for the order of columns."""
    with engine.begin() as connection:
        named = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        indexes = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index'").all()
        columns = {
            name: sorted(tuple(row)[1:4] for row in connection.exec_driver_sql(f"PRAGMA table_xinfo({name})"))
            for name in named
        }
        keys = {
            name: [tuple(row)[2:] for row in connection.exec_driver_sql(f"PRAGMA foreign_key_list({name})")]
            for name in named
        }
    return {"columns": columns, "keys": keys, "indexes": sorted(map(str, indexes))}


def test_a_table_that_was_changed_by_hand_is_found(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE owner ADD COLUMN shoe_size INTEGER")
    (problem,) = migrate.check(engine)
    assert "shoe_size" in problem


def test_upgrade_works_in_any_folder_and_twice(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    engine = open_database(url)
    assert schema.version(engine) is None
    assert migrate.check(engine) == [f"the tables have version none, this program wants {schema.HEAD}"]
    migrate.upgrade(engine)
    migrate.upgrade(engine)
    assert schema.version(engine) == schema.HEAD
    engine.dispose()


def test_case_30_a_newer_database_is_refused(engine: Engine) -> None:
    pretend_version(engine, "9999")
    with pytest.raises(SchemaTooNew, match="9999"):
        schema.ensure(engine)
    with pytest.raises(SchemaTooNew, match="9999"):
        migrate.upgrade(engine)
    assert "9999" in migrate.check(engine)[0]


def test_case_30_an_older_database_says_what_to_run(engine: Engine) -> None:
    pretend_version(engine, "0000")
    with pytest.raises(SchemaTooOld, match="lampwise db upgrade"):
        schema.ensure(engine)


def test_a_database_of_something_else_is_left_alone(url: str) -> None:
    engine = open_database(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (name TEXT)")
    for refused in (schema.ensure, migrate.upgrade):
        with pytest.raises(DatabaseUnreadable, match="something else"):
            refused(engine)
    assert "something else" in migrate.check(engine)[0]
    engine.dispose()


def test_a_migration_that_makes_a_table_anew_deletes_nothing_that_points_to_it(store: Store, engine: Engine) -> None:
    store.apply([typed(1)], step)
    with rebuilding(engine) as rebuilt:
        write(rebuilt, "upgrade", lambda connection: connection.exec_driver_sql("DELETE FROM owner"))
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM conversation").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_a_damaged_file_is_found(store: Store, engine: Engine, path: Path) -> None:
    store.apply([typed(number, "x" * 3000) for number in range(20)], step)
    engine.dispose()
    with path.open("r+b") as file:
        file.seek(5 * 4096)
        file.write(b"\xff" * 4096 * 8)
    assert migrate.check(engine) != []
    engine.dispose()


def test_case_30_from_0001_with_data_nothing_is_lost_or_used_twice(url: str, path: Path) -> None:
    engine = at_version(url, "0001")
    with engine.begin() as connection:
        for statement in FILLED_0001.split(";"):
            connection.exec_driver_sql(statement)
    migrate.upgrade(engine)
    assert migrate.check(engine) == []
    store = Store(engine=engine, apology=apology)
    assert [answer.raw for answer in store.snapshot("terminal", "wang").conversations[1].answers] == ["10"]
    (claimed,) = store.claim(NOW, "me", 1)
    assert (claimed.id, said(claimed.message)) == (7, "hello")
    assert store.settle(claimed, "sent", NOW)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM outbox")
    store.apply([typed(2)], step)
    assert store.claim(NOW, "me", 1)[0].id == 8, "ids of deleted messages are not given again"
    engine.dispose()


FILLED_0001 = """
INSERT INTO owner VALUES (3, 'en', 'Asia/Shanghai', 1, 0, '2026-11-01 00:00:00');
INSERT INTO address VALUES ('terminal', 'wang', 3);
INSERT INTO conversation VALUES (3, 1, 'vet', '[{"slot":"a","how":"given","value":1,"raw":"10",
"at":"2026-11-01T00:00:00+00:00"}]', 'abc', '', '', '[]', 0, 0, '', '2026-11-01 00:00:00');
INSERT INTO inbox VALUES ('terminal', '1', 3, 'TextReceived', '{}', 'done', NULL, '2026-11-01 00:00:00');
INSERT INTO outbox (id, owner, channel, chat, lane, body, event, ordinal, state, attempt, repeats, created_at)
VALUES (7, 3, 'terminal', 'wang', 'reply', '{"lines":[{"text":"hello","style":"plain","link":null}],
"buttons":[],"progress":null,"replaces":false,"numbered":false}', '1', 0, 'ready', 0, 0, '2026-11-01 00:00:00')
"""


def at_version(url: str, number: str) -> Engine:
    engine = open_database(url)

    def up(connection: Connection) -> None:
        settings = migrate.config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, number)

    with rebuilding(engine) as rebuilt:
        write(rebuilt, "upgrade", up)
    return engine
