"""`lampwise diff OLD NEW`: what changed between two versions of the dialogs, and whom of the half-done it touches."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.database import refused
from bot.refusal import DONE, Refusal
from bot.settings import Settings
from dialogs import diff_words
from dialogs.carrying import carried
from dialogs.compile import as_typed, compile_flow
from dialogs.diff import changes
from dialogs.flow import Flow
from knowledge.finding import Document
from knowledge.yaml_reader import read_document
from storage import schema
from storage.half_done import half_done
from storage.opening import is_there, opened

#: The folders of the dialogs that hold what can be compared.
_FOLDERS = ("flows", "texts")


def run(settings: Settings, old: Path, new: Path, language: str, *, database: bool, as_json: bool) -> int:
    """Print each change with its place in the new file; raises Refusal for what cannot be compared."""
    pairs = _pairs(old, new, language)
    report = _Report(language, as_json=as_json)
    lines = [line for name, (before, after) in pairs.items() for line in report.pair(name, before, after)]
    if database:
        lines += report.conversations(settings, pairs)
    if not lines and not as_json:
        sys.stderr.write(diff_words.said("diff-nothing", language) + "\n")
    sys.stdout.writelines(line + "\n" for line in lines)
    return DONE


Pair = tuple[Document | None, Document | None]


def _pairs(old: Path, new: Path, language: str) -> Mapping[str, Pair]:
    """The files of both sides by their name, in its order; two files are compared whatever they are called."""
    for path in (old, new):
        if not path.exists() or old.is_dir() != new.is_dir():
            raise Refusal(diff_words.said("diff-no-pair", language, path=str(path)))
    if not old.is_dir():
        return {new.stem: (_read(old, language), _read(new, language))}
    names = sorted({file for folder in (old, new) for file in _files(folder)})
    return {name: (_read(old / name, language), _read(new / name, language)) for name in names}


def _files(folder: Path) -> Iterator[str]:
    for part in _FOLDERS:
        yield from (f"{part}/{file.name}" for file in sorted((folder / part).glob("*.yaml")))


def _read(path: Path, language: str) -> Document | None:
    if not path.is_file():
        return None
    document = read_document(path, as_typed(path))
    if document.findings or ("flow" in document.top and compile_flow(document)[0] is None):
        raise Refusal(diff_words.said("diff-broken", language, file=document.file))
    return document


class _Report:
    """Words the lines."""

    def __init__(self, language: str, *, as_json: bool) -> None:
        self._language = language
        self._as_json = as_json

    def pair(self, name: str, old: Document | None, new: Document | None) -> Iterator[str]:
        """The changes of one file."""
        if old is None or new is None:
            what = "diff-flow-added" if old is None else "diff-flow-removed"
            told = {"file": name, "what": what.rpartition("-")[2]}
            yield self._line(told, diff_words.said(what, self._language, name=name))
            return
        for one in changes(old, new):
            told = diff_words.change(one, self._language)
            yield self._line({"file": new.file, **asdict(one)}, f"{new.file}:{one.line}:{one.column}: {told}")

    def conversations(self, settings: Settings, pairs: Mapping[str, Pair]) -> Iterator[str]:
        """The half-done conversations of each flow that changed."""
        flows = {flow.id: (flow, _flow(new)) for old, new in pairs.values() if (flow := _flow(old)) is not None}
        changed = {id: (old, new) for id, (old, new) in flows.items() if new is None or new.hash != old.hash}
        counts = {id: [0, 0] for id in changed}
        lines: list[str] = []
        for (channel, chat), conversation in _kept(settings):
            if conversation.flow in changed:
                fate = carried(*changed[conversation.flow], conversation.answers)
                counts[conversation.flow][0] += 1
                counts[conversation.flow][1] += fate.is_touched
                if fate.is_touched:
                    told = {"owner": f"{channel}:{chat}", "number": str(conversation.number)}
                    words = {**told, "parts": diff_words.carried(fate, self._language)}
                    sentence = diff_words.said("half-done-one", self._language, **words)
                    lines.append(self._line({**told, "flow": conversation.flow, **asdict(fate)}, sentence))
        for id, (count, touched) in counts.items():
            values = {"flow": id, "count": str(count), "touched": str(touched)}
            sentence = diff_words.said("half-done", self._language, **values)
            yield self._line({"flow": id, "half_done": count, "touched": touched}, sentence)
        yield from lines

    def _line(self, told: Mapping[str, Any], sentence: str) -> str:
        return json.dumps(told, ensure_ascii=False) if self._as_json else sentence


def _flow(document: Document | None) -> Flow | None:
    return compile_flow(document)[0] if document is not None and "flow" in document.top else None


def _kept(settings: Settings) -> list[Any]:
    """The half-done conversations; none where there is no database, which opening would make."""
    url = settings.database_url
    with refused():
        if not is_there(url):
            return []
        with opened(url) as engine:
            schema.ensure(engine)
            return list(half_done(engine))
