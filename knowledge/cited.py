"""The sources of each topic, read when they are first asked for: a document needs a few of many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from knowledge.entry import Source
from knowledge.loader import SHIPPED, read_sources
from knowledge.yaml_reader import read_document


class CitedSources(Mapping[str, Sequence[Source]]):
    """By topic. A topic whose file is missing or broken has none: the check finds it, no document stops at it."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        """`folder` has entries/ and sources.yaml."""
        self._folder = folder
        self._found: dict[str, Sequence[Source]] = {}

    def __getitem__(self, topic: str) -> Sequence[Source]:
        """The topic's sources, in its own order."""
        if topic not in self._found:
            self._found[topic] = self._read(topic)
        return self._found[topic]

    def __iter__(self) -> Iterator[str]:
        """The topics by name."""
        return (file.stem for file in sorted((self._folder / "entries").glob("*.yaml")))

    def __len__(self) -> int:
        """How many topics there are."""
        return sum(1 for _ in self)

    def _read(self, topic: str) -> Sequence[Source]:
        content: Any = read_document(self._folder / "entries" / f"{topic}.yaml").content
        entry: Mapping[str, Any] = cast("Mapping[str, Any]", content) if isinstance(content, dict) else {}
        return tuple(self._sources[name] for name in entry.get("sources", ()) if name in self._sources)

    @cached_property
    def _sources(self) -> Mapping[str, Source]:
        return read_sources(self._folder / "sources.yaml")[0]
