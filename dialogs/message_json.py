"""A Message as JSON keeps it, and back: what is read is equal to what was written.

Not its job: turning it into a string, or keeping it (`storage`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dialogs.message import Button, Line, Message


def to_json(message: Message) -> dict[str, Any]:
    """The message as plain lists, dicts and text."""
    return {
        "lines": [{"text": line.text, "style": line.style, "link": line.link} for line in message.lines],
        "buttons": [[{"label": button.label, "press": button.press} for button in row] for row in message.buttons],
        "progress": None if message.progress is None else list(message.progress),
        "replaces": message.replaces,
        "gives_way": message.gives_way,
        "numbered": message.numbered,
        "passing": message.passing,
        "document": message.document,
        "over": message.over,
    }


def from_json(kept: Mapping[str, Any]) -> Message:
    """The message that `to_json` wrote; raises KeyError, TypeError or ValueError where it did not."""
    progress = kept["progress"]
    return Message(
        lines=tuple(Line(**line) for line in kept["lines"]),
        buttons=tuple(tuple(Button(**button) for button in row) for row in kept["buttons"]),
        progress=None if progress is None else _pair(progress),
        replaces=kept["replaces"],
        gives_way=kept.get("gives_way") is True,
        numbered=kept["numbered"],
        passing=kept.get("passing", False),
        document=kept.get("document"),
        over=kept.get("over"),
    )


def _pair(progress: list[int]) -> tuple[int, int]:
    answered, asked = progress
    return answered, asked
