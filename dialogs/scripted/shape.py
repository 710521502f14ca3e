"""The shape of a talk file: a conversation with its answers, as a trade person writes it down (see docs/talks.md).

Not its job: reading the file (`file`), playing it (`playing`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from dialogs.schema import Id, Name, Strict, Texts, Told


class EntryShape(Strict):
    """One thing that happens (`you`, `press`, `press_old`, `wait` or `edit`) and what is answered to it."""

    #: Typed as it stands; a text with a slash is a command.
    you: str | None = None
    #: Labels of buttons of the last answer, pressed one after the other.
    press: Texts = ()
    #: The label of a button of an earlier answer.
    press_old: Told | None = None
    #: 3 days, 2 hours: the clock moves on.
    wait: Told | None = None
    #: A flow whose YAML is edited now: the whole lines `find` give way to the lines `put`.
    edit: Id | None = None
    find: Told | None = None
    put: str | None = None

    #: Each must stand in what is answered: its lines, labels of buttons, and the progress as done/all.
    we: Texts = ()
    #: None of these may.
    without: Texts = ()
    #: The answer as it was understood and echoed.
    noted: Told | None = None
    #: Labels of buttons that must be offered.
    buttons: Texts = ()


class EndsShape(Strict):
    """What the last result of the talk must be: listed flags, demands and slots are among those that are given."""

    verdict: Id | None = None
    score: int | None = None
    flags: Texts = ()
    figures: dict[Name, Decimal | None] | None = None
    plan: dict[Id, Id] | None = None
    demands: Texts = ()
    ask_next: Texts = ()


class TalkShape(Strict):
    """A whole talk file."""

    #: What it shows, in a line.
    talk: Told
    language: Literal["zh-Hans", "zh-Hant", "en"] = "zh-Hans"
    #: What was changed in a recorded conversation so that nobody is known by it.
    masked: Texts = ()
    says: list[EntryShape]
    ends: EndsShape | None = None
