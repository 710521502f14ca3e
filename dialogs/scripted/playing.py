"""Scripted conversations: plays a talk through `step` and says where it goes otherwise than written.

Not its job: how a talk is written (`file`, `shape`), what no talk reaches (`coverage`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from dialogs.compile import Book
from dialogs.scripted.expects import Difference, ends_unlike, unlike
from dialogs.scripted.file import Script, duration
from dialogs.scripted.meaning import Meaning, meaning
from dialogs.scripted.scene import EditFailed, NoSuchButton, Scene, Stage
from dialogs.scripted.shape import EntryShape
from dialogs.talk import Turn
from knowledge.finding import Finding, Trail

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """Where a talk went otherwise than written; `instead` is what would be right at `trail`, if one thing is."""

    finding: Finding
    trail: Trail
    instead: str | None
    meaning: Meaning = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of a talk: it passed where there is no mismatch. `turns` have the book that each was made by."""

    script: Script
    mismatches: tuple[Mismatch, ...]
    turns: tuple[tuple[Book, Turn], ...]


def talk_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The talk files at or under the paths, each once."""
    found = (file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*"))))
    return tuple(dict.fromkeys(file for file in found if file.is_file() and file.suffix in _SUFFIXES))


def play(stage: Stage, script: Script) -> Played:
    """Play the talk to its end, or to where it cannot go on."""
    scene = Scene(stage, script.talk.language)
    mismatches: list[Mismatch] = []
    for place, entry in enumerate(script.talk.says):
        stopped = _act(scene, entry)
        differences = [stopped] if stopped else unlike(entry, scene.messages, scene.speaker)
        mismatches += (_mismatch(script, ("says", place), entry, one, scene) for one in differences)
        if stopped:
            break
    else:
        mismatches += _at_the_end(script, scene)
    return Played(script=script, mismatches=tuple(mismatches), turns=tuple(scene.turns))


def _act(scene: Scene, entry: EntryShape) -> Difference | None:
    """Let it happen; what is in the way, if anything."""
    try:
        _happen(scene, entry)
    except NoSuchButton as missing:
        act = "press" if entry.press else "press_old"
        return Difference(trail=(act,), code="talk-no-such-button", answered=" / ".join(missing.labels) or "-")
    except EditFailed as failed:
        reason = "-" if failed.finding is None else f"{failed.finding.line}: {failed.finding.code}"
        return Difference(trail=("find",), code="talk-edit-failed", answered=reason)
    return None


def _happen(scene: Scene, entry: EntryShape) -> None:
    if entry.you is not None:
        scene.type(entry.you)
    elif entry.press_old is not None:
        scene.press_old(entry.press_old)
    elif entry.edit is not None:
        scene.edit(entry.edit, entry.find or "", entry.put or "")
    elif entry.wait is not None:
        scene.wait(duration(entry.wait) or timedelta())
    for label in entry.press:
        scene.press(label)


def _at_the_end(script: Script, scene: Scene) -> Iterator[Mismatch]:
    if script.talk.ends is not None:
        results = (record for record in scene.owner.records if record.kind in scene.book.flows)
        latest = max(results, key=lambda record: record.at, default=None)
        for one in ends_unlike(script.talk.ends, None if latest is None else latest.result):
            yield _mismatch(script, (), None, one, scene)


def _mismatch(script: Script, above: Trail, entry: EntryShape | None, difference: Difference, scene: Scene) -> Mismatch:
    trail = (*above, *difference.trail)
    values = {"said": _said(entry), "wanted": difference.wanted, "answered": difference.answered}
    finding = script.document.finding(trail, difference.code, **values)
    return Mismatch(finding=finding, trail=trail, instead=difference.instead, meaning=meaning(difference, scene))


def _said(entry: EntryShape | None) -> str:
    if entry is None:
        return ""
    texts = (entry.you, *entry.press, entry.press_old, entry.wait, entry.edit)
    return " ".join(text for text in texts if text is not None)
