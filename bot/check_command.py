"""`lampwise check`: prints what is wrong in maintainers' files. What is wrong is found by `dialogs.check`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.settings import Settings
from dialogs.check import check_paths, files, sentences, tell
from dialogs.wording import Wording
from knowledge.finding import Finding

#: The slash commands that we ship.
_COMMANDS = Path(__file__).with_name("commands.yaml")


def run(paths: Sequence[Path], language: str, settings: Settings) -> int:
    """Check the paths, or all that the settings switch on. Exit code: 0 usable, 1 with errors, 2 for a missing path."""
    phrases = sentences()
    missing = [path for path in paths if not path.exists()]
    for path in missing:
        sys.stderr.write(phrases["check-no-path"].fill(language, {"path": str(path)}) + "\n")
    if missing:
        return 2
    chosen = paths or _everything(settings)
    findings = check_paths(chosen, settings.knowledge / "entries")
    sys.stdout.writelines(tell(finding, language, phrases) + "\n" for finding in findings)
    sys.stderr.write(_summary(len(files(chosen)), findings, language, phrases) + "\n")
    return 1 if any(finding.level == "error" for finding in findings) else 0


def _everything(settings: Settings) -> Sequence[Path]:
    """The folders of the settings, and the commands where they are there."""
    return [settings.dialogs, settings.knowledge, *([_COMMANDS] if _COMMANDS.is_file() else [])]


def _summary(count: int, findings: Sequence[Finding], language: str, phrases: Mapping[str, Wording]) -> str:
    errors = sum(finding.level == "error" for finding in findings)
    values = {"files": str(count), "errors": str(errors), "warnings": str(len(findings) - errors)}
    return phrases["check-found" if findings else "check-clean"].fill(language, values)
