"""What was advised when a contract was signed, and what today's rules make of the facts as they are now.

The vetting at signing is kept whole with the contract, so that nothing that happens to the list of agencies changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any, cast
from zoneinfo import ZoneInfo

from dialogs import presses
from dialogs.decide import LEVELS, Deduction
from dialogs.flow import Flow, Question
from dialogs.former_names import of_record
from dialogs.kinds import KINDS
from dialogs.loop import who
from dialogs.loop.contracts import CONTRACT, Contract
from dialogs.loop.who import VET
from dialogs.message import Button, Line
from dialogs.offers.since import day, since
from dialogs.offers.vetted import Offer, offer
from dialogs.outcome import exact
from dialogs.owner import Kept, Owner
from dialogs.speaking import Filler, Speaker
from dialogs.talk import Talk

#: The name under which a contract's result keeps the vetting.
ADVISED = "advised"
#: So much of what speaks against an agency is said.
MOST = 2
_AMOUNTS = {"money": 2, "percent": 4, "number": 2, "months": 2}


def advised(
    owner: Owner, vet: Flow | None, subject: str, signed_on: date | None, kept: Any = None
) -> Mapping[str, Any] | None:
    """The vetting of the agency that belongs to a contract, whole; None where there is none.

    The last one before the day of signing; where there is none, the last one. `kept` was found so before.
    """
    if vet is None:
        return None
    found = _vettings(owner, vet, subject)
    found += [_kept(vet, subject, cast("Mapping[str, Any]", kept))] if isinstance(kept, dict) else []
    if not found:
        return None
    told = max(found, key=lambda one: (_WHEN.index(_when(one, owner, signed_on)), one.at, one.number))
    return {
        "answers": dict(told.answers), "result": dict(told.result), "flow_hash": told.flow_hash,
        "at": told.at.isoformat(),
    }  # fmt: skip


def then(owner: Owner, contract: Contract, vet: Flow) -> Kept | None:
    """The vetting that belongs to the contract; one under another name where the owner said that it is the same."""
    kept = contract.signed.result.get(ADVISED)
    if isinstance(kept, dict):
        return _kept(vet, contract.name, cast("Mapping[str, Any]", kept))
    told = advised(owner, vet, contract.name, contract.signed_on)
    return None if told is None else _kept(vet, contract.name, told)


def when_vetted(owner: Owner, contract: Contract, vetting: Kept) -> str:
    """before, day, after or undated: where the vetting lies against the day of signing, by the owner's dates."""
    return _when(vetting, owner, contract.signed_on)


#: The likeliest to have been what the contract was signed on comes last.
_WHEN = ("after", "undated", "day", "before")


def _when(vetting: Kept, owner: Owner, signed_on: date | None) -> str:
    if signed_on is None:
        return "undated"
    vetted_on = vetting.at.astimezone(ZoneInfo(owner.timezone)).date()
    if vetted_on == signed_on:
        return "day"
    return "before" if vetted_on < signed_on else "after"


def _vettings(owner: Owner, vet: Flow, subject: str) -> list[Kept]:
    names = who.called(owner, subject)
    return [one for one in owner.records if one.kind == vet.id and one.subject in names and one.subject]


def _kept(vet: Flow, subject: str, told: Mapping[str, Any]) -> Kept:
    return Kept(
        kind=vet.id, number=0, subject=subject, answers=of_record(vet, told["answers"]), result=told["result"],
        flow_hash=str(told["flow_hash"]), at=datetime.fromisoformat(str(told["at"])),
    )  # fmt: skip


