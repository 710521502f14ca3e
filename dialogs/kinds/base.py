"""What every kind of question can do, and the registry of kinds.

A kind is one module of this folder with a class that fulfils `Kind` and registers an instance. To add one: add the
module, name it in `dialogs/kinds/__init__.py`, and give it cases in `tests/dialogs/readings/<kind>.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from dialogs.flow import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstance:
    """What a reading may depend on besides the text.

    `today` is the owner's local date. `per` is what the amount is counted by (month, quarter, half-year, year,
    one-off), already resolved where the question takes it from another answer; None where unknown or not a rate.
    """

    language: str
    today: date
    per: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A remark on how a text was read: a key of `dialogs/texts/readings.yaml` and the values of its places."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The text is a valid answer. `notes` say what was converted or assumed."""

    value: Any
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """The text fits several answers (a range, two options): `candidates` are values to offer as buttons."""

    candidates: tuple[Any, ...]
    note: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """The text is no answer to this question; `note` says what was found wrong with it."""

    note: Note


Reading = Read | Unclear | Unread


class Kind(Protocol):
    """One kind of question. Values are plain Python: Decimal, str, tuple of str, date, time."""

    name: str
    #: `harmless = True` on a kind says that nobody is known by an answer of it. Of all others `lampwise record` prints
    #: nothing that was typed, also where a kind says nothing of it.

    def read(self, text: str, question: Question, circumstance: Circumstance) -> Reading:
        """Understand what a person typed. Never raises, on any text."""
        ...

    def take(self, raw: object, question: Question) -> Reading:
        """Understand a JSON value that is not text (a number: yuan, a fraction; a list for many)."""
        ...

    def encode(self, value: Any) -> Any:
        """The value as JSON keeps it (Decimal and dates become text)."""
        ...

    def decode(self, kept: Any, question: Question) -> Any:
        """The value from JSON; raises ValueError where it no longer fits the question's options or limits."""
        ...

    def say(self, value: Any, question: Question, circumstance: Circumstance) -> str:
        """The value in the words of the reader: 12,000 元/月, 30%, the option's label."""
        ...


KINDS: dict[str, Kind] = {}


def is_harmless(name: str) -> bool:
    """Whether an answer of this kind may be shown to strangers; a kind has to say so itself."""
    return getattr(KINDS.get(name), "harmless", False) is True


def register(kind: Kind) -> Kind:
    """Enter a kind under its name; a name is taken once."""
    if kind.name in KINDS:
        raise ValueError(f"two kinds are called {kind.name}")
    KINDS[kind.name] = kind
    return kind
