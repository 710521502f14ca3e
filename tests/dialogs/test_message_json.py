"""A message comes back from JSON as it went in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.message import Button, Line, Message
from dialogs.message_json import from_json, to_json

lines = st.builds(
    Line, text=st.text(), style=st.sampled_from(["plain", "heading", "item", "quiet"]), link=st.none() | st.text()
)
buttons = st.builds(Button, label=st.text(), press=st.text())
messages = st.builds(
    Message,
    lines=st.lists(lines).map(tuple),
    buttons=st.lists(st.lists(buttons).map(tuple)).map(tuple),
    progress=st.none() | st.tuples(st.integers(), st.integers()),
    replaces=st.booleans(),
)


@given(messages)
def test_round_trip(message: Message) -> None:
    assert from_json(json.loads(json.dumps(to_json(message)))) == message


@pytest.mark.parametrize("kept", [{}, {"lines": [{"words": "?"}], "buttons": [], "progress": None, "replaces": False}])
def test_what_is_no_message_is_refused(kept: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_json(kept)
