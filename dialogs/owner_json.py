"""An Owner as JSON text, and back: what is read is equal to what was written.

Not its job: rows (`storage`); this is for talks, which lay the owner aside between any two inputs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from dialogs.owner import Answer, Conversation, Kept, Owner


def to_json(owner: Owner) -> str:
    """Everything that is kept on the owner; raises TypeError for an answer that is not JSON-ready."""
    return json.dumps(asdict(owner), ensure_ascii=False, default=_moment)


def from_json(text: str) -> Owner:
    """The owner that `to_json` wrote."""
    kept = json.loads(text)
    conversations = (_conversation(one) for one in kept["conversations"].values())
    return Owner(
        **kept
        | {
            "conversations": {one.number: one for one in conversations},
            "records": tuple(Kept(**_dated(record)) for record in kept["records"]),
        }
    )


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not JSON")


def _conversation(kept: Mapping[str, Any]) -> Conversation:
    answers = tuple(Answer(**_dated(answer)) for answer in kept["answers"])
    fields: dict[str, Any] = {**kept, "answers": answers, "draft": tuple(kept["draft"])}
    return Conversation(**fields)


def _dated(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {**kept, "at": datetime.fromisoformat(kept["at"])}