def now(
    speaker: Speaker, owner: Owner, vet: Flow, contract: Contract, first: date, quarter: Deduction
) -> Iterable[Line]:
    """Today's advice on a quarter's terms and what it showed, beside the one there was; a change with its reasons."""
    before = then(owner, contract, vet)
    facts = {**({} if before is None else before.answers), **_facts(vet, contract.terms(first), quarter)}
    today = offer(vet, Kept(
        kind=vet.id, number=0, subject=contract.name, answers=facts, result={}, flow_hash=vet.hash,
        at=contract.signed.at,
    ))  # fmt: skip
    verdict = speaker.text(vet.verdicts[today.deduction.rule.verdict].title)
    if before is None:
        near = next(iter(who.near_names(owner, contract.name, _vetted_names(owner))), None)
        key = "signing-unvetted" if near is None else "signing-vetted-perhaps"
        yield speaker.line(key, "heading", verdict=verdict, name=contract.name, other=near or "")
        yield from _against(speaker, vet, today)
        return
    told = vet.verdicts.get(str(before.result.get("verdict")))
    title = speaker.phrase("not-known") if told is None else speaker.text(told.title)
    when = day(before.at, owner.timezone)
    key = f"signing-then-{when_vetted(owner, contract, before)}"
    yield speaker.line(key, "heading", when=when, verdict=title)
    yield speaker.line("signing-now", "plain", verdict=verdict)
    changes = list(since(speaker, vet, offer(vet, before), today, when))
    yield from (replace(line, style="item") if line.style == "plain" else line for line in changes)


def _vetted_names(owner: Owner) -> list[str]:
    return [kept.subject for kept in who.vetted(owner)]


def _who_is_it(talk: Talk, one: Contract, near: Sequence[str]) -> tuple[tuple[Button, ...], ...]:
    phrase, numbers = talk.speaker.phrase, {kept.subject: kept.number for kept in who.vetted(talk.owner)}
    rows = [
        (
            Button(
                label=phrase("who-is-vetted", name=one.name, other=name),
                press=presses.record(CONTRACT, one.number, f"same.{numbers[name]}"),
            ),
        )
        for name in near
    ]
    other = presses.record(CONTRACT, one.number, "another")
    return (*rows, (Button(label=phrase("who-is-another", name=one.name), press=other),))


def _against(speaker: Speaker, vet: Flow, today: Offer) -> Iterable[Line]:
    """The gravest of what speaks against it."""
    filler = Filler(speaker, vet, today.answers, today.deduction)
    flags = [flag for level in LEVELS[:2] for flag in today.deduction.flags if flag.level == level]
    return [Line(text=filler.fill(flag.says), style="item") for flag in flags[:MOST]]


def _facts(vet: Flow, terms: Mapping[str, Any], quarter: Deduction) -> dict[str, Any]:
    """What is known now under the names of the vetting: the terms in force, and what the quarter showed."""
    facts = {slot: value for slot, value in terms.items() if slot in vet.by_slot and value is not None}
    for question in vet.questions:
        if question.id in quarter.flow.by_slot or question.id in quarter.flow.formulas:
            value = quarter[question.id]
            encoded = _encoded(question, value) if isinstance(value, Fraction) else None
            facts |= {} if encoded is None else {question.id: encoded}
    return facts


def _encoded(question: Question, value: Fraction) -> Any:
    """As an answer is kept; None where it could be none."""
    if question.kind not in _AMOUNTS:
        return None
    kind = KINDS[question.kind]
    encoded = kind.encode(exact(value, _AMOUNTS[question.kind]))
    try:
        kind.decode(encoded, question)
    except ValueError:
        return None
    return encoded


def offered_vetting(talk: Talk, one: Contract) -> tuple[tuple[Button, ...], ...]:
    """A row that leads there, where the agency was never vetted; one for each near name to say that it is the same."""
    flow = talk.book.flows.get(VET)
    if flow is None or _vettings(talk.owner, flow, one.name):
        return ()
    near = who.near_names(talk.owner, one.name, _vetted_names(talk.owner))
    if near:
        return _who_is_it(talk, one, near)
    label = talk.speaker.phrase("act-vet-contract")
    return ((Button(label=label, press=presses.command(VET, f"={one.number}")),),)
