"""Values that are made once for an installation."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine

from storage.engine import open_database
from storage.installation import ID, identity, value


def counted() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"made-{number}"


def test_a_value_is_made_once_and_outlives_the_program(engine: Engine, url: str) -> None:
    made = counted()
    assert [value(engine, ID, lambda: next(made)) for _ in range(3)] == ["made-1"] * 3
    later = open_database(url)
    assert identity(later, lambda: next(made))() == "made-1"
    later.dispose()


def test_of_two_programs_the_first_to_write_has_made_it(engine: Engine) -> None:
    def slow() -> str:
        # Another program writes between our look and our row.
        assert value(engine, ID, lambda: "theirs") == "theirs"
        return "ours"

    assert value(engine, ID, slow) == "theirs"


def test_the_database_is_asked_once(engine: Engine) -> None:
    made = counted()
    ask = identity(engine, lambda: next(made))
    assert ask() == ask() == "made-1"
    assert value(engine, "another", lambda: next(made)) == "made-2"
