"""What was advised when a contract was signed, and what today's rules make of the facts as they are now.

The vetting at signing is kept whole with the contract, so that nothing that happens to the list of agencies changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any, cast

from dialogs import presses
from dialogs.decide import LEVELS, Deduction
from dialogs.flow import Flow, Question
from dialogs.former_names import of_record
from dialogs.kinds import KINDS
from dialogs.loop.contracts import Contract
from dialogs.message import Button, Line
from dialogs.offers.since import day, since
from dialogs.offers.vetted import Offer, offer
from dialogs.outcome import exact
from dialogs.owner import Kept, Owner
from dialogs.speaking import Filler, Speaker
from dialogs.talk import Talk

#: The name under which a contract's result keeps the vetting.
ADVISED = "advised"
VET = "vet"
#: So much of what speaks against an agency is said.
MOST = 2
_AMOUNTS = {"money": 2, "percent": 4, "number": 2, "months": 2}


def advised(owner: Owner, vet: Flow | None, subject: str) -> Mapping[str, Any] | None:
    """The last vetting of the agency, whole; None where there is none."""
    if vet is None or not subject:
        return None
    same = [one for one in owner.records if (one.kind, one.subject) == (vet.id, subject)]
    last = max(same, key=lambda one: one.number, default=None)
    if last is None:
        return None
    return {
        "answers": dict(last.answers), "result": dict(last.result), "flow_hash": last.flow_hash,
        "at": last.at.isoformat(),
    }  # fmt: skip


def then(contract: Contract, vet: Flow) -> Kept | None:
    """The vetting that the contract was signed on."""
    kept = contract.signed.result.get(ADVISED)
    if not isinstance(kept, dict):
        return None
    told = cast("Mapping[str, Any]", kept)
    return Kept(
        kind=vet.id, number=0, subject=contract.name, answers=of_record(vet, told["answers"]), result=told["result"],
        flow_hash=str(told["flow_hash"]), at=datetime.fromisoformat(str(told["at"])),
    )  # fmt: skip


def now(
    speaker: Speaker, owner: Owner, vet: Flow, contract: Contract, first: date, quarter: Deduction
) -> Iterable[Line]:
    """Today's advice on a quarter's terms and what it showed, beside that at signing; a change with its reasons."""
    before = then(contract, vet)
    # Who was vetted only afterwards is known by that.
    seen = before.answers if before is not None else (advised(owner, vet, contract.name) or {}).get("answers", {})
    facts = {**seen, **_facts(vet, contract.terms(first), quarter)}
    today = offer(vet, Kept(
        kind=vet.id, number=0, subject=contract.name, answers=facts, result={}, flow_hash=vet.hash,
        at=contract.signed.at,
    ))  # fmt: skip
    verdict = speaker.text(vet.verdicts[today.deduction.rule.verdict].title)
    if before is None:
        yield speaker.line("signing-unvetted", "heading", verdict=verdict)
        yield from _against(speaker, vet, today)
        return
    told = vet.verdicts.get(str(before.result.get("verdict")))
    title = speaker.phrase("not-known") if told is None else speaker.text(told.title)
    when = day(before.at, owner.timezone)
    yield speaker.line("signing-then", "heading", when=when, verdict=title)
    yield speaker.line("signing-now", "plain", verdict=verdict)
    changes = list(since(speaker, vet, offer(vet, before), today, when))
    yield from (replace(line, style="item") if line.style == "plain" else line for line in changes)


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
    """A row that leads there, where the agency was never vetted."""
    if VET not in talk.book.flows or any((kept.kind, kept.subject) == (VET, one.name) for kept in talk.owner.records):
        return ()
    label = talk.speaker.phrase("act-vet-contract")
    return ((Button(label=label, press=presses.command(VET, f"={one.number}")),),)
