"""Keeps what was learnt from the books in a file, so that the next start need not learn it again.

The file names the books it was learnt from by their hash. Another book, another program or a damaged file: learn anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.vectors import Vote
from knowledge.views import Seen

#: What the file depends on, in a folder of books and in this package.
_BOOKS = ("entries/*.yaml", "outside.yaml", "synonyms.yaml")
_PROGRAM = ("normalize.py", "pinyin.py", "scripts.py", "vectors.py", "views.py", "kept.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was learnt, and from what."""

    key: str
    seen: Mapping[str, Seen] = field(default_factory=dict[str, Seen])
    votes: Sequence[Vote] = ()


def key_of(folder: Path) -> str:
    """The hash of the books and of the program that learns from them."""
    files = [file for pattern in _BOOKS for file in sorted(folder.glob(pattern))]
    files += [Path(__file__).with_name(name) for name in _PROGRAM]
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.name}:{len(content)}:".encode() + content)
    return digest.hexdigest()


def read_kept(file: Path, key: str) -> Kept | None:
    """What the file keeps, if that was learnt from the same."""
    try:
        content: Any = json.loads(file.read_bytes())
        if content["key"] != key:
            return None
        seen = {text: Seen(features=features, letters=letters) for text, features, letters in content["seen"]}
        return Kept(key=key, seen=seen, votes=[(int(t), int(n), float(w)) for t, n, w in content["votes"]])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_kept(file: Path, kept: Kept) -> None:
    """Write the file whole or not at all; a folder that cannot be written to only costs the time of the next start."""
    seen = [(text, one.features, one.letters) for text, one in kept.seen.items()]
    content = json.dumps(
        {"key": kept.key, "seen": seen, "votes": kept.votes}, ensure_ascii=False, separators=(",", ":")
    )
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(content, encoding="utf-8")
        draft.replace(file)
