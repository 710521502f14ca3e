"""What is kept on an owner as rows that a person reads: one row an answer, a result's figure, a message.

Takes the tables as plain lists and dicts. Not its job: the file format (`csv_text`), fetching it (`storage.export`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from dialogs.flow import Flow
from dialogs.former_names import slot_of
from dialogs.kinds import KINDS
from dialogs.speaking import Speaker

Cell = str | int | float | Decimal | None
Cells = tuple[Cell, ...]
Entry = Mapping[str, Any]

COLUMNS = ("part", "number", "about", "item", "value", "amount", "typed", "at")


def sheet(speaker: Speaker, timezone: str, kept: Mapping[str, Sequence[Entry]]) -> Iterator[Cells]:
    """The heading and the rows, in the speaker's language; moments as the owner's clock shows them."""
    yield tuple(speaker.phrase(f"sheet-{name}") for name in COLUMNS)
    for table, entries in kept.items():
        named = speaker.phrase(f"sheet-of-{table}") if f"sheet-of-{table}" in speaker.book.phrases else table
        for entry in entries:
            for row in _READERS.get(table, _anything)(speaker, entry):
                yield (named, *row[:-1], _clock(row[-1], timezone))


def _conversation(speaker: Speaker, entry: Entry) -> Iterator[Cells]:
    flow = speaker.book.flows.get(entry["flow"])
    title = speaker.text(flow.title) if flow is not None else entry["flow"]
    for answer in entry["answers"]:
        item, value, amount = _answer(speaker, flow, answer["slot"], answer["value"])
        if answer["how"] != "given":
            value = speaker.phrase("not-sure" if answer["how"] == "not-sure" else f"sheet-{answer['how']}")
        yield entry["number"], title, item, value, amount, answer["raw"], answer["at"]


def _record(speaker: Speaker, entry: Entry) -> Iterator[Cells]:
    flow = speaker.book.flows.get(entry["kind"])
    about = entry["subject"] or (speaker.text(flow.title) if flow is not None else entry["kind"])
    for slot, kept in entry["answers"].items():
        item, value, amount = _answer(speaker, flow, slot, kept)
        words = value if kept is not None else speaker.phrase("not-sure")
        yield entry["number"], about, item, words, amount, "", entry["at"]
    for name, value in _leaves("", entry["result"]):
        verdict = flow.verdicts.get(str(value)) if flow is not None and name == "verdict" else None
        words = str(value) if verdict is None else speaker.text(verdict.title)
        yield entry["number"], about, name, *_typed(value, words), "", entry["at"]


def _inbox(speaker: Speaker, entry: Entry) -> Iterator[Cells]:
    raw = {name: value for name, value in entry["raw"].items() if name not in ("id", "at", "channel", "chat")}
    yield None, "", entry["kind"], "", None, " ".join(map(str, raw.values())), entry["at"]


def _outbox(speaker: Speaker, entry: Entry) -> Iterator[Cells]:
    lines = (line["text"] for line in entry["body"].get("lines", ()))
    yield entry["id"], "", entry["state"], "\n".join(lines), None, "", entry["created_at"]


def _anything(speaker: Speaker, entry: Entry) -> Iterator[Cells]:
    """A table that has no reader of its own: each of its values."""
    for name, value in _leaves("", entry):
        yield entry.get("number"), "", name, *_typed(value, str(value)), "", None


_READERS: Mapping[str, Callable[[Speaker, Entry], Iterator[Cells]]] = {
    "conversation": _conversation,
    "record": _record,
    "inbox": _inbox,
    "outbox": _outbox,
}


def _answer(speaker: Speaker, flow: Flow | None, slot: str, kept: Any) -> tuple[str, str, Cell]:
    """The question, the answer in words and, where it is one, as a number; as kept where the flow has changed since."""
    question = flow.by_slot.get(slot_of(flow, slot)) if flow is not None else None
    if question is None or kept is None:
        return (slot if question is None else speaker.text(question.ask)), _as_kept(kept), None
    item = speaker.text(question.ask)
    try:
        value = KINDS[question.kind].decode(kept, question)
        return item, speaker.value(question, {question.id: value}), value if isinstance(value, Decimal) else None
    except ValueError:
        return item, _as_kept(kept), None


def _as_kept(kept: Any) -> str:
    if kept is None:
        return ""
    return kept if isinstance(kept, str) else json.dumps(kept, ensure_ascii=False)


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Each value in the tree with the way to it: figures.exposure, flags.1.id."""
    if isinstance(value, Mapping):
        below = cast("Mapping[str, Any]", value).items()
    elif isinstance(value, list):
        below = ((str(place), one) for place, one in enumerate(cast("list[Any]", value), 1))
    else:
        yield name, value
        return
    for key, one in below:
        yield from _leaves(f"{name}.{key}" if name else key, one)


def _typed(value: Any, words: str) -> tuple[str, Cell]:
    """Words for the reader, and the number where the value is one."""
    if value is None:
        return "", None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "", value
    return words, None


def _clock(moment: Cell, timezone: str) -> str:
    if moment is None:
        return ""
    return datetime.fromisoformat(str(moment)).astimezone(ZoneInfo(timezone)).isoformat(" ", "minutes")[:16]
