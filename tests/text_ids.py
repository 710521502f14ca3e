"""Makes `dialogs/held/text_ids.json`: every text that the program looks up, by file, with the places that it fills.

The ids are those of the shipped texts. The places are those that the calls in our own packages fill, and those of the
shipped text. `python -m tests.reference` writes the file; `tests/dialogs/test_text_ids.py` holds it to the code.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from pathlib import Path

from dialogs.compile import compile_phrases
from dialogs.held.texts import CHANNELS, MANIFEST, name_of
from dialogs.wording import Wording
from knowledge.yaml_reader import read_document

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "dialogs", "knowledge", "scheduler", "storage")
#: The functions that look a text up, and which of their arguments is its id; all their other names fill places.
LOOKUPS: Mapping[str, int] = {
    "phrase": 0, "line": 0, "say": 0, "_phrase": 0, "_say": 0, "joined": 0, "said": 0, "_button": 1, "fill": -1
}  # fmt: skip
#: What stands before each id that a module looks up.
BEFORE: Mapping[str, str] = {"dialogs/documents/letters.py": "letter-", "dialogs/documents/sheet.py": "sheet-"}
#: What an id or the shape of one looks like; other texts are no ids.
_ID = re.compile(r"(?:[a-z0-9]|\\-|\.\+)+")
#: Names of arguments that fill no place.
_NOT_PLACES = frozenset(("style",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """One call. `patterns` are regular expressions for its ids; `places` is None where not all can be seen."""

    where: str
    patterns: Sequence[str]
    #: The id is written out.
    plain: bool
    places: frozenset[str] | None

    def finds(self, id: str) -> bool:
        """Whether the call may look this text up."""
        return any(re.fullmatch(pattern, id) for pattern in self.patterns)


def files() -> Sequence[Path]:
    """The files of texts that we ship."""
    found = [*(ROOT / "dialogs" / "texts").glob("*.yaml"), *(ROOT / "bot").rglob("*.yaml")]
    return sorted(file for file in found if "texts" in read_document(file).top)


@cache
def shipped() -> Mapping[str, Mapping[str, Wording]]:
    """The texts by file and id."""
    return {name_of(file.relative_to(ROOT)): compile_phrases(read_document(file))[0] for file in files()}


@cache
def modules() -> Mapping[str, ast.Module]:
    """Our own packages as syntax trees, by their path."""
    found = (file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py")))
    return {file.relative_to(ROOT).as_posix(): ast.parse(file.read_text("utf-8")) for file in found}


@cache
def lookups() -> Sequence[Lookup]:
    """Every call that names the text it looks up, or the shape of its id."""
    return [
        found for path, tree in modules().items() for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (found := _lookup(path, node)) is not None
    ]  # fmt: skip


def _lookup(path: str, call: ast.Call) -> Lookup | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    at = LOOKUPS.get(name)
    if name == "Note":
        key = next((one.value for one in call.keywords if one.arg == "key"), None)
        values = next((one.value for one in call.keywords if one.arg == "values"), ast.Dict([], []))
        places = _keys(values)
    elif at == -1:
        key = call.func.value if isinstance(call.func, ast.Attribute) else None
        key = key.slice if isinstance(key, ast.Subscript) else None
        places = _keys(call.args[1]) if len(call.args) > 1 else frozenset[str]()
    else:
        key = call.args[at] if at is not None and len(call.args) > at else None
        named = frozenset(one.arg for one in call.keywords if one.arg is not None) - _NOT_PLACES
        places = None if any(one.arg is None for one in call.keywords) else named
        places = frozenset(("first", "second")) if name == "joined" else places
    pattern = _pattern(key)
    if pattern is None or not _ID.fullmatch(pattern):
        return None
    shapes = (pattern, *([BEFORE[path] + pattern] if path in BEFORE else []))
    return Lookup(where=f"{path}:{call.lineno}", patterns=shapes, plain=isinstance(key, ast.Constant), places=places)


def _keys(node: ast.expr) -> frozenset[str] | None:
    """The keys of a mapping that is written out."""
    if not isinstance(node, ast.Dict):
        return None
    keys = [key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    return frozenset(keys) if len(keys) == len(node.keys) else None


def _pattern(node: ast.expr | None) -> str | None:
    """A regular expression for the text of a constant or an f-string; None for what only running it would tell."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in node.values]
        return "".join(parts) if any(part != ".+" for part in parts) else None
    return None


@cache
def written() -> Mapping[str, frozenset[str]]:
    """All texts that stand in the code by module, and the shapes of those that it puts together."""
    return {
        path: frozenset(found for node in ast.walk(tree) for found in _written(path, node))
        for path, tree in modules().items()
    }


def _written(path: str, node: ast.AST) -> Iterator[str]:
    pattern = _pattern(node) if isinstance(node, ast.expr) else None
    if pattern is not None:
        yield pattern
        if path in BEFORE:
            yield BEFORE[path] + pattern


def looked_up(id: str) -> bool:
    """Whether the code names this text: as it is, by its shape, or as another is called on one channel."""
    plain = next((id.removesuffix(end) for end in CHANNELS if id.endswith(end)), id)
    return _named(plain) or (plain != id and _named(id))


@cache
def _constants() -> frozenset[str]:
    return frozenset(one for found in written().values() for one in found)


def _named(id: str) -> bool:
    shapes = (one for one in _constants() if ".+" in one and len(one) > len(".+") + 3)
    return re.escape(id) in _constants() or any(re.fullmatch(shape, id) for shape in shapes)


def places(id: str, text: Wording) -> frozenset[str]:
    """What a maintainer may put into the text: what every call fills that is known to look it up, and what it has."""
    known = [one.places for one in lookups() if one.plain and one.places is not None and one.finds(id)]
    return text.names | (reduce(lambda first, other: first & other, known) if known else frozenset())


def manifest() -> str:
    """The content of the file, a line for each text."""
    parts = [_of_file(name, texts) for name, texts in sorted(shipped().items())]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _of_file(name: str, texts: Mapping[str, Wording]) -> str:
    lines = [f"  {json.dumps(id)}: {json.dumps(sorted(places(id, text)))}" for id, text in texts.items()]
    return f" {json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n }"


def main() -> None:
    """Write it."""
    MANIFEST.write_text(manifest(), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
