"""The program's own texts outside of the dialogs, out of YAML files beside the code."""

from __future__ import annotations

from pathlib import Path

from dialogs.compile import compile_phrases
from dialogs.wording import Wording
from knowledge.yaml_reader import read_document

#: All of them.
OWN_TEXTS = ("gateways/telegram.yaml", "gateways/terminal.yaml", "gaps.yaml")


def own_texts(name: str) -> dict[str, Wording]:
    """The texts of a file below this folder; ValueError where it is broken, which the tests rule out."""
    texts, findings = compile_phrases(read_document(Path(__file__).parent / name, name))
    if findings:
        raise ValueError(f"{name}:{findings[0].line}: {findings[0].code}")
    return texts
