"""The part of `lampwise check` that is about the books: which folders are looked at, and against what.

Not its job: the rules (`knowledge.lint`), the dialogs (`dialogs.check`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import command_table
from bot.clock import ClockUnreadable, clock_for
from bot.given import learnt_file
from bot.refusal import Refusal
from bot.settings import Settings
from dialogs.check import files
from dialogs.commands import COMMANDS
from dialogs.compile import as_typed
from knowledge.finding import Finding
from knowledge.lint import check_books, entries_in
from knowledge.lint_wordings import elsewhere

#: The channel whose commands texts may name; those of the others are among them.
_CHANNEL = "terminal"


def findings(settings: Settings, paths: Sequence[Path], *, ask: bool = True) -> list[Finding]:
    """What is wrong in the books at or around these paths, of the files that are there.

    With `ask` the matcher is asked, too, which entry each wording finds: that takes seconds.
    """
    wanted = {as_typed(file) for file in files(paths)}
    found = (finding for folder in _folders(paths) for finding in _of_folder(settings, folder, wanted, ask=ask))
    return [finding for finding in found if finding.file in wanted]


def concerned(paths: Sequence[Path]) -> bool:
    """Whether there are books at or around these paths."""
    return any(_folders(paths))


def _folders(paths: Iterable[Path]) -> Iterable[Path]:
    """The folders of books: those that hold a folder of entries."""
    around = (folder for file in files(paths) for folder in (file.parent, file.parent.parent))
    return dict.fromkeys(folder for folder in around if (folder / "entries").is_dir())


def _of_folder(settings: Settings, folder: Path, wanted: set[str], *, ask: bool) -> Iterator[Finding]:
    dialogs = {file.stem for file in (settings.dialogs / "flows").glob("*.yaml")}
    table, _ = command_table.load(_CHANNEL)
    try:
        today = clock_for(settings.clock_file)().astimezone(ZoneInfo(settings.timezone)).date()
    except ClockUnreadable as error:
        raise Refusal(str(error)) from error
    yield from check_books(folder, as_typed, dialogs, {*dialogs, *COMMANDS, *table.says}, today)
    read = [one for one in entries_in(folder, as_typed) if one[0].file in wanted] if ask else []
    if read:
        # Its libraries take 0.3 s to load, which the process that checks the dialogs need not wait for.
        from knowledge.shipped import matcher_of_wordings

        yield from elsewhere(read, matcher_of_wordings(folder, learnt_file(folder)).rank)
