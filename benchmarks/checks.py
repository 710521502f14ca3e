"""How long `lampwise check` takes over all that is shipped, beside PyYAML's own reading of the same files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

import dialogs
import knowledge
from benchmarks.measured import Row, seconds, show
from dialogs.check import check_paths, files
from dialogs.compile import compile_folder
from knowledge.yaml_reader import read_document

SHIPPED = (Path(dialogs.__path__[0]), Path(knowledge.__path__[0]))


def main() -> None:
    """Print the table."""
    found = files(SHIPPED)
    told = files([SHIPPED[0] / "flows", SHIPPED[0] / "texts"])
    loaded, read = seconds(lambda: _loaded(found)), seconds(lambda: [read_document(file) for file in found])
    show(
        f"the {len(found)} files of the shipped dialogs and knowledge", "ms of the processor", "yaml.CSafeLoader",
        [
            Row(what="read strictly, with the place of everything", figure=read * 1000, peer=loaded * 1000),
            Row(what="check: read, compiled, and every rule", figure=seconds(_checked) * 1000, peer=loaded * 1000),
        ],
    )  # fmt: skip
    compiled, loaded = seconds(compile_folder), seconds(lambda: _loaded(told))
    show(
        f"the {len(told)} files of dialogs and texts", "ms of the processor", "yaml.CSafeLoader",
        [Row(what="compiled, as at each start", figure=compiled * 1000, peer=loaded * 1000)],
    )  # fmt: skip


def _checked() -> None:
    check_paths(SHIPPED)


def _loaded(found: Iterable[Path]) -> None:
    for file in found:
        with file.open("rb") as source:
            yaml.load(source, yaml.CSafeLoader)


if __name__ == "__main__":
    main()
