"""`lampwise run`: cases in, results out, a line each as it is read; keeps nothing and opens no database.

Not its job: answering a case (`dialogs.headless`).
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import ClockUnreadable, clock_for
from bot.document_files import save
from bot.given import built, meant_language
from bot.lines import json_text, lines, opened
from bot.pictures import shown
from bot.refusal import BAD_INPUT, DONE, Refusal
from bot.settings import Settings
from dialogs.compile import Book
from dialogs.documents.of_cases import compared, of_case
from dialogs.documents.page import Document, Page
from dialogs.flow import Flow
from dialogs.fold import Position
from dialogs.headless import Case, Headless
from dialogs.offers.vetted import MOST
from dialogs.speaking import Speaker

Json = str | int | float | None | list["Json"] | dict[str, "Json"]

#: Of an id, where it is printed for reading.
_LONGEST_ID = 200


def run(
    settings: Settings, flow: str, cases: str, language: str | None, *, as_json: bool, documents: Path | None = None
) -> int:
    """Answer every case; BAD_INPUT where a line was no JSON object. Raises Refusal for an unknown flow or file.

    With `documents` each case also gets its documents in that folder, named by its id, and the latest few a comparison.
    """
    chosen = settings.lang if language is None else meant_language(language)
    book, _ = built(settings, "run", chosen)
    headless, today = _headless(settings, book, flow, chosen)
    write = json_text if as_json else _readable
    written = None if documents is None else _Documents(Speaker(book, chosen, today), book.flows[flow], documents)
    code = DONE
    with opened("--cases", cases) as source:
        for line in lines(source):
            case = headless.case(line)
            told = headless.answer("") if case is None else headless.told(case)
            if written is not None and case is not None:
                written.add(case)
            code = BAD_INPUT if told["id"] is None and "verdict" not in told else code
            # A lone half of a character becomes its JSON escape, which is what it was read from.
            sys.stdout.buffer.write(write(told).encode("utf-8", "backslashreplace"))
            sys.stdout.buffer.flush()
    if written is not None:
        written.compare()
    return code


class _Documents:
    """Writes the documents of the cases of one flow into `folder`."""

    def __init__(self, speaker: Speaker, flow: Flow, folder: Path) -> None:
        self._page = Page(speaker=speaker, sources=speaker.book.sources)
        self._flow = flow
        self._folder = folder
        # So many are compared at once; of more the latest, as in a chat.
        self._latest: deque[Position] = deque(maxlen=MOST)

    def add(self, case: Case) -> None:
        self._latest.append(case.position)
        self._save(of_case(self._page, self._flow, case))

    def compare(self) -> None:
        self._save(compared(self._page, self._flow, self._latest))

    def _save(self, made: Iterable[Document]) -> None:
        try:
            for document in made:
                save(shown(document), self._folder)
        except OSError as error:
            raise Refusal(f"--document: {self._folder}: {error.strerror or 'cannot be written'}") from error


def _headless(settings: Settings, book: Book, flow: str, language: str) -> tuple[Headless, date]:
    if flow not in book.flows:
        raise Refusal(f"there is no flow {flow[:40]!r}; there are: {', '.join(book.flows)}")
    try:
        today = clock_for(settings.clock_file)().astimezone(ZoneInfo(settings.timezone)).date()
    except ClockUnreadable as error:
        raise Refusal(str(error)) from error
    return Headless(book, book.flows[flow], language, today), today


def _readable(told: Mapping[str, Json]) -> str:
    """The same for reading: a case is a paragraph, each part of its result a line, or a list of lines."""
    parts = [_part(key, value) for key, value in told.items() if key != "id" and value not in ([], {}, None)]
    return "\n  ".join([str(told["id"])[:_LONGEST_ID], *parts]) + "\n\n"


def _part(key: str, value: Json) -> str:
    if isinstance(value, list) and isinstance(value[0], dict):
        return "\n    ".join([f"{key}:", *map(_said, value)])
    if isinstance(value, dict):
        return "\n    ".join([f"{key}:", *(f"{name}: {_said(part)}" for name, part in value.items())])
    return f"{key}: {_said(value)}"


def _said(value: Json) -> str:
    if isinstance(value, dict):
        return " | ".join(map(_said, value.values()))
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    return "?" if value is None else str(value)
