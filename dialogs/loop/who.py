"""Who is who: names that may mean one agency, and what the owner said about it. Nothing becomes one without a word.

Kept as a record for each pair of names, so that the question is put once. Not its job: asking (`knowing`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from dialogs.effects import Record
from dialogs.kinds import words
from dialogs.kinds.normalize import plain
from dialogs.loop import contracts
from dialogs.loop.contracts import CONTRACT
from dialogs.owner import Kept, Owner
from knowledge.names import FirmWords, near

KIND = "who"
VET = "vet"
#: Names that are offered at once.
MOST = 3


def called(owner: Owner, name: str) -> frozenset[str]:
    """The name, and all that the owner said are the same agency."""
    pairs = [_pair(one) for one in owner.records if one.kind == KIND and one.answers.get("same")]
    names, before = {name}, 0
    while len(names) > before:
        before = len(names)
        names |= {one for pair in pairs if names & pair for one in pair}
    return frozenset(names)


def near_names(owner: Owner, name: str, among: Iterable[str]) -> tuple[str, ...]:
    """Those of `among` that may be the same agency and about which the owner has not said; none where one is."""
    known = [one for one in dict.fromkeys(among) if one and contracts.can_be_said(one)]
    same = called(owner, name)
    if not contracts.can_be_said(name) or same & set(known):
        return ()
    apart = {one for kept in owner.records if kept.kind == KIND for one in _pair(kept) if name in _pair(kept)}
    by_plain = {plain(one): one for one in known if one not in apart}
    return tuple(by_plain[one] for one in near(plain(name), by_plain, _firm_words()))[:MOST]


def vetted(owner: Owner) -> tuple[Kept, ...]:
    """The latest record of each agency that was vetted, by the order of their numbers."""
    latest = {one.subject: one for one in sorted(owner.records, key=lambda kept: kept.number) if one.kind == VET}
    return tuple(latest.values())


def signed(owner: Owner) -> tuple[Kept, ...]:
    """The records of the contracts, one for each name."""
    return tuple({one.name: one.signed for one in contracts.contracts(owner)}.values())


def known(owner: Owner) -> dict[str, tuple[str, int]]:
    """By name the kind and number of a record that bears it; a vetted one counts before a signed one."""
    found = {one.subject: (CONTRACT, one.number) for one in signed(owner)}
    return found | {one.subject: (VET, one.number) for one in vetted(owner)}


def said(owner: Owner, name: str, other: str, *, same: bool) -> Record:
    """What keeps that the two names are one agency, or two."""
    pair = frozenset((name, other))
    kept = {one.number: _pair(one) for one in owner.records if one.kind == KIND}
    number = next((number for number, names in kept.items() if names == pair), 1 + max(kept, default=0))
    return Record(
        kind=KIND, number=number, subject=name, answers={"other": other, "same": same}, result={}, flow_hash=""
    )


def _pair(kept: Kept) -> frozenset[str]:
    return frozenset((kept.subject, str(kept.answers.get("other", ""))))


@cache
def _firm_words() -> FirmWords:
    return FirmWords(tuple(word for part in words.keys("firms") for word in words.listed("firms", part)))
