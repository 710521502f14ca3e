"""`lampwise test`: plays the scripted conversations, rewrites what they expect, tells what none of them reaches."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.given import built
from bot.refusal import BAD_INPUT, CHECK_FAILED, DONE, Refusal
from bot.settings import Settings
from dialogs.check import sentences, tell
from dialogs.compile import SHIPPED, compile_phrases
from dialogs.scripted.coverage import SORTS, Item, Key, inventory, reached
from dialogs.scripted.file import Script, read_script
from dialogs.scripted.playing import Mismatch, Played, play, talk_files
from dialogs.scripted.scene import Stage
from dialogs.scripted.update import updated
from dialogs.scripted.walker import TRIES, Way, ways
from dialogs.speaking import Speaker
from dialogs.wording import Wording
from knowledge.finding import Finding
from knowledge.yaml_reader import read_document

#: After so many places that differ, the rest of a talk mostly follows from them.
_MOST_TOLD = 3
#: The channel whose commands talks can give.
TERMINAL = "terminal"


def stage(settings: Settings, language: str) -> Stage:
    """The book of the settings to play talks on; raises Refusal."""
    book, table = built(settings, TERMINAL, language)
    return Stage(book=book, folder=settings.dialogs, named=table.named)


def talk_phrases() -> Mapping[str, Wording]:
    """What is said of talks, and the sentences of findings; always those that we ship."""
    return {**sentences(), **compile_phrases(read_document(SHIPPED / "texts" / "talks.yaml"))[0]}


def run(
    paths: Sequence[Path], language: str, settings: Settings, *, update: bool = False, coverage: bool = False,
    accept: bool = False,
) -> int:  # fmt: skip
    """Play the talks at `paths`, or those beside the dialogs. Exit code: 0 all pass, 1 not, 2 bad path or file.

    With `update` the talks are rewritten, but for those that `accept` is needed for and those that went astray.
    """
    if accept and not update:
        raise Refusal("--accept-verdicts: it goes together with --update")
    told = _Telling(language)
    chosen = paths or [settings.dialogs / "talks"]
    missing = [path for path in chosen if not path.exists() or not talk_files([path])]
    for path in missing:
        sys.stderr.write(told.line("talk-none", path=str(path)))
    if missing:
        return BAD_INPUT
    on = stage(settings, language)
    left: dict[str, Sequence[str]] = {}
    scripts, broken_files = _read(talk_files(chosen), told)
    played = [play(on, script) for script in scripts]
    if update:
        left = {one.script.document.file: lines for one in played if (lines := told.left_alone(one, accept=accept))}
        sys.stderr.write(told.line("talk-updated", count=str(_update(played, left))))
        sys.stdout.writelines(line for lines in left.values() for line in lines)
        scripts, _ = _read(talk_files(chosen), told)
        played = [play(on, script) for script in scripts]
    for one in played:
        if one.script.document.file not in left:
            sys.stdout.writelines(told.mismatches(one.mismatches))
    if coverage:
        sys.stdout.writelines(_coverage(on, played, told))
    failed = sum(bool(one.mismatches) for one in played) + broken_files
    sys.stderr.write(told.line("talk-summary", passed=str(len(played) + broken_files - failed), failed=str(failed)))
    return BAD_INPUT if broken_files else CHECK_FAILED if failed else DONE


def _read(files: Iterable[Path], told: _Telling) -> tuple[list[Script], int]:
    """The talks, and how many files are none; what is wrong with these is told."""
    found = [read_script(file) for file in files]
    for script, findings in found:
        sys.stdout.writelines(told.finding(finding) for finding in findings if script is None)
    scripts = [script for script, _ in found if script is not None]
    return scripts, len(found) - len(scripts)


def _update(played: Iterable[Played], left: Collection[str]) -> int:
    """Write the files that change and are not to be left alone; how many places there were."""
    total = 0
    for one in played:
        if one.script.document.file in left:
            continue
        text, count = updated(one.script.document, one.mismatches)
        if count:
            Path(one.script.document.file).write_text(text, "utf-8", newline="\n")
        total += count
    return total


def _coverage(on: Stage, played: Iterable[Played], told: _Telling) -> Iterator[str]:
    """What no talk reaches, each with a way to it, and at last how much is reached of each sort."""
    items = inventory(on.folder, on.book)
    got = reached(on.book.flows, (turn for one in played for turn in one.turns))
    missing = [item for item in items if item.key not in got]
    speaker = Speaker(on.book, told.language, on.start.date())
    found: dict[Key, Way] = {}
    for flow in on.book.flows.values():
        found |= ways(flow, (item.key for item in missing if item.key.flow == flow.id), speaker)
    yield from (told.item(item, found.get(item.key)) for item in missing)
    yield told.counts(items, missing)


class _Telling:
    """Words the lines of the report."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._phrases = talk_phrases()

    def line(self, key: str, **values: str) -> str:
        return self._say(key, **values) + "\n"

    def _say(self, key: str, **values: str) -> str:
        return self._phrases[key].fill(self.language, values)

    def finding(self, finding: Finding) -> str:
        return tell(finding, self.language, self._phrases) + "\n"

    def left_alone(self, one: Played, *, accept: bool) -> Sequence[str]:
        """Why a talk is not rewritten, a line each: its answers went astray, or a verdict or a noted answer changes."""
        astray = next((found for found in one.mismatches if found.meaning == "astray"), None)
        if astray is not None:
            return [self._left(astray, "talk-astray")]
        changed = [found for found in one.mismatches if found.meaning in ("verdict", "noted")]
        return [] if accept else [self._left(found, f"talk-{found.meaning}-changes") for found in changed]

    def _left(self, found: Mismatch, code: str) -> str:
        was, would = found.finding.values["wanted"], found.instead or found.finding.values["answered"]
        return self.finding(
            replace(found.finding, code=code, values={**found.finding.values, "was": was, "would": would})
        )

    def mismatches(self, mismatches: Sequence[Mismatch]) -> Iterator[str]:
        yield from (self.finding(one.finding) for one in mismatches[:_MOST_TOLD])
        if len(mismatches) > _MOST_TOLD:
            yield self.line("talk-more", count=str(len(mismatches) - _MOST_TOLD))

    def item(self, item: Item, way: Way | None) -> str:
        named = self._say(f"coverage-{item.key.sort}", name=item.key.name)
        if way is None:
            told = self._say("not-found", item=named, tries=f"{TRIES:,}")
        else:
            told = self._say("not-covered", item=named, path=self._path(way))
        return f"{item.file}:{item.line}:{item.column}: not-covered {told}\n"

    def _path(self, way: Way) -> str:
        *before, last = (self._answers(answers) for answers in (*way.before, way.answers))
        told = [self._say("path-before", count=str(count), path=path) for count, path in enumerate(before, 1)]
        return "".join(told) + (self._say("path-last", path=last) if before else last)

    def _answers(self, answers: Iterable[tuple[str, str]]) -> str:
        told = "; ".join(f"{slot} = {typed}" for slot, typed in answers)
        return self._say("path-rest", answers=told).lstrip("；; ")

    def counts(self, items: Sequence[Item], missing: Sequence[Item]) -> str:
        of, lacking = Counter(item.key.sort for item in items), Counter(item.key.sort for item in missing)
        parts = (f"{sort} {of[sort] - lacking[sort]}/{of[sort]}" for sort in SORTS if of[sort])
        return self.line("coverage-summary", parts=", ".join(parts))
