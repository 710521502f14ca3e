"""Tries a save before it is taken up, in a process of its own at the lowest priority, so that no reply waits for it.

`python -m bot.trial` is that process: it reads what to try from stdin and prints what it found, as JSON.
Not its job: whether that stands in the way (`reload`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from bot import check_command, talk_command
from bot.found import Found
from bot.refusal import Refusal
from bot.settings import Settings
from bot.snapshot import within
from dialogs.check import check_deeply, sentences, tell
from dialogs.compile import as_typed
from dialogs.scripted.file import read_script
from dialogs.scripted.playing import play, talk_files
from knowledge.finding import Finding

_SETTINGS = ("dialogs", "knowledge", "lang", "timezone", "clock_file")
_ADVICE = "advice.yaml"


class Trial:
    """A trial that is under way."""

    def __init__(self, settings: Settings, changed: Sequence[Path]) -> None:
        """Try the files of `settings`, of which `changed` are others than those in use."""
        wanted = {name: getattr(settings, name) for name in _SETTINGS} | {"changed": [str(path) for path in changed]}
        self._wanted: bytes | None = json.dumps(wanted, default=str).encode()
        # A session of its own, so that Ctrl-C at a terminal ends the program only, which then ends the trial.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot.trial"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, start_new_session=True, env=environment,
        )  # fmt: skip

    def outcome(self, seconds: float) -> Sequence[Found] | None:
        """What was found, waited for so long at most; None: it is still under way."""
        wanted, self._wanted = self._wanted, None
        try:
            said, _ = self._process.communicate(wanted, seconds)
        except subprocess.TimeoutExpired:
            return None
        try:
            return [Found(**one) for one in json.loads(said)]
        except ValueError:
            line = f"bot.trial: exit code {self._process.returncode}"
            return [Found(file="", code="", key="", line=line)]

    def stop(self) -> None:
        """End it, whatever it has found."""
        self._process.kill()
        self._process.communicate()


def main() -> None:
    """Try what stdin says."""
    os.nice(19)
    wanted = json.loads(sys.stdin.read())
    changed = [Path(path) for path in wanted.pop("changed")]
    clock = wanted["clock_file"]
    # Without the environment: it may have changed since the program began.
    settings = Settings.model_construct(
        dialogs=Path(wanted["dialogs"]), knowledge=Path(wanted["knowledge"]), lang=wanted["lang"],
        timezone=wanted["timezone"], clock_file=None if clock is None else Path(clock),
    )  # fmt: skip
    sys.stdout.write(json.dumps([asdict(one) for one in tried(settings, changed)], ensure_ascii=False))


def tried(settings: Settings, changed: Sequence[Path]) -> Iterator[Found]:
    """All that is wrong with the files as they lie there."""
    for one in (*errors_of(settings, changed), *_deep(settings, changed)):
        yield found(settings, one)
    try:
        yield from _talks(settings)
    except Refusal as refusal:
        for line in str(refusal).splitlines():
            yield Found(file="", code="refused", key=line.partition(" ")[2], line=line)


def found(settings: Settings, finding: Finding) -> Found:
    """An error of the check."""
    line = tell(finding, settings.lang, sentences())
    key = json.dumps(dict(finding.values), ensure_ascii=False)
    return Found(file=within(settings, finding.file), code=finding.code, key=key, line=line)


def errors_of(settings: Settings, changed: Sequence[Path]) -> list[Finding]:
    """The errors that reading the changed files shows."""
    there = [path for path in changed if path.is_file()]
    return [one for one in check_command.by_reading(settings, there) if one.level == "error"]


def _deep(settings: Settings, changed: Sequence[Path]) -> list[Finding]:
    """The errors that answers show in the changed flows; in all of them where the contract has changed."""
    every = any(path.name == _ADVICE for path in changed)
    flows = {as_typed(path) for path in changed if path.parent.name == "flows"}
    if not every and not flows:
        return []
    found = check_deeply([settings.dialogs / "flows"], settings.knowledge / "entries", None if every else flows)
    return [one for one in found.findings if one.level == "error" and (every or one.file in flows)]


def _talks(settings: Settings) -> Iterator[Found]:
    folder = settings.dialogs / "talks"
    files = talk_files([folder]) if folder.is_dir() else ()
    on = talk_command.stage(settings, settings.lang)
    phrases = talk_command.talk_phrases()
    for file in files:
        script, _ = read_script(file)
        for one in () if script is None else play(on, script).mismatches:
            line = tell(one.finding, settings.lang, phrases)
            name, key = within(settings, str(file)), json.dumps(one.trail)
            yield Found(file=name, code=one.finding.code, key=key, line=line)


if __name__ == "__main__":
    main()
