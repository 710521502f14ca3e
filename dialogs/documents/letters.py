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
from typing import cast

from dialogs.documents.claims import Claim, claim
from dialogs.documents.markup import Content, lines, tag
from dialogs.documents.page import Document, Page
from dialogs.kinds.date import said_day
from dialogs.loop import abouts, contracts, quarter_names, series
from dialogs.loop.abouts import About
from dialogs.loop.contracts import CONTRACT, EXIT, REVIEW, Contract
from dialogs.loop.leaving_day import AT_END, Leaving, latest_list, leaving_day
from dialogs.loop.naming import own_name
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
    #: The list of what is open.
    listed: Kept | None
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
        return self.day(self.today + timedelta(days=TO_REPLY))

    @property
    def leaving(self) -> Leaving:
        """The day that the owner chose."""
        return leaving_day(self.owner, self.contract, self.listed, self.page.speaker.book.calendar)

    def day(self, day: date | None) -> str:
        return self.gap if day is None else said_day(day, self.page.speaker.language)

    def where(self, since: str) -> str:
        """The contract, with its supplement where that is in force."""
        if not since:
            return self.phrase("where-contract")
        return self.phrase("where-supplement", since=self.day(date.fromisoformat(since)))

    def quarter(self, period: str) -> str:
        """The quarter with its days, as a letter writes them."""
        speaker = self.page.speaker
        found = None if self.contract is None else speaker.book.calendar.quarter(self.contract, period)
        name = quarter_names.short(speaker, period)
        if found is None:
            return name
        return self.phrase("quarter", quarter=name, first=self.day(found.starts_on), last=self.day(found.ends_on))

    def numbered(self, texts: Iterable[str]) -> list[str]:
        return [self.phrase(f"paragraph-{number}", text=text) for number, text in enumerate(texts, 1)]

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

    def claims(self) -> list[Claim]:
        """What the record bears of each quarter that was reviewed, oldest first."""
        return [self.claim(one) for one in self.cases()]

    def claim(self, case: Case | None) -> Claim:
        return claim(self.contract, self.page.speaker.book.calendar, case, self.today)

    def document(
        self, key: str, paragraphs: Iterable[str], more: Content = None, remarks: Iterable[str] = ()
    ) -> Document:
        told = [tag("p", self.phrase("to", agency=self.agency)), tag("p", self._about())]
        signed = lines(self.phrase("signed", merchant=self.gap, today=self.day(self.today)))
        notes = [line for remark in remarks for line in lines(self.phrase(remark))]
        body = (
            tag("section", *told, [tag("div", lines(text)) for text in paragraphs], more, class_="letter"),
            tag("section", *lines(self.phrase("enclosed")), *signed, class_="signed"),
            tag("section", *lines(self.phrase("remark")), *notes, class_="quiet aside new-page"),
        )
        title = self.phrase(f"{key}-title")
        return self.page.document(f"{key}-{self.agency}-{self.today.isoformat()}", title, None, body)

    def _about(self) -> str:
        signed, starts = (None, None) if self.contract is None else (self.contract.signed_on, self.contract.starts_on)
        return self.phrase("about", signed_on=self.day(signed), starts_on=self.day(starts))


def refund(page: Page, owner: Owner, kept: Kept) -> Document:
    """Claims back what is due for the last quarter that missed what is in writing; a written demand as well.

    Where nothing in writing was missed it claims no sum, and asks for an answer.
    """
    letter = _letter(page, owner, kept)
    claims = letter.claims()
    missed = [one for one in claims if one.fell_short] or [one for one in claims if one.fell_short_of_words]
    told = (missed or claims)[-1] if claims else letter.claim(None)
    asks = told.a_year is None or (bool(told.a_year) and (told.share is None or told.fell_short))
    paragraphs = [
        *_promised(letter, told),
        _reached(letter, told),
        _paid(letter, told),
        _asked(letter, told, asks=asks),
    ]
    paragraphs += [letter.phrase("refund-warning")] if asks else []
    key = "refund" if asks else "talk"
    return letter.document(key, letter.numbered(paragraphs), remarks=() if asks else ("remark-nothing-written",))


def _promised(letter: _Letter, told: Claim) -> Iterable[str]:
    """What the contract says; and apart from it, with room for its place, what was only said."""
    where = letter.where(told.since)
    if told.a_year is None:
        yield letter.phrase("refund-promise-unknown", where=where)
    elif told.written:
        yield letter.phrase(
            "refund-promise", a_year=letter.money(told.a_year), promised_sales=letter.money(told.written), where=where
        )
    elif told.a_year:
        yield letter.phrase("refund-promise-a-year", a_year=letter.money(told.a_year), where=where)
    elif told.spoken is None:
        yield letter.phrase("refund-promise-none", where=where)
    if told.spoken is not None:
        key = "refund-spoken" if told.a_year is not None else "refund-spoken-unsure"
        yield letter.phrase(key, spoken=letter.money(told.spoken))


def _reached(letter: _Letter, told: Claim) -> str:
    name = letter.gap if told.case is None else letter.quarter(told.case.period)
    reached = letter.money(told.figure("net_sales"))
    if told.share is None:
        return letter.phrase("refund-result-plain", quarter=name, net_sales=reached)
    return letter.phrase("refund-result", quarter=name, net_sales=reached, attainment=letter.share(told.share))


