"""`lampwise check`: prints what is wrong in maintainers' files. What is wrong is found by `dialogs.check`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from bot import check_books, check_commands, check_tables, command_table
from bot.progress import showing
from bot.refusal import BAD_INPUT, CHECK_FAILED, DONE, Refusal
from bot.settings import Settings
from bot.texts import OWN_TEXTS
from dialogs.check import Checked, check_deeply, check_paths, files, sentence, sentences, tell
from dialogs.held import files as held_files
from dialogs.wording import Wording
from knowledge.finding import Finding

#: What the program reads wherever its dialogs lie: the slash commands, its own texts, the tables of days.
OURS = (
    command_table.FILE, *(Path(__file__).parent / name for name in OWN_TEXTS), *check_tables.SHIPPED, *held_files.ALWAYS
)  # fmt: skip

Phrases = Mapping[str, Wording]


def run(paths: Sequence[Path], language: str, settings: Settings, form: str = "text") -> int:
    """Check the paths, or all that the settings switch on. Exit code: 0 usable, 1 with errors, 2 for a missing path."""
    phrases = sentences()
    if form not in FORMS:
        raise Refusal(f"--format: there is no form {form[:20]!r}; choose one of {', '.join(FORMS)}")
    missing = [path for path in paths if not path.exists()]
    for path in missing:
        sys.stderr.write(phrases["check-no-path"].fill(language, {"path": str(path)}) + "\n")
    if missing:
        return BAD_INPUT
    chosen = paths or everything(settings)
    with showing(partial(_looking_at, phrases, language)) as look_at:
        checked = _checked(settings, chosen, look_at)
    sys.stdout.writelines(FORMS[form](finding, language, phrases) + "\n" for finding in checked.findings)
    sys.stderr.writelines(line + "\n" for line in _summary(len(files(chosen)), checked, language, phrases))
    return CHECK_FAILED if any(finding.level == "error" for finding in checked.findings) else DONE


def _looking_at(phrases: Phrases, language: str, what: str) -> str:
    return phrases["check-looking"].fill(
        language, {"what": what or phrases["check-looking-books"].in_language(language)}
    )


def _checked(settings: Settings, chosen: Sequence[Path], look_at: Callable[[str], None]) -> Checked:
    """Dialogs and books; both take seconds, so the books are looked through in a process of their own meanwhile."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as aside:
        books = aside.submit(check_books.findings, settings, chosen) if check_books.concerned(chosen) else None
        dialogs = check_deeply(chosen, settings.knowledge / "entries", look_at=look_at)
        look_at("")
        tables = {*check_commands.findings(settings, chosen), *check_tables.findings(chosen)}
        found = {*dialogs.findings, *tables, *(books.result() if books else ())}
        # A file that cannot be read is found by more than one.
        return replace(dialogs, findings=tuple(sorted(found)))


def by_reading(settings: Settings, chosen: Sequence[Path]) -> tuple[Finding, ...]:
    """What reading the files at or under the paths shows to be wrong, in order; nothing is tried and none is asked."""
    found = {
        *check_paths(chosen, settings.knowledge / "entries"),
        *check_commands.findings(settings, chosen),
        *check_tables.findings(chosen),
        *check_books.findings(settings, chosen, ask=False),
    }
    return tuple(sorted(found))


def everything(settings: Settings) -> Sequence[Path]:
    """The folders of the settings, and the program's own files where they are there."""
    return [settings.dialogs, settings.knowledge, *(file for file in OURS if file.is_file())]


def _summary(count: int, checked: Checked, language: str, phrases: Phrases) -> Sequence[str]:
    errors = sum(finding.level == "error" for finding in checked.findings)
    warnings = len(checked.findings) - errors
    values = {"files": str(count), "errors": str(errors), "warnings": str(warnings)}
    depths = (
        {"flow": one.flow, "proved": str(one.proved), "tried": str(one.tried), "cases": f"{one.cases:,}"}
        for one in checked.depths
    )
    told = phrases["check-found" if checked.findings else "check-clean"].fill(language, values)
    return (*(phrases["check-depth"].fill(language, depth) for depth in depths), told)


def _json(finding: Finding, language: str, phrases: Phrases) -> str:
    told = {
        "file": finding.file, "line": finding.line, "column": finding.column, "code": finding.code,
        "level": finding.level, "message": sentence(finding, language, phrases), "values": dict(finding.values),
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def _github(finding: Finding, language: str, phrases: Phrases) -> str:
    """An annotation of a workflow run."""
    place = f"file={_property(finding.file)},line={finding.line},col={finding.column},title={_property(finding.code)}"
    return f"::{finding.level} {place}::{_escaped(sentence(finding, language, phrases))}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


#: How findings are printed: for people, for programs, for a workflow run.
FORMS: Mapping[str, Callable[[Finding, str, Phrases], str]] = {"text": tell, "json": _json, "github": _github}
