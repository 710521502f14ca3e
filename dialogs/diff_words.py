"""Words the changes that `dialogs.diff` finds and what they do to conversations. Not its job: finding or printing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from dialogs.carrying import Carried
from dialogs.compile import SHIPPED, compile_phrases
from dialogs.diff import Change, Thing
from dialogs.wording import Wording
from knowledge.yaml_reader import read_document

#: A longer text is cut off; the file has the whole.
_LONGEST = 80


@cache
def phrases() -> Mapping[str, Wording]:
    """What is said of changes; always as we ship it."""
    return compile_phrases(read_document(SHIPPED / "texts" / "diff.yaml"))[0]


def said(key: str, language: str, /, **values: str) -> str:
    """One text with its places filled."""
    return phrases()[key].fill(language, values)


def change(one: Change, language: str) -> str:
    """A change in a sentence."""
    key = f"diff-{one.what}"
    if one.what == "value" and not (one.old and one.new):
        key += "-unset" if one.old else "-set"
    values = {"thing": thing(one.thing, language), "key": one.key or "=", "language": one.language}
    return said(key, language, **values, old=_short(one.old), new=_short(one.new))


def thing(named: Thing, language: str) -> str:
    """A thing with those that it belongs to: question fee_period, option month."""
    if not named:
        return said("thing-dialog", language)
    comma = "，" if language.startswith("zh") else ", "
    return comma.join(f"{said(f'thing-{sort}', language)} {name}" for sort, name in named)


def carried(one: Carried, language: str) -> str:
    """What a conversation's owner will notice."""
    parts = (("again", one.again), ("new", one.new), ("dropped", one.dropped))
    semicolon = "；" if language.startswith("zh") else "; "
    return semicolon.join(said(f"half-done-{key}", language, slots=_listed(slots)) for key, slots in parts if slots)


def _listed(slots: Iterable[str]) -> str:
    return ", ".join(slots)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
