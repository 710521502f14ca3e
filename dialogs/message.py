"""What is said to a person, free of any chat platform: lines, buttons, progress.

Text is plain and never markup: what a user typed cannot become bold, a link or a tag on any channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Style = Literal["plain", "heading", "item", "quiet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One paragraph. `quiet` is a remark (an echo, a source); `item` stands in a list."""

    text: str
    style: Style = "plain"
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A tap that stands for an event; `press` is opaque to channels and at most 64 bytes."""

    label: str
    press: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; `buttons` are rows. `progress` is (questions answered, questions in all)."""

    lines: tuple[Line, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    progress: tuple[int, int] | None = None
    #: May take the place of our last message where the channel can edit.
    replaces: bool = False
    #: It asks a question and shows nothing else: what follows a press under it may take its place. False: it stays,
    #: whatever is pressed, as do results, answers, sums and letters.
    gives_way: bool = False
    #: A typed number picks a button by its place; not so where a number may be the answer to a question.
    numbered: bool = False
    #: Only of use until the person writes again, such as a suggestion or a question that is asked again: where several
    #: of these wait to be said, the newest are enough.
    passing: bool = False
    #: A document that goes with the message, as `dialogs/documents/wish.py` writes it; the channel makes and gives it.
    document: str | None = None
    #: Which message of ours it takes the place of, as the channel counts them; only a channel says so.
    over: int | None = None
