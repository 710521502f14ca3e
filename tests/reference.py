"""Makes what is made from something else in `docs`: the editors' schemas, the keys of a flow file, the codes of check.

`python -m tests.reference` writes the files, and the manifest of texts (`text_ids`); `test_reference.py` and
`test_text_ids.py` fail while one of them is not current.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dialogs import schema
from dialogs.check import sentences
from dialogs.lint.deep import DEEP_CODES
from dialogs.scripted.shape import TalkShape
from knowledge.yaml_reader import read_document
from tests import text_ids

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
KEYS: Mapping[str, Any] = read_document(DOCS / "flow-keys.yaml").content
BROKEN = Path(__file__).parent / "dialogs" / "broken"

MODELS = {
    "flow": schema.FlowShape, "texts": schema.PhrasesShape, "advice": schema.ContractShape, "talk": TalkShape
}  # fmt: skip


def files() -> Mapping[str, str]:
    """Each file under `docs` with its content."""
    made = {f"schema/{name}.json": editor_schema(name) for name in MODELS}
    return {**made, "flow-yaml.md": flow_keys(), "checks.md": checks()}


def editor_schema(name: str) -> str:
    """The JSON Schema of one sort of file, with what each key says."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **MODELS[name].model_json_schema(by_alias=True)}
    for shape, model in {MODELS[name].__name__: made, **made.get("$defs", {})}.items():
        for key, told in KEYS.get(shape, {}).get("keys", {}).items():
            model["properties"][key]["description"] = told["says"]
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def flow_keys() -> str:
    """Every key of a flow file with an example, and the language of conditions."""
    parts = [(DOCS / "flow-yaml.intro.md").read_text("utf-8").rstrip()]
    parts += [_shape(told) for told in KEYS.values()]
    return "\n\n".join(parts) + "\n"


def _shape(told: Mapping[str, Any]) -> str:
    rows = [f"## {told['title']}", "", told["about"], ""]
    for key, one in told["keys"].items():
        rows += [f"### `{key}`", "", one["says"], "", "```yaml", one["example"], "```", ""]
    return "\n".join(rows).rstrip()


def _codes(name: str) -> frozenset[str]:
    return frozenset(read_document(ROOT / "dialogs" / "texts" / name).content["texts"])


BOOK_CODES = _codes("check_books.yaml")
#: What is said of a talk without playing it.
TALK_CODES = ("talk-one-act", "talk-wait-unreadable")


def checks() -> str:
    """A section for each code: what it says, an example, how to mend it."""
    head = (
        "# What `lampwise check` finds\n\nMade from `dialogs/texts/findings.yaml`, `dialogs/texts/check_books.yaml` "
        "and the broken edits of the tests: `make reference`.\n"
        "A finding that may stay gets a remark on its line or the line before it: `# allow: CODE reason`."
    )
    codes = sorted((*_codes("findings.yaml"), *BOOK_CODES, *TALK_CODES))
    return "\n\n".join((head, *(_code(code) for code in codes))) + "\n"


def _code(code: str) -> str:
    told = sentences()[code]
    kind = "Found by trying answers." if code in DEEP_CODES else "Found by reading the file."
    kind = "Found in the books of `knowledge/`." if code in BOOK_CODES else kind
    rows = [f"## {code}", "", told.en, "", told.zh_hans, "", kind]
    example = EXAMPLES.get(code)
    if example is not None:
        rows += ["", "Wrong:", "", *_block(example["put"] or ""), "", "Mended:", "", *_block(example["find"])]
    return "\n".join(rows)


def _block(text: str) -> Iterator[str]:
    yield from ("```text", *text.rstrip("\n").split("\n"), "```")


def _examples() -> dict[str, Mapping[str, Any]]:
    """The first broken edit of each code: what it puts is wrong, what it finds is right."""
    found: dict[str, Mapping[str, Any]] = {}
    for name in ("edits.yaml", "deep.yaml", "elsewhere.yaml"):
        for edit in read_document(BROKEN / name).content["edits"]:
            found.setdefault(edit["code"], edit)
    return found


EXAMPLES = _examples()


def main() -> None:
    """Write all of them."""
    text_ids.main()
    for name, text in files().items():
        (DOCS / name).write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
