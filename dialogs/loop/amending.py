"""Words the new terms of a contract: what is different from those before, not the whole contract once more."""

from __future__ import annotations

from datetime import date, timedelta

from dialogs import presses
from dialogs.effects import Record
from dialogs.flow import Flow
from dialogs.loop import abouts, contracts
from dialogs.loop.contracts import CONTRACT
from dialogs.message import Button, Message
from dialogs.offers.since import changes
from dialogs.offers.vetted import as_kept, offer
from dialogs.owner import Conversation
from dialogs.talk import Talk


def told(talk: Talk, flow: Flow, conversation: Conversation, record: Record) -> Message | None:
    """What the result of a supplement is; None for any other conversation."""
    about = abouts.read(conversation.about)
    one = None if about is None or flow.id != CONTRACT else contracts.contract(talk.owner, about.contract)
    if about is None or one is None or not about.since:
        return None
    before = one.record(date.fromisoformat(about.since) - timedelta(days=1))
    former, now = offer(flow, before), offer(flow, as_kept(record, talk.at))
    heading = talk.speaker.line("contract-terms", "heading", name=one.name, since=about.since)
    again = Button(label=talk.speaker.phrase("act-answers"), press=presses.control(conversation.number, "", "answers"))
    menu = Button(label=talk.speaker.phrase("act-menu"), press=presses.command("menu"))
    lines = (heading, *changes(talk.speaker, flow, former, now))
    return Message(lines=lines, buttons=((again,), (menu,)), numbered=True)
