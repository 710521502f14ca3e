"""The quarters of a contract as a file: a picture, or a table for a spreadsheet; its dates for a phone's calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from dialogs.compile import Book
from dialogs.csv_text import csv_text
from dialogs.documents.chart import chart, drawn
from dialogs.documents.markup import Markup
from dialogs.documents.page import Document, file_name
from dialogs.flow import Flow
from dialogs.loop import contracts, reminding, series
from dialogs.loop.abouts import About
from dialogs.loop.calendar import Date, Noted
from dialogs.loop.contracts import REVIEW, Contract
from dialogs.loop.quarter_names import quarter
from dialogs.loop.series import Case
from dialogs.outcome import PLACES, exact
from dialogs.owner import Owner
from dialogs.speaking import Speaker
from dialogs.talk import Talk

#: After every quarter that there can be.
_EVER = "9999Q4"


def picture(book: Book, owner: Owner, speaker: Speaker, number: int) -> Document | None:
    """SVG; None where nothing is reviewed."""
    contract, cases = contracts.contract(owner, number), _cases(book, owner, number)
    if contract is None or not cases:
        return None
    return pictured(speaker, contract.name, f"{contract.name}-{speaker.today.isoformat()}", cases)


def pictured(speaker: Speaker, about: str, name: str, cases: Sequence[Case]) -> Document:
    """The cases as SVG; `about` is the agency, as far as it is known."""
    title = speaker.phrase("chart-title", name=about)
    return Document(name=f"{file_name(name)}.svg", title=title, content=chart(speaker, title, cases).encode())


def inside(speaker: Speaker, about: str, cases: Sequence[Case]) -> Markup | None:
    """The same to stand in a page; None where there are no cases."""
    return drawn(speaker, speaker.phrase("chart-title", name=about), cases) if cases else None


def table(book: Book, owner: Owner, speaker: Speaker, number: int) -> Document | None:
    """CSV, a quarter a row; None where nothing is reviewed."""
    contract, cases = contracts.contract(owner, number), _cases(book, owner, number)
    if contract is None or not cases:
        return None
    return tabled(speaker, book.flows[REVIEW], contract, f"{contract.name}-{speaker.today.isoformat()}", cases)


def tabled(speaker: Speaker, flow: Flow, contract: Contract | None, name: str, cases: Sequence[Case]) -> Document:
    """The cases as CSV; without a contract the quarters have numbers and no days."""
    rows = [_heads(speaker, flow), *(_row(speaker, flow, contract, case) for case in cases)]
    title = speaker.text(flow.title) if contract is None else contract.name
    return Document(name=f"{file_name(name)}.csv", title=title, content=csv_text(rows).encode())


def calendar(book: Book, owner: Owner, speaker: Speaker, at: datetime, numbers: Sequence[int]) -> Document | None:
    """The dates of these contracts; None where none is ahead."""
    dates = [one for one in book.calendar.planned(owner, at) if one.contract in numbers]
    if not dates:
        return None
    noted = [
        # Worded as it will be said on its day.
        Noted(date=one, heading=reminding.heading(then, one), text=_text(then, one))
        for one in dates
        for then in (Talk(book=book, owner=owner, at=one.at),)
    ]
    name = speaker.phrase("calendar-name")
    return Document(name="lampwise.ics", title=name, content=book.calendar.file(owner, noted, name, at))


def _text(then: Talk, one: Date) -> str:
    return "\n".join(line.text for line in reminding.worded(then, one).lines)


def _cases(book: Book, owner: Owner, number: int) -> list[Case]:
    flow = book.flows.get(REVIEW)
    if flow is None:
        return []
    return [one for one in series.before(flow, owner, About(contract=number, period=_EVER).text()) if one.period]


def _heads(speaker: Speaker, flow: Flow) -> tuple[str, ...]:
    asked = (speaker.text(question.ask) for question in flow.questions)
    figures = (speaker.text(figure.label) for figure in flow.figures if figure.in_result)
    return (speaker.phrase("table-quarter"), speaker.phrase("the-verdict"), *figures, *asked)


def _row(speaker: Speaker, flow: Flow, contract: Contract | None, case: Case) -> tuple[str | Decimal | None, ...]:
    told = case.deduction
    figures = (_rounded(told, figure.id, figure.unit) for figure in flow.figures if figure.in_result)
    verdict = speaker.text(flow.verdicts[told.rule.verdict].title)
    return (quarter(speaker, contract, case.period), verdict, *figures, *_said(speaker, flow, case))


def _said(speaker: Speaker, flow: Flow, case: Case) -> Iterator[str | Decimal]:
    for question in flow.questions:
        value = case.answers.get(question.id)
        yield value if isinstance(value, Decimal) else speaker.value(question, case.answers)


def _rounded(told: series.Deduction, name: str, unit: str) -> Decimal | None:
    value = told[name]
    return None if value is None else exact(value, PLACES[unit])
