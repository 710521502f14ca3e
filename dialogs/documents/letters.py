"""Letters to an agency, as drafts to print and sign: a claim for a refund, a notice, a hand-over with its receipt.

Filled from the contract, its reviews and the list of what is open; where nothing is known a gap is left to fill in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, cast

from dialogs.documents.markup import Content, lines, tag
from dialogs.documents.page import Document, Page
from dialogs.loop import abouts, contracts, quarter_names, series
from dialogs.loop.abouts import About
from dialogs.loop.contracts import CONTRACT, EXIT, REVIEW, Contract
from dialogs.loop.series import Case
from dialogs.owner import Kept, Owner
from knowledge.yaml_reader import read_document

#: Days that the other side gets to answer: long enough for a courier and a talk, short before the next fee.
TO_REPLY = 10
#: After every quarter that there can be.
_EVER = "9999Q4"


@dataclass(frozen=True, slots=True)
class _Letter:
    """What the letters of one contract share; `contract` is None where a list is of none."""

    page: Page
    owner: Owner
    contract: Contract | None
    agency: str

    def phrase(self, key: str, **values: str) -> str:
        return self.page.phrase(f"letter-{key}", **values)

    @property
    def gap(self) -> str:
        return self.phrase("gap")

    @property
    def today(self) -> date:
        return self.page.speaker.today

    @property
    def reply_by(self) -> str:
        return (self.today + timedelta(days=TO_REPLY)).isoformat()

    def term(self, slot: str) -> str:
        """A date of the contract."""
        return str(self.terms.get(slot) or self.gap)

    @property
    def terms(self) -> Mapping[str, Any]:
        return {} if self.contract is None else self.contract.latest

    @property
    def ends_on(self) -> str:
        ends = None if self.contract is None else self.page.speaker.book.calendar.ends_on(self.contract)
        return self.gap if ends is None else ends.isoformat()

    def money(self, value: Fraction | None) -> str:
        return self.gap if value is None else self.page.speaker.figure(value, "money")

    def share(self, value: Fraction | None) -> str:
        return self.gap if value is None else self.page.speaker.figure(value, "percent")

    def cases(self) -> Sequence[Case]:
        """The quarters that were reviewed, oldest first."""
        flow = self.page.speaker.book.flows.get(REVIEW)
        if flow is None or self.contract is None:
            return ()
        about = About(contract=self.contract.number, period=_EVER).text()
        return [one for one in series.before(flow, self.owner, about) if one.period]

    def document(self, key: str, paragraphs: Iterable[str], more: Content = None) -> Document:
        told = [tag("p", self.phrase("to", agency=self.agency)), tag("p", self._about())]
        signed = lines(self.phrase("signed", merchant=self.gap, today=self.today.isoformat()))
        body = (
            tag("section", *told, [tag("div", lines(text)) for text in paragraphs], more, class_="letter"),
            tag("section", *lines(self.phrase("enclosed")), *signed, class_="signed"),
            tag("section", *lines(self.phrase("remark")), class_="quiet aside new-page"),
        )
        title = self.phrase(f"{key}-title")
        return self.page.document(f"{key}-{self.agency}-{self.today.isoformat()}", title, None, body)

    def _about(self) -> str:
        return self.phrase("about", signed_on=self.term("signed_on"), starts_on=self.term("starts_on"))


def refund(page: Page, owner: Owner, kept: Kept) -> Document:
    """A claim for what was not delivered in the last quarter that missed its promise; a written demand as well."""
    letter = _letter(page, owner, kept)
    cases = letter.cases()
    missed = [one for one in cases if _fell_short(one)]
    case = next(iter([*missed[::-1], *cases[::-1]]), None)
    told: Mapping[str, Any] = _Unknown() if case is None else case.deduction
    name = letter.gap if case is None else quarter_names.quarter(page.speaker, letter.contract, case.period)
    asked = _asked(told)
    claim = "refund-claim" if letter.terms.get("refund") == "pro-rata" else "refund-claim-talk"
    promised, reached = letter.money(told["promised_sales"]), letter.money(told["net_sales"])
    share = letter.share(told["attainment"])
    return letter.document("refund", (
        letter.phrase("refund-promise", promised_sales=promised, promise_where=_where(letter)),
        letter.phrase("refund-result", quarter=name, net_sales=reached, attainment=share),
        _paid(letter, case, told),
        letter.phrase(claim, reply_by=letter.reply_by, refund_asked=letter.money(asked)),
        letter.phrase("refund-warning"),
    ))  # fmt: skip


def _fell_short(case: Case) -> bool:
    reached = case.deduction["attainment"]
    return reached is not None and reached < 1


def _asked(told: Mapping[str, Any]) -> Fraction | None:
    """The share of the fee for what was not reached."""
    fee, reached = told["service_fee"], told["attainment"]
    return None if fee is None or reached is None else fee * max(Fraction(0), 1 - max(Fraction(0), reached))


def _where(letter: _Letter) -> str:
    written = Fraction(str(letter.terms.get("guarantee") or "0")) > 0
    return letter.phrase("promise-written" if written else "promise-spoken")


def _paid(letter: _Letter, case: Case | None, told: Mapping[str, Any]) -> str:
    """What was paid, and that the own part was done, or what of it was not: a letter must stay true."""
    values = {"service_fee": letter.money(told["service_fee"]), "ad_spend": letter.money(told["ad_spend"])}
    missed = None if case is None else case.answers.get("duties_missed")
    if missed is not None and not missed:
        return letter.phrase("refund-paid", **values)
    question = letter.page.speaker.book.flows[REVIEW].by_slot["duties_missed"]
    said = letter.gap if case is None or missed is None else letter.page.speaker.value(question, case.answers)
    return letter.phrase("refund-paid-duties-missed", duties_missed=said, **values)


def notice(page: Page, owner: Owner, kept: Kept) -> Document:
    """Ends the contract for the quarters that missed their promise at a loss; where there are none, at its term."""
    letter = _letter(page, owner, kept)
    missed = [one for one in letter.cases() if one.deduction["losing"] and _fell_short(one)]
    first = [*_grounds(letter, missed), letter.phrase("notice-asked", asked_on=letter.gap)] if missed else []
    ends = letter.contract.ended_on if letter.contract is not None else None
    last = (
        letter.phrase("notice-end", ends_on=letter.gap if ends is None else ends.isoformat())
        if missed or ends is not None
        else letter.phrase("notice-expiry", ends_on=letter.ends_on)
    )
    return letter.document("notice", (
        *first, last, letter.phrase("notice-stop"),
        letter.phrase("notice-settle", fee_unused=letter.gap, reply_by=letter.reply_by),
    ))  # fmt: skip


def _grounds(letter: _Letter, missed: Sequence[Case]) -> Iterable[str]:
    promised, reached, left = (
        _sum(one.deduction[name] for one in missed) for name in ("promised_sales", "net_sales", "contribution")
    )
    share = None if not promised or reached is None else reached / promised
    names = [quarter_names.short(letter.page.speaker, one.period) for one in missed]
    yield letter.phrase(
        "notice-grounds", quarters_missed=letter.page.phrase("and-list").join(names),
        promised_sales=letter.money(promised), net_sales=letter.money(reached), attainment=letter.share(share),
        loss=letter.money(None if left is None else -left),
    )  # fmt: skip


def handover(page: Page, owner: Owner, kept: Kept) -> Document:
    """What is still to be handed over, by whom and until when, with room to sign for each."""
    letter, listed = _letter(page, owner, kept), _list(owner, kept)
    settled = _ticked(listed, "done") | _ticked(listed, "waived")
    ends = letter.ends_on if listed is None else str(listed.answers.get("ends_on") or letter.ends_on)
    items = handover_list()
    rows = [_row(letter, item, owed) for item, owed in items.items() if item not in settled]
    heads = [tag("th", head) for head in _cells(letter.phrase("handover-columns"))]
    table = tag("table", tag("thead", tag("tr", heads)), tag("tbody", rows), class_="wide-table handover")
    done = [letter.phrase(f"item-{item}") for item in items if item in _ticked(listed, "done")]
    opening = (letter.phrase("handover-opening", ends_on=ends), letter.phrase("handover-law"))
    closing = [
        *([letter.phrase("handover-done", items=page.phrase("and-list").join(done))] if done else []),
        letter.phrase("handover-close", reply_by=letter.reply_by), letter.phrase("handover-voucher"),
    ]  # fmt: skip
    more = (table, [tag("div", lines(text)) for text in closing])
    return letter.document("handover", opening, more)


def _row(letter: _Letter, item: str, owed: Mapping[str, str]) -> Content:
    told = letter.phrase(
        "handover-row", item=letter.phrase(f"item-{item}"), who=letter.phrase(f"who-{owed['who']}"),
        by_when=letter.phrase(f"when-{owed['when']}"),
    )  # fmt: skip
    heads = _cells(letter.phrase("handover-columns"))
    first, *rest = [*_cells(told), *[""] * len(heads)][: len(heads)]
    cells = [
        tag("td", cell, data_label=head) if cell else tag("td", class_="blank")
        for head, cell in zip(heads[1:], rest, strict=True)
    ]
    return tag("tr", tag("th", first), cells)


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.replace("\uff5c", "|").split("|")]


def _list(owner: Owner, kept: Kept) -> Kept | None:
    """The list of what is open: the record itself, or the one of the contract."""
    if kept.kind == EXIT:
        return kept
    return next(iter(contracts.of_kind(owner, EXIT, kept.number)[::-1]), None)


def _ticked(listed: Kept | None, slot: str) -> frozenset[str]:
    return frozenset() if listed is None else frozenset(cast("list[str]", listed.answers.get(slot) or []))


def _letter(page: Page, owner: Owner, kept: Kept) -> _Letter:
    about = abouts.of_record(kept)
    number = kept.number if kept.kind == CONTRACT and about is None else None if about is None else about.contract
    return _Letter(page, owner, None if number is None else contracts.contract(owner, number), kept.subject)


def _sum(values: Iterable[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) if known else None


@cache
def handover_list() -> Mapping[str, Mapping[str, str]]:
    """Who owes what, and by when: `handover.yaml`."""
    return cast("Mapping[str, Mapping[str, str]]", read_document(Path(__file__).with_name("handover.yaml")).content)


class _Unknown(dict[str, Any]):
    """Nothing is known."""

    def __missing__(self, name: str) -> None:
        return None


#: By the sort of a wish.
LETTERS: Mapping[str, Callable[[Page, Owner, Kept], Document]] = {
    "letter-refund": refund, "letter-notice": notice, "letter-handover": handover,
}  # fmt: skip
