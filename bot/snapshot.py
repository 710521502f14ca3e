"""The files that the book in force was built from, kept so that a save can be held against them.

Not its job: watching files (`reload`), trying them (`trial`).
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.settings import Settings

_FOLDERS = ("dialogs", "knowledge")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The YAML of the folders of `settings` as it was, by path."""

    settings: Settings
    files: Mapping[Path, bytes]

    @contextmanager
    def laid_out(self, changed: Collection[Path]) -> Generator[tuple[Settings, list[Path]]]:
        """Settings that name copies as they were, and the `changed` files among them; both are gone afterwards."""
        with TemporaryDirectory() as made:
            folders = {name: Path(made) / name for name in _FOLDERS}
            copies: list[Path] = []
            for folder in folders.values():
                folder.mkdir()
            for path, content in self.files.items():
                copy = self._copy(path, folders)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(content)
                copies += [copy] if path in changed else []
            yield self.settings.model_copy(update=folders), copies

    def _copy(self, path: Path, folders: Mapping[str, Path]) -> Path:
        name, folder = next(found for found in _roots(self.settings) if path.is_relative_to(found[1]))
        return folders[name] / path.relative_to(folder)


def taken(settings: Settings) -> Snapshot:
    """The files as they lie there now; what cannot be read is left out."""
    files: dict[Path, bytes] = {}
    for _, folder in _roots(settings):
        for path in folder.rglob("*.yaml"):
            try:
                files[path] = path.read_bytes()
            except OSError:
                continue
    return Snapshot(settings=settings, files=files)


def within(settings: Settings, file: str) -> str:
    """The file's path below its folder, by which it is the same file in a copy; others stay as they are."""
    path = Path(file).resolve()
    for name, folder in _roots(settings):
        if path.is_relative_to(folder.resolve()):
            return f"{name}/{path.relative_to(folder.resolve())}"
    return str(path)


def _roots(settings: Settings) -> Iterator[tuple[str, Path]]:
    yield from ((name, getattr(settings, name)) for name in _FOLDERS)
