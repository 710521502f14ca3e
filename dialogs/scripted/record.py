"""A real conversation as a talk file, with names and sums masked and what was answered written down as expected.

Not its job: finding the conversation (`bot.record_command`), what is masked and how (`masking`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from dialogs.former_names import of_conversation, of_owner
from dialogs.loop import abouts, series
from dialogs.loop.contracts import CONTRACT
from dialogs.owner import Conversation, Owner
from dialogs.scripted.masking import Before, mask
from dialogs.scripted.retelling import Retelling
from dialogs.scripted.scene import Scene, Stage
from dialogs.scripted.update import scalar
from dialogs.wording import Wording


def recorded(
    stage: Stage, owner: Owner, conversation: Conversation, phrases: Mapping[str, Wording], random: Random
) -> str:
    """The YAML of a talk that goes like the conversation; its flow must be in the stage's book.

    One about a contract or a quarter of it begins with what it rests on: that contract, and the quarters before.
    """
    owner, scene = of_owner(stage.book.flows, owner), Scene(stage, owner.language)
    tellings = [_retold(scene, owner, one, phrases, random) for one in (*_rests_on(owner, conversation), conversation)]
    return "".join(_yaml(tellings, phrases))


def _rests_on(owner: Owner, conversation: Conversation) -> tuple[Conversation, ...]:
    """The conversation that a contract was entered in, and those of its quarters before this one, oldest first."""
    about = abouts.read(conversation.about)
    if about is None or about.since:
        return ()
    signed = [
        one for one in owner.conversations.values()
        if (one.flow, one.record, one.about) == (CONTRACT, about.contract, "")
    ]  # fmt: skip
    quarters = {
        told.period: one for one in owner.conversations.values()
        if one.flow == conversation.flow and one.record
        and (told := abouts.read(one.about)) is not None and told.contract == about.contract
    }  # fmt: skip
    earlier = sorted(
        (one for one in quarters if series.ordinal(one) < series.ordinal(about.period)), key=series.ordinal
    )
    return (signed[-1], *(quarters[one] for one in earlier)) if signed else ()


def _retold(
    scene: Scene, owner: Owner, conversation: Conversation, phrases: Mapping[str, Wording], random: Random
) -> Retelling:
    """The conversation told again at the end of the scene, in which its contract, if there is one, is the first."""
    flow = scene.book.flows[conversation.flow]
    conversation = replace(conversation, answers=of_conversation(flow, conversation.answers))
    about = abouts.read(conversation.about) if scene.turns else None
    before: Before = (None, None)
    opening = f"/{flow.id}"
    if about is not None:
        here = replace(about, contract=1)
        was, now = series.before(flow, owner, about.text()), series.before(flow, scene.owner, here.text())
        before = (series.last(was), series.last(now))
        opening = f"/{flow.id} {here.contract} {here.period}".strip()
    telling = Retelling(scene, flow, mask(flow, conversation.answers, phrases, owner.language, random, before))
    if about is not None:
        telling.let_pass(conversation)
    telling.all(conversation, opening)
    return telling


def _yaml(tellings: Sequence[Retelling], phrases: Mapping[str, Wording]) -> Iterator[str]:
    telling = tellings[-1]
    language = telling.scene.owner.language
    title = telling.flow.title.fill(language)
    yield f"talk: {scalar(phrases['record-title'].fill(language, {'title': title}))}\n"
    yield f"language: {language}\n"
    notes = [note for one in tellings for note in one.masked.notes]
    left_out = [slot for one in tellings for slot in one.left_out]
    if left_out:
        notes.append(phrases["masked-left-out"].fill(language, {"slots": ", ".join(dict.fromkeys(left_out))}))
    if notes:
        yield "masked:\n" + "".join(f"  - {scalar(note)}\n" for note in dict.fromkeys(notes))
    yield "says:\n"
    for told in (told for one in tellings for told in one.told):
        yield f"  - {told.act[0]}: {scalar(told.act[1])}\n"
        yield f"    noted: {scalar(told.noted)}\n" if told.noted is not None else ""
        yield f"    we: {scalar(told.we)}\n" if told.we is not None else ""
    # What is kept besides results has no verdict.
    results = [record for record in telling.scene.owner.records if record.kind == telling.flow.id]
    if results:
        yield from _ends(results[-1].result)


def _ends(result: Mapping[str, Any]) -> Iterator[str]:
    yield f"ends:\n  verdict: {result['verdict']}\n"
    flags = ", ".join(flag["id"] for flag in result.get("flags", ()))
    yield f"  flags: [{flags}]\n" if flags else ""
