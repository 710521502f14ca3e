"""Holds `kinds/words.yaml` to what readings look up in it: the lists there must be, and that a word means one thing.

Not its job: reading the file for use (`kinds.words`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from dialogs.commands import COMMANDS
from dialogs.kinds.normalize import plain
from dialogs.wording import LANGUAGES
from knowledge.finding import Document, Finding, Trail
from knowledge.fitting import Each, Form, Keys, Named, Text, misfits, nearest

_LIST = Each(Text())
_SIDES = Keys({"before": _LIST, "after": _LIST}, {})
_SMALL_TALK = ("greeting", "thanks", "goodbye", "self", "abuse", "abuse_within")
#: The whole file: what the program looks up, and nothing else.
WORDS = Keys(
    {
        **dict.fromkeys(("yes", "no", "not_sure", "keep_it", "same", "zero", "foreign", "counters", "half"), _LIST),
        **dict.fromkeys(("all", "nothing", "negations", "months", "weekdays", "endless", "question_words"), _LIST),
        **dict.fromkeys(("hedges", "bounds", "yuan", "except", "picks", "chat"), _SIDES),
        "languages": Keys(dict.fromkeys(LANGUAGES, _LIST), {}),
        "per": Keys(dict.fromkeys(("month", "quarter", "half-year", "year", "one-off", "day", "week"), _SIDES), {}),
        "firms": Keys(dict.fromkeys(("legal", "trade", "places"), _LIST), {}),
        "names": Keys(dict.fromkeys(("before", "after", "companies", "remarks"), _LIST), {}),
        "small_talk": Keys(dict.fromkeys(_SMALL_TALK, _LIST), {}),
        "commands": Named(_LIST),
        "cantonese": Named(Text()),
        "days": Named(Text()),
        "zones": Named(_LIST),
    },
    {},
)

#: Lists of which a word may stand in one only, since a whole answer is looked up in them; a * stands for each name.
APART: Sequence[Sequence[Trail]] = (
    (("yes",), ("no",), ("not_sure",)),
    (("yes",), ("keep_it",)),
    (("all",), ("nothing",)),
    (("languages", "*"),),
    (("commands", "*"),),
    (("per", "*", "before"),),
    (("per", "*", "after"),),
    (("yuan", "before"), ("foreign",)),
    (("yuan", "after"), ("foreign",)),
    (("zones", "*"),),
    tuple(("small_talk", sort) for sort in _SMALL_TALK[:-1]),
)
#: Lists whose order counts, and how many words each has.
_COUNTED: Mapping[str, int] = {"months": 12, "weekdays": 7}


def check(document: Document, flows: Collection[str]) -> Iterator[Finding]:
    """All that is wrong in the file; `flows` are the dialogs that a command may start."""
    yield from document.findings
    if document.content is None:
        return
    wrong = list(misfits(document, (), document.content, WORDS))
    yield from wrong
    if not wrong:
        yield from (finding for group in APART for finding in _apart(document, group))
        yield from _counted(document)
        yield from _named(document, flows)


def _apart(document: Document, group: Iterable[Trail]) -> Iterator[Finding]:
    seen: dict[str, Trail] = {}
    for trail in (found for one in group for found in _each(document.top, one, ())):
        for place, word in enumerate(document.at(trail)):
            first = seen.setdefault(plain(word) or word, trail)
            if first != trail:
                names = {"first": _said(first), "second": _said(trail)}
                yield document.finding((*trail, place), "word-twice", word=word, **names)


def _each(content: Mapping[str, Any], trail: Trail, above: Trail) -> Iterator[Trail]:
    """The lists at a trail, whose * stands for each name that there is."""
    if not trail:
        yield above
        return
    for key in content if trail[0] == "*" else (str(trail[0]),):
        yield from _each(content[key], trail[1:], (*above, key))


def _said(trail: Trail) -> str:
    return ".".join(str(part) for part in trail)


def _counted(document: Document) -> Iterator[Finding]:
    for key, count in _COUNTED.items():
        if len(document.top[key]) != count:
            yield document.at_key((key,), "words-count", key=key, wanted=str(count), found=str(len(document.top[key])))
    for word, number in document.top["days"].items():
        if not number.removeprefix("-").isdecimal():
            yield document.finding(("days", word), "whole-number-wanted", key=word, found=number)


def _named(document: Document, flows: Collection[str]) -> Iterator[Finding]:
    """Commands and time zones are names out of other places."""
    commands = {*COMMANDS, *flows}
    for name in document.top["commands"]:
        if name not in commands:
            near = nearest(name, sorted(commands))
            yield document.at_key(("commands", name), "command-does-nothing", name=name, near=near)
    zones = available_timezones()
    for name in document.top["zones"]:
        if name not in zones:
            yield document.at_key(("zones", name), "zone-unknown", name=name, near=nearest(name, sorted(zones)))


__all__ = ["APART", "WORDS", "Form", "check"]
