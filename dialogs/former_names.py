"""What was kept before a slot or an option was renamed, under the names of today: `was:` in the YAML says which.

The one place that reads former names. Not its job: what no longer fits the question (`fold`), stored rows, which stay
as they are until they are written anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from dialogs.flow import Flow
from dialogs.owner import Answer, Conversation, Kept, Owner


def slot_of(flow: Flow, slot: str) -> str:
    """What the slot is called today."""
    return flow.renamed.get(slot, slot)


def of_conversation(flow: Flow, answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """The entries of a conversation, in their order."""
    if not flow.renamed and not flow.options_renamed:
        return tuple(answers)
    return tuple(
        replace(answer, slot=slot, value=_value(flow, slot, answer.value))
        for answer in answers
        for slot in (slot_of(flow, answer.slot),)
    )


def of_record(flow: Flow, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers of a record; what is kept under the name of today counts before what is under a former one."""
    if not flow.renamed and not flow.options_renamed:
        return answers
    named = {slot_of(flow, slot): value for slot, value in answers.items() if slot in flow.renamed}
    named |= {slot: value for slot, value in answers.items() if slot not in flow.renamed}
    order = dict.fromkeys(slot_of(flow, slot) for slot in answers)
    return {slot: _value(flow, slot, named[slot]) for slot in order}


def of_owner(flows: Mapping[str, Flow], owner: Owner) -> Owner:
    """The owner with his records and what he is being asked so; what he has answered stays as he said it.

    Every fold reads that by `of_conversation`, so that a name that is taken back loses nothing.
    """
    touched = {id for id, flow in flows.items() if flow.renamed or flow.options_renamed}
    if not touched:
        return owner
    records = (_record(flows[one.kind], one) if one.kind in touched else one for one in owner.records)
    conversations = {
        number: _being_asked(flows[one.flow], one) if one.flow in touched else one
        for number, one in owner.conversations.items()
    }
    return replace(owner, records=tuple(records), conversations=conversations)


def option_of(flow: Flow, slot: str, option: str) -> str:
    """What the option of the slot, as it is called today, is called today."""
    return flow.options_renamed.get(slot, {}).get(option, option)


def _record(flow: Flow, kept: Kept) -> Kept:
    return replace(kept, answers=of_record(flow, kept.answers))


def _being_asked(flow: Flow, conversation: Conversation) -> Conversation:
    slot = slot_of(flow, conversation.shown)
    draft = tuple(option_of(flow, slot, option) for option in conversation.draft)
    return replace(conversation, shown=slot, draft=draft)


def _value(flow: Flow, slot: str, value: Any) -> Any:
    """An option's id of today, or several; any other value as it is."""
    known = flow.options_renamed.get(slot)
    if known is None:
        return value
    if isinstance(value, list):
        return list(dict.fromkeys(_option(known, one) for one in cast("list[Any]", value)))
    return _option(known, value)


def _option(known: Mapping[str, str], value: Any) -> Any:
    return known.get(value, value) if isinstance(value, str) else value
