"""What an owner has vetted, judged by today's rules: each kept record is folded again, and the best comes first.

Not its job: words (`comparing`), or what would move an offer up (`overtaking`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from dialogs.decide import Deduction
from dialogs.effects import Record
from dialogs.flow import Flow
from dialogs.fold import Position, position
from dialogs.owner import Answer, Kept, Owner

#: So many are compared at once: more a phone does not show, and nobody keeps in mind.
MOST = 5

#: What puts one offer before another: smaller is better.
Rank = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A vetted offer as it stands today; `deduction` is what today's rules make of the kept answers."""

    kept: Kept
    position: Position
    deduction: Deduction
    #: The records of the same subject before this one, oldest first.
    former: tuple[Kept, ...] = ()

    @property
    def number(self) -> int:
        """The number of its record."""
        return self.kept.number

    @property
    def name(self) -> str:
        """As the owner calls it."""
        return self.kept.subject

    @property
    def answers(self) -> Mapping[str, Any]:
        """The decoded answers in force."""
        return self.position.answers


def offer(flow: Flow, kept: Kept, former: Iterable[Kept] = ()) -> Offer:
    """The record judged anew."""
    folded = refolded(flow, kept)
    return Offer(kept=kept, position=folded, deduction=Deduction(flow, folded.answers), former=tuple(former))


def as_kept(record: Record, at: datetime) -> Kept:
    """The record as it will be read back; `at` is now."""
    return Kept(
        kind=record.kind, number=record.number, subject=record.subject, answers=record.answers, result=record.result,
        flow_hash=record.flow_hash, at=record.at or at,
    )  # fmt: skip


def renamed(flow: Flow, owner: Owner, record: Record) -> tuple[Record, ...]:
    """Where the record gives its subject a new name: the former records of the subject under that name, else none."""
    before = next((one for one in owner.records if (one.kind, one.number) == (record.kind, record.number)), None)
    if before is None or flow.subject is None or before.subject in ("", record.subject):
        return ()
    name = {flow.subject: record.answers.get(flow.subject)}
    return tuple(
        Record(
            kind=one.kind, number=one.number, subject=record.subject, answers={**one.answers, **name},
            result=one.result, flow_hash=one.flow_hash, at=one.at,
        )
        for one in owner.records
        if (one.kind, one.subject) == (before.kind, before.subject) and one.number < before.number
    )  # fmt: skip


def is_anothers(flow: Flow, owner: Owner, record: int, name: str) -> bool:
    """Whether a record cannot be renamed so, since another subject is called that: the two would become one."""
    kept = [one for one in owner.records if one.kind == flow.id]
    own = next((one.subject for one in kept if one.number == record), None)
    return flow.compare is not None and own not in (None, name) and any(one.subject == name for one in kept)


def met_before(flow: Flow, owner: Owner, name: str) -> Sequence[Kept]:
    """What is kept of the subject of this name, the latest last, where subjects are compared."""
    kept = [one for one in owner.records if one.kind == flow.id and one.subject == name]
    return sorted(kept, key=lambda one: one.number) if flow.compare is not None else ()


def refolded(flow: Flow, kept: Kept) -> Position:
    """Where a conversation with the record's answers would stand today; what no longer fits is unknown."""
    return position(flow, prefilled(kept, kept.at))


def prefilled(kept: Kept, at: datetime) -> tuple[Answer, ...]:
    """The record's answers as entries of a conversation."""
    return tuple(
        Answer(slot=slot, how="not-sure" if value is None else "given", value=value, at=at)
        for slot, value in kept.answers.items()
    )


def offers(flow: Flow, owner: Owner) -> Sequence[Offer]:
    """The owner's offers in the order in which he met them: one a subject, its latest record."""
    by_subject: dict[str, list[Kept]] = {}
    for kept in sorted(owner.records, key=lambda one: one.number):
        if kept.kind == flow.id:
            by_subject.setdefault(kept.subject or str(kept.number), []).append(kept)
    return tuple(offer(flow, latest, former) for *former, latest in by_subject.values())


def rank(flow: Flow, deduction: Deduction) -> Rank:
    """Verdict, score, the figures (unknown last), blockers and warnings: smaller is better, equal is equally good."""
    told = flow.compare
    if told is None:
        return ()
    return (
        told.verdicts.index(deduction.rule.verdict),
        -(deduction.score or 0),
        *(_unknown_last(deduction[figure]) for figure in told.figures),
        deduction["blockers"] if flow.flags else 0,
        deduction["warnings"] if flow.flags else 0,
    )


def _unknown_last(figure: Fraction | None) -> tuple[bool, Fraction]:
    return figure is None, figure or Fraction(0)


def best_first(flow: Flow, compared: Iterable[Offer]) -> Sequence[Offer]:
    """In order; of two that are equally good the one that was met first."""
    return sorted(compared, key=lambda one: (rank(flow, one.deduction), one.number))


def changed(flow: Flow, one: Offer, answers: Mapping[str, Any]) -> Deduction:
    """What the rules would make of the offer with some answers changed."""
    return Deduction(flow, {**one.answers, **answers})


def without(owner: Owner, flow: Flow, one: Offer) -> Owner:
    """The owner without the offer: its records, former ones included, and the conversations that led to them."""
    numbers = {one.number, *(kept.number for kept in one.former)}
    return replace(
        owner,
        records=tuple(kept for kept in owner.records if kept.kind != flow.id or kept.number not in numbers),
        conversations={
            number: talked
            for number, talked in owner.conversations.items()
            if talked.flow != flow.id or talked.record not in numbers
        },
    )
