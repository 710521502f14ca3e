"""What leaving at the end of the term and leaving now cost, by the terms in force; said before the choice is asked.

A penalty and a deposit are named only where the record has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dialogs.decide import Deduction
from dialogs.loop.contracts import CONTRACT, Contract
from dialogs.message import Line
from dialogs.offers.vetted import refolded
from dialogs.talk import Talk

#: The phrase for what the contract says on refunds, where it guarantees a figure.
_REFUNDS: Mapping[Any, str] = {
    "after-full-term": "leave-refund-later", "pro-rata": "leave-refund-by-period", "none": "leave-refund-none",
}  # fmt: skip


def lines(talk: Talk, one: Contract) -> tuple[Line, ...]:
    """Each choice in a line, then what is won or lost with it."""
    kept = one.record(talk.speaker.today)
    flow = talk.book.flows.get(CONTRACT)
    if flow is None:
        return ()
    answers = refolded(flow, kept).answers
    told = Deduction(flow, {**answers, **_as_of_today(one, talk.speaker.today)})
    amounts = {slot: _amount(kept.answers.get(slot)) for slot in ("exit_penalty", "deposit")}
    return (*_choices(talk, one, told), *_won_or_lost(talk, told, kept.answers, amounts))


def _choices(talk: Talk, one: Contract, told: Deduction) -> Iterable[Line]:
    speaker, ends = talk.speaker, talk.book.calendar.ends_on(one)
    day = speaker.phrase("not-known") if ends is None else ends.isoformat()
    fees, ads = told.known("left_fees"), told.known("left_ads")
    if fees is None or ads is None:
        yield speaker.line("leave-at-end-open", "item", day=day)
    else:
        sums = {"fees": speaker.figure(fees, "money"), "ads": speaker.figure(ads, "money")}
        yield speaker.line("leave-at-end", "item", day=day, **sums)
    settled = told.known("clauses")
    key = "open" if settled is None else "clause" if "exit-conditions" in settled else "no-clause"
    yield speaker.line(f"leave-now-{key}", "item")


def _won_or_lost(
    talk: Talk, told: Deduction, answers: Mapping[str, Any], amounts: Mapping[str, Fraction | None]
) -> Iterable[Line]:
    speaker, guarantee = talk.speaker, told.known("guarantee")
    refund = _REFUNDS.get(told.known("refund"))
    if guarantee and refund is not None:
        yield speaker.line(refund, "item")
    penalty, deposit = amounts["exit_penalty"], amounts["deposit"]
    if penalty:
        yield speaker.line("leave-penalty", "item", sum=speaker.figure(penalty, "money"))
    if deposit:
        back = str(answers.get("deposit_back") or "open")
        key = f"leave-deposit-{back}"
        key = key if key in speaker.book.phrases else "leave-deposit-open"
        yield speaker.line(key, "item", sum=speaker.figure(deposit, "money"))


def _as_of_today(one: Contract, today: date) -> dict[str, Any]:
    """The answers that go with the day: how long it has run, and its term with renewals."""
    run = None if one.starts_on is None else Decimal(_months(one.starts_on, today))
    term = None if one.term_months is None else Decimal(one.term_months)
    return {"situation": "running", "months_run": run, "term_months": term}


def _months(start: date, today: date) -> int:
    """Whole months from the first day, none before it."""
    whole = (today.year - start.year) * 12 + today.month - start.month
    return max(0, whole - (today.day < start.day))


def _amount(kept: Any) -> Fraction | None:
    try:
        return None if kept is None else Fraction(str(kept))
    except ValueError:
        return None
