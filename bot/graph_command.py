"""`lampwise graph`: the picture of a dialog, as SVG or Mermaid, with the way of one conversation if wished.

Not its job: the picture (`dialogs.graph.picture`), drawing it (`dialogs.graph.svg`, `dialogs.graph.mermaid`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

from bot.clock import ClockUnreadable, clock_for
from bot.database import refused
from bot.given import built, meant_language
from bot.refusal import DONE, Refusal
from bot.settings import Settings
from dialogs.compile import Book
from dialogs.decide import Deduction
from dialogs.flow import Flow
from dialogs.fold import Position, position
from dialogs.graph.mermaid import mermaid
from dialogs.graph.picture import Picture, picture
from dialogs.graph.svg import svg
from dialogs.headless import Headless
from dialogs.loop import series
from dialogs.owner import Owner
from dialogs.speaking import Speaker
from storage.opening import is_there, opened
from storage.store import Store

#: The answers of a conversation, and what followed from the case before it in a series.
_Way = tuple[Position, Deduction | None]

_DRAWN: Mapping[str, Callable[[Picture], str]] = {".svg": svg, ".mmd": mermaid}


def run(settings: Settings, flow: str, output: Path | None, language: str | None, path: str | None) -> int:
    """Write the picture to `output`, or Mermaid to the standard output; raises Refusal for what cannot be used."""
    chosen = settings.lang if language is None else meant_language(language)
    draw = mermaid if output is None else _DRAWN.get(output.suffix.lower())
    if draw is None:
        raise Refusal(f"-o: {output}: the name must end in .svg or .mmd")
    book, _ = built(settings, "run", chosen)
    if flow not in book.flows:
        raise Refusal(f"there is no flow {flow[:40]!r}; there are: {', '.join(book.flows)}")
    speaker = _speaker(settings, book, chosen)
    way, previous = (None, None) if path is None else _way(settings, book, book.flows[flow], speaker, path)
    _write(draw(picture(speaker, book.flows[flow], way, previous)), output)
    return DONE


def _speaker(settings: Settings, book: Book, language: str) -> Speaker:
    try:
        return Speaker(book, language, clock_for(settings.clock_file)().astimezone(ZoneInfo(settings.timezone)).date())
    except ClockUnreadable as error:
        raise Refusal(str(error)) from error


def _way(settings: Settings, book: Book, flow: Flow, speaker: Speaker, path: str) -> _Way:
    """That of an owner's last conversation, or of the first case in a file."""
    channel, colon, chat = path.partition(":")
    if colon and not Path(path).exists():
        return _of_owner(_owner(settings, channel, chat), flow, path)
    try:
        with Path(path).open(encoding="utf-8", errors="replace") as cases:
            case = Headless(book, flow, speaker.language, speaker.today).case(cases.readline())
    except OSError as error:
        raise Refusal(f"--path: {path[:200]}: {error.strerror or 'not a file'}") from error
    if case is None:
        raise Refusal(f"--path: {path[:200]}:1: this line is no JSON object with answers")
    return case.position, case.previous


def _owner(settings: Settings, channel: str, chat: str) -> Owner:
    url = settings.database_url
    with refused():
        if not is_there(url):
            raise Refusal(f"--path: there is no database yet, so nothing of {channel[:40]}:{chat[:60]}")
        with opened(url) as engine:
            return Store(engine=engine, apology=_no_apology).snapshot(channel, chat)


def _no_apology(owner: Owner) -> NoReturn:
    raise NotImplementedError


def _of_owner(owner: Owner, flow: Flow, path: str) -> _Way:
    talked = [one for one in owner.conversations.values() if one.flow == flow.id]
    if not talked:
        raise Refusal(f"--path: {path[:100]} has no conversation of {flow.id}")
    latest = max(talked, key=lambda one: one.number)
    return position(flow, latest.answers), series.last(series.before(flow, owner, latest.about))


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8"))
        return
    try:
        output.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise Refusal(f"-o: {output}: {error.strerror or 'cannot be written'}") from error