def _paid(letter: _Letter, told: Claim) -> str:
    """What the quarter cost, and that the own part was done, or what of it was not: a letter must stay true."""
    case = told.case
    values = {name: letter.money(told.figure(name)) for name in ("service_fee", "ad_spend")}
    missed = None if case is None else case.answers.get("duties_missed")
    if missed is not None and not missed:
        return letter.phrase("refund-paid", **values)
    question = letter.page.speaker.book.flows[REVIEW].by_slot["duties_missed"]
    said = letter.gap if case is None or missed is None else letter.page.speaker.value(question, case.answers)
    return letter.phrase("refund-paid-duties-missed", duties_missed=said, **values)


#: The text of what is asked for, by what the contract says on refunds.
_ASKED = {"pro-rata": "refund-claim", "after-full-term": "refund-claim-later", "none": "refund-claim-silent"}


def _asked(letter: _Letter, told: Claim, *, asks: bool) -> str:
    if not asks:
        return letter.phrase("refund-claim-open", reply_by=letter.reply_by)
    key = _ASKED.get(str(told.terms.get("refund")), "refund-claim-unknown")
    return letter.phrase(key, reply_by=letter.reply_by, refund_asked=letter.money(told.refund))


def notice(page: Page, owner: Owner, kept: Kept) -> Document:
    """Ends the contract on the chosen day: at its end; or now, for the quarters that missed what is in writing."""
    letter = _letter(page, owner, kept)
    missed = [one for one in letter.claims() if one.figure("losing") and one.fell_short]
    first = [_grounds(letter, missed), letter.phrase("notice-asked", asked_on=letter.gap)] if missed else []
    leaving = letter.leaving
    at_end = leaving.how == AT_END
    ends = "notice-expiry" if at_end else "notice-end" if missed else "notice-end-plain"
    texts = (
        *first, letter.phrase(ends, ends_on=letter.day(leaving.day)),
        letter.phrase("notice-stop-expiry" if at_end else "notice-stop"),
        letter.phrase("notice-settle-expiry", reply_by=letter.reply_by) if at_end
        else letter.phrase("notice-settle", fee_unused=letter.gap, reply_by=letter.reply_by),
    )  # fmt: skip
    return letter.document("notice", letter.numbered(texts), remarks=("remark-asked",) if missed else ())


def _grounds(letter: _Letter, missed: Sequence[Claim]) -> str:
    promised = _sum(one.written for one in missed)
    reached, left = (_sum(one.figure(name) for one in missed) for name in ("net_sales", "contribution"))
    share = None if not promised or reached is None else reached / promised
    names = [quarter_names.short(letter.page.speaker, one.case.period) for one in missed if one.case is not None]
    return letter.phrase(
        "notice-grounds", quarters_missed=letter.page.phrase("and-list").join(names),
        promised_sales=letter.money(promised), net_sales=letter.money(reached), attainment=letter.share(share),
        loss=letter.money(None if left is None else -left), where=letter.where(max(one.since for one in missed)),
    )  # fmt: skip


def handover(page: Page, owner: Owner, kept: Kept) -> Document:
    """What is still to be handed over, by whom and until when, with room to sign for each."""
    letter = _letter(page, owner, kept)
    listed = letter.listed
    settled = _ticked(listed, "done") | _ticked(listed, "waived")
    items = handover_list()
    rows = [_row(letter, item, owed) for item, owed in items.items() if item not in settled]
    heads = [tag("th", head) for head in _cells(letter.phrase("handover-columns"))]
    table = tag("table", tag("thead", tag("tr", heads)), tag("tbody", rows), class_="wide-table handover")
    done = [letter.phrase(f"item-{item}") for item in items if item in _ticked(listed, "done")]
    opening = (letter.phrase("handover-opening", ends_on=letter.day(letter.leaving.day)), letter.phrase("handover-law"))
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


def _ticked(listed: Kept | None, slot: str) -> frozenset[str]:
    return frozenset() if listed is None else frozenset(cast("list[str]", listed.answers.get(slot) or []))


def _letter(page: Page, owner: Owner, kept: Kept) -> _Letter:
    about = abouts.of_record(kept)
    number = kept.number if kept.kind == CONTRACT and about is None else None if about is None else about.contract
    one = None if number is None else contracts.contract(owner, number)
    # The list of what is open: the record itself, or the one of the contract.
    listed = kept if kept.kind == EXIT else None if number is None else latest_list(owner, number)
    name = own_name(kept) or ("" if one is None else own_name(one.signed))
    return _Letter(page, owner, one, listed, name or page.phrase("letter-gap"))


def _sum(values: Iterable[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) if known else None


@cache
def handover_list() -> Mapping[str, Mapping[str, str]]:
    """Who owes what, and by when: `handover.yaml`."""
    return cast("Mapping[str, Mapping[str, str]]", read_document(Path(__file__).with_name("handover.yaml")).content)


#: By the sort of a wish.
LETTERS: Mapping[str, Callable[[Page, Owner, Kept], Document]] = {
    "letter-refund": refund, "letter-notice": notice, "letter-handover": handover,
}  # fmt: skip
