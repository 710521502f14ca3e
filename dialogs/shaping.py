"""Puts a document into its schema model and turns what does not fit into findings with a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from dialogs.schema import TextShape
from dialogs.wording import LANGUAGES, Wording
from knowledge.finding import Document, Finding, Trail
from knowledge.fitting import nearest
from knowledge.yaml_slips import taken_as_text

Model = TypeVar("Model", bound=BaseModel)

#: pydantic's error types and our codes; the rest is "wrong-value".
_CODES: Mapping[str, str] = {
    "extra_forbidden": "unknown-key",
    "missing": "missing-key",
    "string_type": "text-wanted",
    "dict_type": "mapping-wanted",
    "model_type": "mapping-wanted",
    "list_type": "list-wanted",
    "tuple_type": "list-wanted",
    "literal_error": "not-one-of",
    "string_pattern_mismatch": "not-an-id",
    "string_too_short": "empty-text",
    "string_too_long": "text-over-limit",
    "too_short": "empty-list",
    "decimal_parsing": "number-wanted",
    "decimal_type": "number-wanted",
    "finite_number": "number-wanted",
    "int_parsing": "whole-number-wanted",
    "int_parsing_size": "whole-number-wanted",
    "int_type": "whole-number-wanted",
    "bool_parsing": "truth-wanted",
    "bool_type": "truth-wanted",
    "greater_than_equal": "number-too-small",
    "less_than_equal": "number-too-large",
}
#: Codes that mean something else where nothing at all was written.
_OF_NOTHING = frozenset(
    ("text-wanted", "mapping-wanted", "list-wanted", "number-wanted", "whole-number-wanted", "truth-wanted")
)


def shape(model: type[Model], document: Document) -> tuple[Model | None, tuple[Finding, ...]]:
    """The document as `model`, or None and why not."""
    if document.content is None:
        empty = (document.finding((), "file-empty"),)
        return None, document.findings or empty
    try:
        shaped = model.model_validate(document.content)
    except ValidationError as error:
        return None, tuple(sorted((*document.findings, *_findings(document, model, error))))
    return (None if document.findings else shaped), document.findings


def _findings(document: Document, model: type[BaseModel], error: ValidationError) -> Iterable[Finding]:
    problems = error.errors()
    found = [(problem["loc"][:-1], _finding(document, model, problem)) for problem in problems]
    mistyped = {(above, finding.values["near"]) for above, finding in found if finding.code == "unknown-key"}
    # A key that was mistyped is not missing as well.
    return (
        finding
        for above, finding in found
        if not (finding.code.startswith("missing-") and (above, finding.values["key"]) in mistyped)
    )


def _finding(document: Document, model: type[BaseModel], problem: Mapping[str, Any]) -> Finding:
    trail: Trail = tuple(part for part in problem["loc"] if part != "[key]")
    limits = {name: str(value) for name, value in problem.get("ctx", {}).items() if name != "error"}
    values = {"key": str(trail[-1]) if trail else "", "found": _shown(problem.get("input")), **limits}
    code = _code(problem, values)
    slip = taken_as_text(str(problem["input"])) if code in ("mapping-wanted", "list-wanted") else None
    if slip and isinstance(problem["input"], str):
        told = {"sign": slip.sign, "line": values["found"], "mended": (slip.mended or "")[:60]}
        return document.within(trail, slip.column - 1, slip.code, **told)
    if code == "unknown-key":
        return document.at_key(trail, code, **values, near=nearest(values["key"], _keys_at(model, trail[:-1])))
    if code in ("missing-key", "missing-language"):
        return document.at_key(trail[:-1], code, **values)
    if code == "not-one-of":
        known = values["expected"].replace("'", "").replace(" or ", ", ")
        return document.finding(trail, code, **values, known=known, near=nearest(values["found"], known.split(", ")))
    return (
        document.at_key(trail, code, **values) if "[key]" in problem["loc"] else document.finding(trail, code, **values)
    )


def _code(problem: Mapping[str, Any], values: Mapping[str, str]) -> str:
    code = _CODES.get(problem["type"], "wrong-value")
    if code in _OF_NOTHING and problem.get("input") is None:
        return "nothing-there"
    if code == "missing-key" and values["key"] in LANGUAGES:
        return "missing-language"
    if code == "not-an-id" and "_" in values["pattern"]:
        return "not-a-place" if "." in values["pattern"] else "not-a-name"
    return code


def _keys_at(model: type[BaseModel], trail: Trail) -> list[str]:
    """The keys that the schema knows at a place, for "did you mean"."""
    here: Any = model
    for part in trail:
        here = _below(here, part)
    found = _model_in(here)
    return [] if found is None else [field.alias or name for name, field in found.model_fields.items()]


def _below(annotation: Any, part: str | int) -> Any:
    """What stands under a key, under a name of the maintainer's own, or at a place of a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {field.alias or name: field.annotation for name, field in annotation.model_fields.items()}
        return fields.get(str(part))
    inner = get_args(annotation)
    if get_origin(annotation) in (dict, list, tuple):
        return inner[1 if get_origin(annotation) is dict else 0]
    return next((found for one in inner if (found := _below(one, part)) is not None), None)


def _model_in(annotation: Any) -> Any:
    """The model inside list[Model] or Model | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)


def _shown(value: Any) -> str:
    return str(value)[:40] if isinstance(value, str | int | float) else ""


def wording(text: TextShape) -> Wording:
    """The text in three languages; traditional Chinese is derived where it is not written."""
    return Wording(text.zh_hans, text.zh_hant, text.en)


def maybe(text: TextShape | None) -> Wording | None:
    """The same of a text that may be missing."""
    return None if text is None else wording(text)
