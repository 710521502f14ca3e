"""One talk as it goes on: the owner, the clock, what was last answered. Between any two inputs the owner is saved.

Not its job: what a talk expects (`expects`), reading its file (`file`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypedDict

from dialogs.compile import Book, compile_flow
from dialogs.effects import (
    CancelReminders,
    DropRecord,
    ForgetOwner,
    LogUnanswered,
    PlanReminders,
    RateEntry,
    Record,
    SendMessage,
)
from dialogs.events import ButtonPressed, CommandGiven, Event, TextReceived
from dialogs.kinds.normalize import plain
from dialogs.message import Button, Message
from dialogs.offers.vetted import as_kept
from dialogs.owner import Owner
from dialogs.owner_json import from_json, to_json
from dialogs.speaking import Speaker
from dialogs.step import step
from dialogs.talk import Turn
from knowledge.finding import Finding
from knowledge.yaml_reader import read_bytes

#: When every talk begins, unless it is told otherwise: a Monday morning in Guzhen.
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
#: What passes between two inputs.
PAUSE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What talks are played on. `folder` is that of the dialogs; `named` reads a line that begins with a slash."""

    book: Book
    folder: Path
    named: Callable[[str], tuple[str, str] | None]
    start: datetime = START


class NoSuchButton(Exception):
    """No button has this label; `labels` are those that there are."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        super().__init__(", ".join(labels))
        self.labels = labels


class EditFailed(Exception):
    """The edit does not fit the flow's file (`finding` is None), or the file is broken after it."""

    def __init__(self, finding: Finding | None = None) -> None:
        super().__init__("" if finding is None else finding.code)
        self.finding = finding


class _Common(TypedDict):
    """What every event has."""

    id: str
    at: datetime
    channel: str
    chat: str


class Scene:
    """A talk of one new owner, played by `type`, `press`, `press_old`, `wait` and `edit`."""

    def __init__(self, stage: Stage, language: str) -> None:
        self._stage = stage
        self.book = stage.book
        self.owner = Owner(channel="talk", chat="owner", language=language)
        self.at = stage.start
        #: What was answered last.
        self.messages: tuple[Message, ...] = ()
        #: Every turn so far with the book it was made by.
        self.turns: list[tuple[Book, Turn]] = []
        self._earlier: list[Button] = []
        self._sources: dict[str, str] = {}

    def copy(self) -> Scene:
        """The same talk up to here, to try what would come of an input."""
        other = Scene(self._stage, self.owner.language)
        other.book, other.owner, other.at, other.messages = self.book, self.owner, self.at, self.messages
        other.turns, other._earlier, other._sources = [*self.turns], [*self._earlier], {**self._sources}
        return other

    @property
    def speaker(self) -> Speaker:
        """Speaks the owner's language."""
        return Speaker(self.book, self.owner.language, self.at.date())

    def type(self, text: str) -> None:
        """What a person types: a command, the number of a button, or a text."""
        named = self._stage.named(text)
        if named is not None:
            self.happen(CommandGiven(name=named[0], argument=named[1], **self._event()))
        elif (button := self._numbered(text)) is not None:
            self.happen(ButtonPressed(press=button.press, **self._event()))
        else:
            self.happen(TextReceived(text=text, **self._event()))

    def press(self, label: str) -> None:
        """The button of the last answer with this label; raises NoSuchButton."""
        self._press(label, list(_buttons(self.messages)))

    def press_old(self, label: str) -> None:
        """The latest button of an earlier answer; raises NoSuchButton."""
        self._press(label, self._earlier[::-1])

    def wait(self, time: timedelta) -> None:
        """Let `time` pass."""
        self.at += time

    def edit(self, flow: str, find: str, put: str) -> None:
        """Change whole lines of the flow's YAML, which is taken up at once; raises EditFailed."""
        pattern = _lines_pattern(find)
        source = self._source(flow)
        if len(pattern.findall(source)) != 1:
            raise EditFailed
        edited = pattern.sub(lambda found: _indented(put, found["indent"]), source)
        compiled, findings = compile_flow(read_bytes(edited.encode(), f"{flow}.yaml"))
        if compiled is None:
            raise EditFailed(min(findings))
        self._sources[flow] = edited
        self.book = replace(self.book, flows={**self.book.flows, flow: compiled})

    def _source(self, flow: str) -> str:
        file = self._stage.folder / "flows" / f"{flow}.yaml"
        if flow not in self._sources and not file.is_file():
            raise EditFailed
        return self._sources.get(flow) or file.read_text("utf-8")

    def _event(self) -> _Common:
        return _Common(id=str(len(self.turns)), at=self.at, channel=self.owner.channel, chat=self.owner.chat)

    def _numbered(self, text: str) -> Button | None:
        numbered = next((one for one in reversed(self.messages) if one.numbered and one.buttons), None)
        buttons = dict(enumerate(_buttons((numbered,) if numbered else ()), 1))
        typed = plain(text)
        return buttons.get(int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 3 else None

    def _press(self, label: str, buttons: list[Button]) -> None:
        button = next((one for one in buttons if plain(one.label) == plain(label)), None)
        if button is None:
            raise NoSuchButton(tuple(dict.fromkeys(one.label for one in buttons)))
        self.happen(ButtonPressed(press=button.press, **self._event()))

    def happen(self, event: Event) -> None:
        """An event of the owner's."""
        turn = step(self.book, self.owner, event)
        self.owner = from_json(to_json(_with(turn, self.at)))
        self._earlier += _buttons(self.messages)
        self.messages = tuple(effect.message for effect in turn.effects if isinstance(effect, SendMessage))
        self.turns.append((self.book, turn))
        self.at += PAUSE


def _buttons(messages: Iterable[Message]) -> Iterator[Button]:
    return (button for message in messages for row in message.buttons for button in row)


def _with(turn: Turn, at: datetime) -> Owner:
    """The owner with what is kept of this turn, as the store would give him back."""
    owner = turn.owner
    kept = {(one.kind, one.number): one for one in owner.records}
    for effect in turn.effects:
        match effect:
            case Record():
                kept[effect.kind, effect.number] = as_kept(effect, at)
            case DropRecord():
                kept.pop((effect.kind, effect.number), None)
            case ForgetOwner():
                return Owner(channel=owner.channel, chat=owner.chat, language=owner.language)
            case SendMessage() | LogUnanswered() | RateEntry() | PlanReminders() | CancelReminders():
                pass
    return replace(owner, records=tuple(kept[key] for key in sorted(kept)))


def _lines_pattern(find: str) -> re.Pattern[str]:
    """The lines of `find`, all moved to the right by the same indent, with the line break behind them."""
    first, *others = (re.escape(line.rstrip()) for line in find.split("\n"))
    rest = "".join(rf"\n(?P=indent){line}" if line else r"\n" for line in others)
    return re.compile(rf"^(?P<indent> *){first}{rest}(?:\n|\Z)", re.MULTILINE)


def _indented(put: str, indent: str) -> str:
    return "".join(f"{indent}{line}\n" for line in put.rstrip("\n").split("\n")) if put else ""
