"""The offers that an owner began to vet and left half-done, each with a button to go on.

Not its job: those with a result (`vetted`).
"""

from __future__ import annotations

from collections.abc import Iterator

from dialogs import presses
from dialogs.flow import Flow
from dialogs.message import Button
from dialogs.owner import Conversation
from dialogs.talk import Talk


def buttons(talk: Talk, flow: Flow) -> Iterator[tuple[Button, ...]]:
    """One for each, the latest first; a conversation that has not named its offer yet is none."""
    for number in sorted(talk.owner.conversations, reverse=True):
        conversation = talk.owner.conversations[number]
        name = _name(talk, flow, conversation)
        if name:
            done, asked = talk.stand(conversation).progress
            label = talk.speaker.phrase("agency-unfinished", name=name, done=str(done), all=str(asked))
            yield (Button(label=label, press=presses.control(number, "", "resume")),)


def _name(talk: Talk, flow: Flow, conversation: Conversation) -> str:
    """What the offer is called; empty where the conversation has come to a result, or is of another dialog."""
    if conversation.flow != flow.id or conversation.ended or conversation.record:
        return ""
    return str(talk.stand(conversation).answers.get(flow.subject or "") or "")
