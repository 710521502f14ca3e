"""`lampwise ask`: questions in, what the books say out, a line each as it is read; opens no database.

Not its job: finding the entry (`knowledge.search`), wording it (`dialogs.free_text.entry_telling`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import ClockUnreadable, clock_for
from bot.given import built, meant_language
from bot.lines import STANDARD_INPUT, json_object, json_text, lines, opened
from bot.refusal import BAD_INPUT, DONE, Refusal
from bot.settings import Settings
from dialogs.free_text.telling import Librarian
from dialogs.speaking import Speaker

#: Scores are told with so many places.
_PLACES = 4


def run(settings: Settings, text: str | None, language: str | None, batch: str | None, *, as_json: bool) -> int:
    """Answer the text, or each line of the batch; BAD_INPUT where a line was no question."""
    chosen = settings.lang if language is None else meant_language(language)
    if (text is None) == (batch is None):
        raise Refusal("write one question, or name a file of them: lampwise ask TEXT, or lampwise ask --batch FILE")
    book, _ = built(settings, "ask", chosen)
    if book.library is None:
        raise Refusal("there are no books to ask")
    librarian = Librarian(Speaker(book, chosen, _today(settings)), book.library)
    if text is not None:
        _write(_told(librarian, None, text), as_json=as_json)
        return DONE
    return _batch(librarian, batch or STANDARD_INPUT, as_json=as_json)


def _today(settings: Settings) -> date:
    try:
        return clock_for(settings.clock_file)().astimezone(ZoneInfo(settings.timezone)).date()
    except ClockUnreadable as error:
        raise Refusal(str(error)) from error


def _batch(librarian: Librarian, batch: str, *, as_json: bool) -> int:
    code = DONE
    with opened("--batch", batch) as source:
        for line in lines(source):
            told = _line(librarian, line)
            code = BAD_INPUT if "errors" in told else code
            _write(told, as_json=as_json)
    return code


def _line(librarian: Librarian, line: str) -> Mapping[str, Any]:
    """What a line is answered; one that is no {"id","text"} is told so and the others go on."""
    asked = json_object(line)
    phrase = librarian.speaker.phrase
    if asked is None:
        return {"id": None, "errors": [{"message": phrase("ask-not-an-object")}]}
    if not isinstance(asked.get("text"), str):
        return {"id": asked.get("id"), "errors": [{"message": phrase("ask-no-text")}]}
    return _told(librarian, asked.get("id"), asked["text"])


def _told(librarian: Librarian, name: object, text: str) -> Mapping[str, Any]:
    decision = librarian.library.decide(text)
    return {
        "id": name,
        "kind": decision.kind,
        "topic": decision.topic,
        "ranked": [[topic, round(score, _PLACES)] for topic, score in decision.ranked],
        "text": librarian.told(decision),
    }


def _write(told: Mapping[str, Any], *, as_json: bool) -> None:
    written = json_text(told) if as_json else _readable(told)
    sys.stdout.buffer.write(written.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _readable(told: Mapping[str, Any]) -> str:
    heading = "" if told["id"] is None else f"{json.dumps(told['id'], ensure_ascii=False)}\n"
    problems: Sequence[Mapping[str, str]] = told.get("errors", ())
    said = told["text"] if "text" in told else "\n".join(problem["message"] for problem in problems)
    return f"{heading}{said}\n" + ("" if told["id"] is None else "\n")
