"""Updates as they never should be: recorded ones, of which any part may be gone or be anything. Seeded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

RECORDED = Path(__file__).parents[2] / "telegram" / "updates"
ODD: tuple[Any, ...] = (
    True, False, None, 0, -1, 5, 1.5, 2**31, 2**63, 2**64, 10**40, float("nan"), float("inf"), "", "x", "\ud800", "\0",
    "9" * 300, "x" * 5000, [], {}, [[]], [{"id": 1}], {"id": {}}, {"id": "\ud800", "type": []}, ["\ud800"] * 3,
    [{"type": "bold", "offset": -5, "length": 10**9}], [{"offset": "a"}], {"a": {"b": {"c": [[[[{}]]]]}}},
)  # fmt: skip


def recorded() -> list[dict[str, Any]]:
    """Every update that was recorded."""
    return [json.loads(file.read_text("utf-8")) for file in sorted(RECORDED.glob("*.json"))]


def odd_updates(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """`count` updates with one to three parts spoilt, also their numbers."""
    chance = Random(seed)
    sources = recorded()
    for number in range(count):
        update = deepcopy(chance.choice(sources))
        update["update_id"] = 1000 + number
        for _ in range(chance.randint(1, 3)):
            _spoil(update, chance)
        yield update


def _spoil(update: dict[str, Any], chance: Random) -> None:
    """Replace or remove one part at any depth."""
    places = list(_places(update))
    if not places:
        return
    holder, key = chance.choice(places)
    if chance.random() < 0.2 and isinstance(holder, dict):
        del holder[key]
    else:
        holder[key] = deepcopy(chance.choice(ODD))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in pairs:
        yield value, key
        yield from _places(part)


def text_of(number: int, chat: int, said: str) -> dict[str, Any]:
    """A sound update: somebody types."""
    person = {"id": chat, "is_bot": False, "first_name": "A", "language_code": "zh-hans"}
    message = {"message_id": 1, "date": 1772413200, "chat": {"id": chat, "type": "private"}, "from": person}
    return {"update_id": number, "message": {**message, "text": said}}
