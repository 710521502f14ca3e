"""What changed between two versions of a maintainer's file, thing by thing, whatever became of the layout.

Not its job: the words for it (`diff_words`), what it does to conversations (`carrying`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from dialogs.diff_renames import Renames, formers
from knowledge.finding import Document, Trail

#: A thing by its sort and name, such as (question, fee), from the outer to the inner.
Thing = tuple[tuple[str, str], ...]

#: The lists and mappings of a file, and what one thing in them is called.
SORTS: Mapping[str, str] = {
    "sections": "section", "questions": "question", "options": "option", "assume": "assumption", "compute": "formula",
    "figures": "figure", "flags": "flag", "verdicts": "verdict", "decide": "rule", "because": "reason", "rules": "plan",
    "always": "plan", "required": "clause", "passages": "passage", "texts": "text", "ways": "way",
}  # fmt: skip
#: What names a thing in a list.
_NAMES = ("id", "clause", "topic", "verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. `what`: added, removed, renamed, moved, text (in one language) or value, of `key` in the file."""

    what: str
    thing: Thing
    line: int
    column: int
    key: str = ""
    language: str = ""
    old: str = ""
    new: str = ""


def changes(old: Document, new: Document) -> tuple[Change, ...]:
    """All changes in the order of the new file, what is gone first."""
    found = _Comparison(old, new).mapping(_flat(old.content), _flat(new.content), (), ())
    return tuple(sorted(found, key=lambda one: (one.line, one.column)))


class _Listed(dict[str, Any]):
    """The things of a list by name, and at what trail each stands."""

    trails: dict[str, Trail]


def _flat(content: Any) -> dict[str, Any]:
    """The file with its questions in one list: a question that goes to another section is the same question."""
    flat = dict(cast("dict[str, Any]", content)) if isinstance(content, dict) else {}
    sections = cast("list[dict[str, Any]]", flat.get("sections") or [])
    if sections:
        flat["sections"] = [{key: part for key, part in one.items() if key != "questions"} for one in sections]
        flat["questions"] = [
            {**asked, "_trail": ("sections", i, "questions", j), "section": one["id"]}
            for i, one in enumerate(sections)
            for j, asked in enumerate(one["questions"])
        ]
    return flat


class _Comparison:
    def __init__(self, old: Document, new: Document) -> None:
        self._old, self._new = old, new
        self._renames = Renames(_flat(new.content).get("questions", ()))

    def mapping(self, old: Mapping[str, Any], new: Mapping[str, Any], thing: Thing, trail: Trail) -> Iterator[Change]:
        for key in dict.fromkeys((*old, *new)):
            if key not in ("_trail", "was"):
                yield from self._part(key, old.get(key), new.get(key), thing, (*trail, key))

    def _part(self, key: str, old: Any, new: Any, thing: Thing, trail: Trail) -> Iterator[Change]:
        if old == new:
            return
        if key in SORTS and isinstance(old or new, list):
            yield from self._list(SORTS[key], _named(old or [], trail), _named(new or [], trail), thing)
        elif isinstance(old or {}, dict) and isinstance(new or {}, dict) and (old or new):
            yield from self._dict(key, old or {}, new or {}, thing, trail)
        elif self._renames.condition(old) != new:
            yield self._change("value", thing, trail, key=key, old=_shown(old), new=_shown(new))

    def _dict(self, key: str, old: dict[str, Any], new: dict[str, Any], thing: Thing, trail: Trail) -> Iterator[Change]:
        if "zh-Hans" in old or "zh-Hans" in new:
            for language in dict.fromkeys((*old, *new)):
                before, after = _shown(old.get(language)), _shown(new.get(language))
                if self._renames.text(before) != after:
                    place = (*trail, language)
                    yield self._change("text", thing, place, key=key, language=language, old=before, new=after)
        elif key in SORTS:
            yield from self._named_parts(SORTS[key], old, new, thing, trail)
        else:
            yield from self.mapping(old, new, thing, trail)

    def _named_parts(
        self, sort: str, old: dict[str, Any], new: dict[str, Any], thing: Thing, trail: Trail
    ) -> Iterator[Change]:
        """A mapping of things by name, such as the formulas."""
        for name in dict.fromkeys((*old, *new)):
            inner = (*thing, (sort, name))
            if name not in new or name not in old:
                yield self._change("added" if name in new else "removed", inner, (*trail, name))
            elif isinstance(old[name], dict) and "zh-Hans" not in old[name]:
                yield from self.mapping(old[name], new[name], inner, (*trail, name))
            else:
                yield from self._part("", old[name], new[name], inner, (*trail, name))

    def _list(self, sort: str, old: _Listed, new: _Listed, thing: Thing) -> Iterator[Change]:
        former = {was: name for name, one in new.items() for was in formers(one) if was in old and name not in old}
        old_names = [former.get(name, name) for name in old]
        for name in old:
            if former.get(name, name) not in new:
                yield self._change("removed", (*thing, (sort, name)), old.trails[name], gone=True)
        for was, name in former.items():
            yield self._change("renamed", (*thing, (sort, name)), new.trails[name], old=was, new=name)
        by_new_name = dict(zip(old_names, old.values(), strict=True))
        moved = _moved([name for name in old_names if name in new], [name for name in new if name in by_new_name])
        for name, one in new.items():
            inner = (*thing, (sort, name))
            if name not in by_new_name:
                yield self._change("added", inner, new.trails[name])
                continue
            if name in moved:
                yield self._change("moved", inner, new.trails[name])
            before = {**by_new_name[name], "id": one["id"]} if name in former.values() else by_new_name[name]
            yield from self.mapping(before, one, inner, new.trails[name])

    def _change(self, what: str, thing: Thing, trail: Trail, *, gone: bool = False, **told: str) -> Change:
        place = (self._old if gone else self._new).finding(trail, "")
        return Change(what=what, thing=thing, line=place.line, column=place.column, **told)


def _named(parts: Sequence[Any], trail: Trail) -> _Listed:
    """The things by their name, or by their number where they have none; a second of a name is told by a number."""
    listed = _Listed()
    listed.trails = {}
    for index, part in enumerate(parts):
        one = cast("dict[str, Any]", part) if isinstance(part, dict) else {"": part}
        name = _name(one, index)
        while name in listed:
            name += "'"
        listed[name] = one
        listed.trails[name] = one.get("_trail", (*trail, index))
    return listed


def _name(one: Mapping[str, Any], index: int) -> str:
    if "functions" in one:
        functions = one["functions"]
        return f"{functions if isinstance(functions, str) else ' '.join(functions)} {one.get('how', '')}"
    return next((str(one[key]) for key in _NAMES if key in one), str(index + 1))


def _moved(old: list[str], new: list[str]) -> set[str]:
    """The fewest names that have to move to make the new order out of the old."""
    at = {name: index for index, name in enumerate(old)}
    best: list[list[str]] = []
    for name in new:
        longest = max((chain for chain in best if at[chain[-1]] < at[name]), key=len, default=list[str]())
        best.append([*longest, name])
    return set(new) - set(max(best, key=len, default=list[str]()))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, cast("list[Any]", value))) if isinstance(value, list) else " ".join(str(value).split())
