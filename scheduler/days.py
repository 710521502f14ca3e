"""Reads days and stretches of days as the tables in YAML write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from knowledge.yaml_reader import read_document

Table = TypeVar("Table")


class TableUnreadable(Exception):
    """A table of days cannot be read; the message says which and why."""


def read_table(path: Path, shaped: Callable[[Any], Table]) -> Table:
    """What `shaped` makes of the file's content; TableUnreadable for anything that is wrong with it."""
    document = read_document(path)
    for finding in document.findings:
        raise TableUnreadable(f"{finding.file}:{finding.line}:{finding.column}: {finding.code}")
    try:
        return shaped(document.content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TableUnreadable(f"{path}: {error}") from error


def stretch(written: str) -> tuple[date, date]:
    """`2026-05-01 to 2026-05-05`, or one day, as its first and last day."""
    first, _, last = written.partition(" to ")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def each_day(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def around(day: date, before: int, after: int) -> tuple[date, date]:
    """The stretch from so many days before to so many days after."""
    return day - timedelta(days=before), day + timedelta(days=after)
