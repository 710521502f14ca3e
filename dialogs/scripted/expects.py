"""Compares what a talk expects with what was answered, and with the result it ends in.

Not its job: making the answers (`scene`), the words for what differs (dialogs/texts/talks.yaml).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from dialogs.message import Message
from dialogs.scripted.shape import EndsShape, EntryShape
from dialogs.speaking import Speaker
from knowledge.finding import Trail

#: The share of an expected text that at least stands in the line that may take its place.
_ALIKE = 0.4
_MOST_LINES = 4
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`code` names what is wrong with what stands at `trail`; `instead` is what would be right there."""

    trail: Trail
    code: str
    wanted: str = ""
    answered: str = ""
    instead: str | None = None


def unlike(entry: EntryShape, messages: Iterable[Message], speaker: Speaker) -> Iterator[Difference]:
    """Where the answer to one entry is not as expected; trails begin at the entry."""
    answer = _Answer(tuple(messages))
    yield from _not_answered(entry.we, answer)
    yield from _answered_all_the_same(entry.without, answer)
    yield from _not_offered(entry.buttons, answer)
    if entry.noted is not None:
        yield from _noted(entry.noted, answer, speaker)


def _not_answered(texts: Iterable[str], answer: _Answer) -> Iterator[Difference]:
    for place, wanted in enumerate(texts):
        if spaced(wanted) not in answer.text:
            yield Difference(
                trail=("we", place), code="talk-not-answered", wanted=wanted, answered=answer.short,
                instead=answer.nearest(wanted, answer.lines),
            )  # fmt: skip


def _answered_all_the_same(texts: Iterable[str], answer: _Answer) -> Iterator[Difference]:
    for place, unwanted in enumerate(texts):
        if spaced(unwanted) in answer.text:
            found = next((line for line in answer.lines if spaced(unwanted) in line), unwanted)
            yield Difference(
                trail=("without", place), code="talk-answered-all-the-same", wanted=unwanted, answered=found[:_LONGEST]
            )


def _not_offered(labels: Iterable[str], answer: _Answer) -> Iterator[Difference]:
    for place, label in enumerate(labels):
        if label not in answer.labels:
            yield Difference(
                trail=("buttons", place), code="talk-not-offered", wanted=label, answered=" / ".join(answer.labels),
                instead=answer.nearest(label, answer.labels),
            )  # fmt: skip


def _noted(wanted: str, answer: _Answer, speaker: Speaker) -> Iterator[Difference]:
    echoed = [value for line in answer.lines for value in echoed_in(line, speaker)]
    if spaced(wanted) in echoed:
        return
    found = next(iter(echoed), None)
    answered = found if found is not None else answer.short
    yield Difference(trail=("noted",), code="talk-not-noted", wanted=wanted, answered=answered, instead=found)


def echoed_in(line: str, speaker: Speaker) -> Iterator[str]:
    """The values that a line may echo, where it is an echo of an answer; the end of the sentence may be left out."""
    for before, after in _frames(speaker):
        closed = line if line.endswith(after) else line + after
        if before.strip() and line.startswith(before):
            yield closed[len(before) : len(closed) - len(after)]


def _frames(speaker: Speaker) -> Iterable[tuple[str, str]]:
    """What stands before and behind the value, by what questions are called, the longest first."""
    questions = [question for flow in speaker.book.flows.values() for question in flow.questions]
    echoes = {spaced(speaker.echo(question, "\0")).partition("\0") for question in questions}
    return sorted(((before, after) for before, _, after in echoes), key=lambda frame: -len(frame[0]))


class _Answer:
    """The messages of one turn as texts to look in."""

    def __init__(self, messages: tuple[Message, ...]) -> None:
        self.lines = [spaced(line.text) for message in messages for line in message.lines]
        self.labels = [button.label for message in messages for row in message.buttons for button in row]
        progress = [f"{one.progress[0]}/{one.progress[1]}" for one in messages if one.progress is not None]
        self.text = "\n".join((*self.lines, *self.labels, *progress))

    @property
    def short(self) -> str:
        """The first lines, each cut short."""
        return " | ".join(line[:_LONGEST] for line in self.lines[:_MOST_LINES]) or "-"

    def nearest(self, wanted: str, among: list[str]) -> str | None:
        """What most likely says now what `wanted` said; None where nothing has enough in common with it."""
        shares = [(share(spaced(wanted), one), one) for one in among]
        most, nearest = max(shares, key=lambda found: found[0], default=(0.0, ""))
        return nearest if most >= _ALIKE else None


def share(wanted: str, line: str) -> float:
    """How much of `wanted`, from 0 to 1, stands in the line, in its order; a little less the longer the line is."""
    matcher = SequenceMatcher(None, line, wanted, autojunk=False)
    held = sum(block.size for block in matcher.get_matching_blocks() if block.size > 1)
    return held / len(wanted) - len(line) / 1e6


def spaced(text: str) -> str:
    """With one space where there is any white space: how a file folds a text does not count."""
    return " ".join(text.split())


def ends_unlike(ends: EndsShape, result: Mapping[str, Any] | None) -> Iterator[Difference]:
    """Where the last result of a talk is not as expected; trails begin at the talk."""
    if result is None:
        yield Difference(trail=("ends",), code="talk-no-result")
        return
    yield from _exactly(("ends", "verdict"), ends.verdict, result["verdict"])
    yield from _exactly(("ends", "score"), ends.score, result.get("score"))
    for name, amount in (ends.figures or {}).items():
        found = result["figures"].get(name)
        if _number(amount) != _number(found):
            yield replace(_otherwise(("ends", "figures", name), amount, found), instead=_said(found))
    for function, how in (ends.plan or {}).items():
        yield from _exactly(("ends", "plan", function), how, result.get("plan", {}).get(function, {}).get("how"))
    yield from _among(("ends", "flags"), ends.flags, [flag["id"] for flag in result.get("flags", ())])
    yield from _among(("ends", "demands"), ends.demands, [one["clause"] for one in result.get("demands", ())])
    yield from _among(("ends", "ask_next"), ends.ask_next, result["ask_next"])


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _exactly(trail: Trail, wanted: object, found: object) -> Iterator[Difference]:
    if wanted is not None and wanted != found:
        yield _otherwise(trail, wanted, found)


def _otherwise(trail: Trail, wanted: object, found: object) -> Difference:
    # That there is none cannot be expected, but of a figure.
    instead = None if found is None else _said(found)
    return Difference(
        trail=trail, code="talk-ends-otherwise", wanted=_said(wanted), answered=_said(found), instead=instead
    )


def _among(trail: Trail, wanted: Iterable[str], found: list[str]) -> Iterator[Difference]:
    answered = ", ".join(found) or "-"
    for place, one in enumerate(wanted):
        if one not in found:
            yield Difference(trail=(*trail, place), code="talk-ends-otherwise", wanted=one, answered=answered)


def _said(value: object) -> str:
    return "null" if value is None else str(value)
