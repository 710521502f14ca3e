"""What is made from something else is current, and says all there is to say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from dialogs import schema
from tests import reference
from tests.reference import DOCS, EXAMPLES, KEYS, ROOT

SCHEMA_LINE = "# yaml-language-server: $schema="


@pytest.mark.parametrize("name", list(reference.files()))
def test_it_is_current(name: str) -> None:
    """Else: make reference."""
    assert (DOCS / name).read_text("utf-8") == reference.files()[name], "run `make reference`"


def models(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """The model and those inside it."""
    if model not in seen:
        seen.add(model)
        yield model
        for field in model.model_fields.values():
            for inner in inside(field.annotation):
                yield from models(inner, seen)


def inside(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from inside(part)


def test_every_key_is_told() -> None:
    """With a sentence and an example; and none that there is not."""
    wanted = {
        model.__name__: {field.alias or name for name, field in model.model_fields.items()}
        for model in models(schema.FlowShape, set())
    }
    assert {shape: set(told["keys"]) for shape, told in KEYS.items()} == wanted
    told = [(key, one) for shape in KEYS.values() for key, one in shape["keys"].items()]
    assert [key for key, one in told if not (one["says"] and key in one["example"])] == []


def test_every_code_has_a_section_with_an_example() -> None:
    """What it is, what is wrong, how to mend it."""
    texts = (ROOT / "dialogs" / "texts" / name for name in ("findings.yaml", "check_books.yaml"))
    codes = {code for file in texts for code in reference.read_document(file).content["texts"]}
    codes |= {*reference.TALK_CODES}
    told = (DOCS / "checks.md").read_text("utf-8").split("\n## ")[1:]
    assert {part.split("\n")[0] for part in told} == codes
    assert codes - EXAMPLES.keys() == set()
    assert all("Wrong:" in part and "Mended:" in part for part in told)


@pytest.mark.parametrize("file", [*(ROOT / "dialogs" / "flows").glob("*.yaml"), *DOCS.glob("examples/*/flows/*.yaml")],
                         ids=lambda file: file.stem)  # fmt: skip
def test_editors_find_the_schema(file: Path) -> None:
    """Its first line names it, from where the file lies."""
    first = file.read_text("utf-8").split("\n", 1)[0]
    assert first.startswith(SCHEMA_LINE)
    assert (file.parent / first.removeprefix(SCHEMA_LINE)).resolve() == (DOCS / "schema" / "flow.json").resolve()


def test_the_schema_takes_what_is_shipped() -> None:
    """One id where a list may stand, and keys as they are written."""
    made = json.loads((DOCS / "schema" / "flow.json").read_text("utf-8"))
    assert set(made["properties"]) == set(KEYS["FlowShape"]["keys"])
    assert made["additionalProperties"] is False
    kinds = {part.get("type") for part in made["$defs"]["PlanRuleShape"]["properties"]["functions"]["anyOf"]}
    assert kinds == {"string", "array"}
