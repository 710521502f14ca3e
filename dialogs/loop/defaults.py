"""What an owner has said elsewhere, offered as an answer: in another dialog, for the contract, in the quarter before.

Not its job: whether it still fits the question (`asking`). An offer becomes an answer only when he accepts it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from dialogs.compile import Book
from dialogs.flow import Flow, Question
from dialogs.former_names import of_conversation
from dialogs.loop import abouts, contracts, series, who
from dialogs.loop.abouts import About
from dialogs.loop.contracts import CONTRACT, DUTIES, Contract
from dialogs.owner import Conversation, Kept, Owner

#: What was noted in another quarter is no answer for this one.
_NEVER_FROM_BEFORE = frozenset({"text", "many"})


def elsewhere(
    owner: Owner, flow: Flow, conversation: Conversation, question: Question, book: Book | None
) -> Iterable[tuple[str, Any]]:
    """The values as JSON keeps them, each with the phrase that says where it comes from; the nearest first."""
    about = abouts.read(conversation.about)
    source, _, slot = (question.offered_from or "").partition(".")
    value = _named(owner, conversation, flow, about, source, slot, book) if source else None
    before = _quarter_before(owner, flow, about) if question.kind not in _NEVER_FROM_BEFORE else None
    earlier = None if before is None else before.answers.get(question.id)
    # What the contract says goes before what was; what was goes before what was once thought.
    if value is not None and source == CONTRACT and about is not None:
        yield "from-contract", value
    elif value is not None and earlier is None:
        yield "from-before", value
    if earlier is not None and earlier != value:
        yield "from-previous", earlier


def _named(
    owner: Owner, conversation: Conversation, flow: Flow, about: About | None, source: str, slot: str, book: Book | None
) -> Any:
    if about is None:
        kept = _latest(owner, source, _subject(flow, conversation))
        return None if kept is None else _value(kept, slot)
    contract = contracts.contract(owner, about.contract)
    if contract is None:
        return None
    if source == CONTRACT:
        return _value(contract.record(_first_day(contract, about, book)), slot)
    if source == DUTIES:
        return _noted_by_month(owner, contract, about, slot, book)
    kept = contracts.of_kind(owner, source, about.contract)
    last = kept[-1] if kept else _latest(owner, source, contract.name)
    return None if last is None else _value(last, slot)


def _latest(owner: Owner, source: str, subject: str) -> Kept | None:
    """The last record; where the conversation has named what it is about, the last one about the same."""
    names = ("", *who.called(owner, subject))
    records = [one for one in owner.records if one.kind == source and (not subject or one.subject in names)]
    return max(records, key=lambda record: record.number, default=None)


def _subject(flow: Flow, conversation: Conversation) -> str:
    entries = of_conversation(flow, conversation.answers)
    given = [one.value for one in entries if one.slot == flow.subject and one.how == "given"]
    return str(given[-1]) if given else ""


def _value(kept: Kept, name: str) -> Any:
    """An answer, or a figure of the result."""
    if name in kept.answers:
        return kept.answers[name]
    value = kept.result.get("figures", {}).get(name)
    return None if value is None else str(value)


def _quarter_before(owner: Owner, flow: Flow, about: About | None) -> Kept | None:
    if not flow.trend or about is None:
        return None
    reviews = contracts.reviews(owner, about.contract)
    earlier = [period for period in reviews if series.ordinal(period) < series.ordinal(about.period)]
    return reviews[max(earlier, key=series.ordinal)] if earlier else None


def _first_day(contract: Contract, about: About, book: Book | None) -> date:
    """The day whose terms count for a quarter: its first."""
    quarter = None if book is None else book.calendar.quarter(contract, about.period)
    return quarter.starts_on if quarter is not None else contract.starts_on or date.max


def _noted_by_month(owner: Owner, contract: Contract, about: About, slot: str, book: Book | None) -> Any:
    """What was ticked in any month of the quarter; None where no month was."""
    quarter = None if book is None else book.calendar.quarter(contract, about.period)
    if quarter is None:
        return None
    first, last = quarter.starts_on.isoformat()[:7], quarter.ends_on.isoformat()[:7]
    months = [
        one for one in contracts.of_kind(owner, DUTIES, contract.number)
        if first <= str(one.answers.get("month"))[:7] <= last and one.answers.get(slot) is not None
    ]  # fmt: skip
    ticked = [option for one in months for option in cast("list[str]", one.answers[slot])]
    return list(dict.fromkeys(ticked)) if months else None
