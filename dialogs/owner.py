"""The frozen snapshot of what we keep on one owner, as `step` sees it and gives it back.

A conversation is the list of its answers; where it stands is computed from them by `fold`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

#: given: a value; not-sure: 不知道; later: left open for now; withdrawn: taken back (back, edit) and to be asked again.
How = Literal["given", "not-sure", "later", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One entry of a conversation's list; the last entry of a slot counts.

    `value` is JSON-ready as the question's kind encodes it (None unless `how` is given), `raw` what was typed.
    """

    slot: str
    how: How
    value: Any = None
    raw: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """`number` counts an owner's conversations from 1. `ended`: "" while open, else finished or cancelled."""

    number: int
    flow: str
    answers: tuple[Answer, ...] = ()
    #: The flow's hash when it was last folded, to see that the YAML has changed since.
    flow_hash: str = ""
    #: What it is about where that is no answer of its own, such as a contract's quarter; empty: the flow says it.
    about: str = ""
    #: The slot that was last asked for, so that a text typed before the YAML changed still answers what was shown.
    shown: str = ""
    #: Ticks of the pending many question that are not yet an answer.
    draft: tuple[str, ...] = ()
    #: How often in a row the pending question could not read what was typed.
    misses: int = 0
    #: The number of the record that its result is kept under; 0 while there is none.
    record: int = 0
    ended: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record of the owner's as kept: see effects.Record."""

    kind: str
    number: int
    subject: str
    answers: Mapping[str, Any]
    result: Mapping[str, Any]
    flow_hash: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """`language` is one of LANGUAGES. `focus` is the conversation that typed text goes to; 0: none."""

    channel: str
    chat: str
    language: str = "zh-Hans"
    timezone: str = "Asia/Shanghai"
    focus: int = 0
    #: Has been shown what we keep and how to have it removed.
    privacy_shown: bool = False
    #: The topic of the books that was told last: a short question may follow up on it.
    last_topic: str = ""
    #: The question to the books that was asked last, shortened and without its digits; "" once it was settled.
    last_question: str = ""
    conversations: Mapping[int, Conversation] = field(default_factory=dict[int, Conversation])
    records: tuple[Kept, ...] = ()

    @property
    def next_conversation(self) -> int:
        """The number that the next conversation gets; they count from 1."""
        return 1 + max(self.conversations, default=0)
