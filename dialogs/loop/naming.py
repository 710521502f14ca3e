"""Gives what has no name one that can be said: a contract or a list that was kept without an agency's name.

Only for what is said: what is kept stays as it was, so that the name follows the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dialogs.compile import Book
from dialogs.loop import abouts, contracts
from dialogs.loop.contracts import CONTRACT, EXIT
from dialogs.owner import Kept, Owner

#: What a record of each kind is called by its number.
_PHRASES: Mapping[str, str] = {CONTRACT: "contract-nameless", EXIT: "exit-nameless"}


def named(book: Book, owner: Owner) -> Owner:
    """The owner whose contracts and lists all have a name."""
    if not any(one.kind in _PHRASES and not contracts.can_be_said(one.subject) for one in owner.records):
        return owner
    signed = {one.number: _called(book, owner, one) for one in contracts.signed(owner)}
    records = (replace(one, subject=_named(book, owner, one, signed)) for one in owner.records)
    return replace(owner, records=tuple(records))


def own_name(kept: Kept) -> str:
    """The name that the owner gave; empty where they gave none that can be said."""
    name = str(kept.answers.get("agency") or "")
    return name if contracts.can_be_said(name) else ""


def _named(book: Book, owner: Owner, kept: Kept, signed: Mapping[int, str]) -> str:
    if kept.kind not in _PHRASES or contracts.can_be_said(kept.subject):
        return kept.subject
    about = abouts.of_record(kept)
    # The list and the new terms of a contract are called as that is.
    return signed.get(about.contract, "") if about is not None else _called(book, owner, kept)


def _called(book: Book, owner: Owner, kept: Kept) -> str:
    if contracts.can_be_said(kept.subject):
        return kept.subject
    return book.phrases[_PHRASES[kept.kind]].fill(owner.language, {"number": str(kept.number)})
