"""JSON as the text that the database keeps, and text without the characters that no database keeps."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

#: NUL and lone halves of a surrogate pair: UTF-8 or PostgreSQL refuses them.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def clean(text: str) -> str:
    """The text with a replacement character for each that cannot be kept."""
    return _UNKEEPABLE.sub(_REPLACEMENT, text)


def dumps(value: Any) -> str:
    """The value as compact JSON; raises TypeError or ValueError for what JSON does not have (Decimal, NaN)."""
    return clean(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain))


def loads(kept: str) -> Any:
    """The value that `dumps` wrote."""
    return json.loads(kept)


def _plain(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(cast(Mapping[Any, Any], value))
    raise TypeError(f"{type(value).__name__} is not JSON")
