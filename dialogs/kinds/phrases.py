"""The wordings that values are said with (元/月, a month, 个月), from `dialogs/texts/readings.yaml`.

Not its job: the notes of that file, which the engine words; here are only the phrases inside a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from dialogs.wording import Wording
from knowledge.yaml_reader import read_document

#: The texts; always those that we ship.
FILE = Path(__file__).parents[1] / "texts" / "readings.yaml"


@cache
def load() -> Mapping[str, Wording]:
    """All texts of the file by key; zh-Hant is derived where it is not written."""
    document = read_document(FILE, FILE.name)
    if document.findings:
        first = document.findings[0]
        raise ValueError(f"{first.file}:{first.line}:{first.column}: {first.code}")
    return {
        key: Wording(text["zh-Hans"], text.get("zh-Hant"), text["en"])
        for key, text in document.content["texts"].items()
    }


def phrase(key: str, language: str, **values: str) -> str:
    """One text with its places filled."""
    return load()[key].fill(language, values)
