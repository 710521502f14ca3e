"""`lampwise run`: cases in, results out, a line each as it is read; keeps nothing and opens no database.

Not its job: answering a case (`dialogs.headless`).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import ClockUnreadable, clock_for
from bot.document_files import save
from bot.given import built, meant_language
from bot.lines import json_text, lines, opened
from bot.refusal import BAD_INPUT, DONE, Refusal
from bot.settings import Settings
from dialogs.compile import Book
from dialogs.documents.making import of_position
from dialogs.documents.page import Page
from dialogs.flow import Flow
from dialogs.headless import Case, Headless
from dialogs.speaking import Speaker

Json = str | int | float | None | list["Json"] | dict[str, "Json"]

#: Of an id, where it is printed for reading.
_LONGEST_ID = 200


def run(
    settings: Settings, flow: str, cases: str, language: str | None, *, as_json: bool, documents: Path | None = None
) -> int:
    """Answer every case; BAD_INPUT where a line was no JSON object. Raises Refusal for an unknown flow or file.

    With `documents` each case also gets a document in that folder, named by its id.
    """
    chosen = settings.lang if language is None else meant_language(language)
    book, _ = built(settings, "run", chosen)
    headless, today = _headless(settings, book, flow, chosen)
    write = json_text if as_json else _readable
    code = DONE
    with opened("--cases", cases) as source:
        for line in lines(source):
            case = headless.case(line)
            told = headless.answer("") if case is None else headless.told(case)
            if documents is not None and case is not None:
                _document(Speaker(book, chosen, today), book.flows[flow], case, documents)
            code = BAD_INPUT if told["id"] is None and "verdict" not in told else code
            # A lone half of a character becomes its JSON escape, which is what it was read from.
            sys.stdout.buffer.write(write(told).encode("utf-8", "backslashreplace"))
            sys.stdout.buffer.flush()
    return code


def _document(speaker: Speaker, flow: Flow, case: Case, folder: Path) -> None:
    page = Page(speaker=speaker, sources=speaker.book.sources)
    name = str(case.id) if isinstance(case.id, str | int) else flow.id
    try:
        save(of_position(page, flow, case.position, name, case.previous), folder)
    except OSError as error:
        raise Refusal(f"--document: {folder}: {error.strerror or 'cannot be written'}") from error


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
