"""`lampwise eval`: measures the matcher on labelled questions and tells what has changed since the accepted run.

Not its job: what the figures mean (`knowledge.evaluate`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from bot.given import learnt_file
from bot.lines import json_object, json_text, lines, opened
from bot.refusal import DONE, Refusal
from bot.settings import Settings
from knowledge.accepted import Accepted, NotAccepted, accepted, changed, read_accepted, write_accepted
from knowledge.evaluate import Figures, Question, Report, report
from knowledge.library import Library

#: The figures that are told, with their headings.
_COLUMNS = {
    "asked": "asked", "top1": "top-1", "top3": "top-3", "mrr": "MRR", "helped": "helped", "direct": "answered",
    "direct_right": "right", "outside": "outside", "false_answers": "false", "passed": "passed",
}  # fmt: skip
_WIDTH = 9
#: So many confusions and changes are told; the rest is in --json.
_MOST = 40


def run(settings: Settings, file: str, baseline: Path | None, *, accept: bool, as_json: bool) -> int:
    """Measure and tell; with `accept` also keep the run as the accepted one in `baseline`."""
    if accept and baseline is None:
        raise Refusal("--accept: name the file to keep this run in: --baseline FILE")
    questions = _questions(file)
    library = Library(settings.knowledge, learnt_file(settings.knowledge))
    decisions = [library.decide(question.text) for question in questions]
    found = report(questions, decisions)
    now = accepted(questions, decisions, found)
    before = None if baseline is None else _before(baseline, accept=accept)
    if accept and baseline is not None:
        _keep(baseline, now)
    texts = {question.id: question.text for question in questions}
    told = json_text(_told(found, before, now)) if as_json else "".join(_readable(found, before, now, texts))
    sys.stdout.buffer.write(told.encode("utf-8", "backslashreplace"))
    return DONE


def _questions(file: str) -> Sequence[Question]:
    with opened("FILE", file) as source:
        found = [_question(file, number, line) for number, line in enumerate(lines(source), 1) if line.strip()]
    if not found:
        raise Refusal(f"FILE: {file}: there is no question in it")
    if len({question.id for question in found}) < len(found):
        raise Refusal(f"FILE: {file}: two questions have the same id")
    return found


def _question(file: str, number: int, line: str) -> Question:
    read = json_object(line) or {}
    text, topics, style = read.get("text"), read.get("topics"), read.get("style", "")
    listed: list[Any] = cast("list[Any]", topics) if isinstance(topics, list) else [None]
    if not isinstance(text, str) or not isinstance(style, str) or not all(isinstance(topic, str) for topic in listed):
        raise Refusal(f'{file}:{number}: no question; a line must look like {{"id":1,"text":"…","topics":["…"]}}')
    return Question(id=str(read.get("id", number)), text=text, topics=tuple(listed), style=style)


def _before(baseline: Path, *, accept: bool) -> Accepted | None:
    try:
        return read_accepted(baseline)
    except FileNotFoundError:
        if accept:
            return None
        raise Refusal(f"--baseline: there is no file {baseline}; --accept makes it") from None
    except NotAccepted:
        raise Refusal(f"--baseline: {baseline}: holds no accepted run") from None
    except OSError as error:
        raise Refusal(f"--baseline: {baseline}: {error.strerror}") from error


def _keep(baseline: Path, now: Accepted) -> None:
    try:
        write_accepted(baseline, now)
    except OSError as error:
        raise Refusal(f"--baseline: {baseline}: {error.strerror}") from error


def _told(found: Report, before: Accepted | None, now: Accepted) -> Mapping[str, Any]:
    told: dict[str, Any] = asdict(found)
    if before is not None:
        told["before"] = dict(before.overall)
        told["changed"] = [list(one) for one in changed(before, now)]
    return told


def _readable(found: Report, before: Accepted | None, now: Accepted, texts: Mapping[str, str]) -> Iterator[str]:
    yield _row("", list(_COLUMNS.values()))
    yield _figures("overall", found.overall)
    for style, figures in found.styles.items():
        yield _figures(style or "-", figures)
    if found.confusions:
        yield "\nranked first instead of the right one:\n"
        yield from (f"{count:4d}  {right} -> {taken}\n" for right, taken, count in found.confusions[:_MOST])
    if before is not None:
        yield from _changes(before, now, texts)


def _figures(name: str, figures: Figures) -> str:
    values: Mapping[str, float] = asdict(figures)
    return _row(name, [_value(values[key]) for key in _COLUMNS])


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:12}" + "".join(f"{cell:>{_WIDTH}}" for cell in cells) + "\n"


def _value(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _changes(before: Accepted, now: Accepted, texts: Mapping[str, str]) -> Iterator[str]:
    moved = [(key, before.overall[key], now.overall[key]) for key in _COLUMNS if key in before.overall]
    told = [f"{_COLUMNS[key]} {_value(was)} -> {_value(value)}" for key, was, value in moved if was != value]
    yield "\nsince the accepted run: " + (", ".join(told) or "the figures are the same") + "\n"
    differences = changed(before, now)
    for name, was, is_now in differences[:_MOST]:
        yield f"  {name}: {was} -> {is_now}  {texts.get(name, '')[:80]}\n"
    if len(differences) > _MOST:
        yield f"  and {len(differences) - _MOST} more; --json has them all\n"
