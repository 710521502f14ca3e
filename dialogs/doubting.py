"""Asks a person "really?" before an answer is taken that its question calls doubtful (`doubts` in the YAML).

Until they answer, the draft of the conversation holds first what a yes takes, then what may be kept all the same.
Cases without a person (`headless`) are never doubted. Not its job: what is doubtful (the YAML says it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from dialogs.asking import Asked, said
from dialogs.derived_names import TODAY, months_name
from dialogs.doubt import Doubt
from dialogs.flow import Flow
from dialogs.fold import enter, reckoned
from dialogs.kinds import KINDS, Read
from dialogs.outcome import raw
from dialogs.quiet_hours import QUIET
from dialogs.speaking import Speaker
from dialogs.wording import Wording

_HALF_A_DAY = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """What is said, and the values that may be taken: the first by a yes; `draft` holds them as JSON keeps them."""

    says: str
    values: tuple[Any, ...]
    draft: tuple[str, ...]
    yes: Wording | None
    no: Wording | None


def doubted(speaker: Speaker, asked: Asked, value: Any) -> Doubted | None:
    """Why to ask again about `value`; None where nothing speaks against it, or they stand by it."""
    if not asked.question.doubts:
        return None
    encoded = KINDS[asked.question.kind].encode(value)
    values = _values(asked, value, speaker.today)
    for doubt in asked.question.doubts:
        if doubt.when.evaluate(values) is True and not (doubt.keeps and _stands_by(asked, encoded)):
            worded = _worded(speaker, asked, value, doubt)
            if worded is not None:
                return worded
    return None


def _stands_by(asked: Asked, encoded: Any) -> bool:
    """Whether this very answer was doubted just now, or is the one that they gave before."""
    given = [one.value for one in asked.conversation.answers if (one.slot, one.how) == (asked.question.id, "given")]
    return encoded in asked.conversation.draft[1:] or encoded in given[-1:]


def _worded(speaker: Speaker, asked: Asked, value: Any, doubt: Doubt) -> Doubted | None:
    """None where something else should be offered and there is no such thing."""
    question = asked.question
    places = _places(speaker, asked, value)
    instead = None if doubt.instead is None else _read(speaker, asked, doubt.instead, places)
    if doubt.instead is not None and instead in (None, value):
        return None
    kept = (value,) if doubt.keeps else ()
    values = kept if instead is None else (instead, *kept)
    if instead is not None:
        places["instead"] = said(speaker, asked, instead)
    encoded = [KINDS[question.kind].encode(one) for one in values]
    # Where a yes takes the doubted answer itself, it stands there twice.
    draft = tuple(encoded if instead is not None else encoded * 2)
    told = doubt.says.fill(speaker.language, places)
    return Doubted(says=told, values=values, draft=draft, yes=doubt.yes, no=doubt.no)


def _read(speaker: Speaker, asked: Asked, instead: str, places: Mapping[str, str]) -> Any:
    text = Wording(instead, instead, instead).fill(speaker.language, places)
    circumstance = speaker.circumstance(asked.question, asked.position.answers)
    reading = KINDS[asked.question.kind].read(text, asked.question, circumstance)
    return reading.value if isinstance(reading, Read) else None


def _values(asked: Asked, value: Any, today: date) -> Mapping[str, Any]:
    """What the condition reads: the answers as far as known, this one, and the day."""
    values = _unknown(asked.flow)
    for slot, known in asked.position.answers.items():
        enter(values, asked.flow.by_slot[slot], known)
    enter(values, asked.question, value)
    return {**values, TODAY: reckoned(today)}


def _unknown(flow: Flow) -> dict[str, Any]:
    slots = [name for question in flow.questions for name in (question.id, months_name(question.id))]
    return dict.fromkeys(slots)


def _places(speaker: Speaker, asked: Asked, value: Any) -> dict[str, str]:
    """Every slot by its name; {value} and its parts; the quiet hours as a clock of twelve hours shows them."""
    answers = {**asked.position.answers, asked.question.id: value}
    known = {slot: speaker.value(asked.flow.by_slot[slot], answers) for slot in answers}
    parts = {"month": str(value.month), "day": str(value.day)} if isinstance(value, date) else {}
    return {
        **known,
        **parts,
        "value": said(speaker, asked, value),
        "plain": raw(value),
        "quiet_starts": _clock(QUIET.starts),
        "quiet_ends": _clock(QUIET.ends),
    }


def _clock(hour: time) -> str:
    shown = hour.hour % _HALF_A_DAY or _HALF_A_DAY
    return f"{shown}:{hour:%M}" if hour.minute else str(shown)


#: The places that the texts of doubts have besides slots.
PLACES = frozenset({"value", "instead", "plain", "month", "day", "quiet_starts", "quiet_ends"})
