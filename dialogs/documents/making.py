"""Makes the document that is wished for out of what is kept on an owner, by today's rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from dialogs.compile import Book
from dialogs.documents import quarters
from dialogs.documents.compared import ComparedDocument
from dialogs.documents.letters import LETTERS
from dialogs.documents.page import Document, Page, Sources
from dialogs.documents.result import ResultDocument
from dialogs.documents.sheet import sheet
from dialogs.documents.wish import Wish
from dialogs.flow import Flow
from dialogs.fold import Position
from dialogs.former_names import of_owner
from dialogs.loop import abouts, contracts, quarter_names, series
from dialogs.loop.contracts import REVIEW
from dialogs.loop.naming import named
from dialogs.loop.series import Case
from dialogs.offers.vetted import offer, refolded
from dialogs.owner import Kept, Owner
from dialogs.speaking import Speaker


def made(
    book: Book, sources: Sources, owner: Owner, speaker: Speaker, wish: Wish, at: datetime | None = None
) -> Document | None:
    """The document; None where the dialog or one of the records is there no more. `at` is now, for a calendar."""
    owner = named(book, of_owner(book.flows, owner))
    flow = book.flows.get(wish.kind)
    kept = [one for number in wish.numbers for one in owner.records if (one.kind, one.number) == (wish.kind, number)]
    if flow is None or not kept or len(kept) != len(wish.numbers):
        return None
    if wish.sort == "picture":
        return quarters.picture(book, owner, speaker, wish.numbers[0])
    if wish.sort == "table":
        return quarters.table(book, owner, speaker, wish.numbers[0])
    if wish.sort == "calendar":
        now = at or datetime.combine(speaker.today, time(), ZoneInfo(owner.timezone))
        return quarters.calendar(book, owner, speaker, now, wish.numbers)
    page = Page(speaker=speaker, sources=sources)
    if wish.sort in LETTERS:
        return LETTERS[wish.sort](page, owner, kept[0])
    if wish.sort == "compare":
        name = f"{wish.sort}-{speaker.today.isoformat()}"
        return ComparedDocument(page, flow, [offer(flow, one) for one in kept]).document(name)
    name = "-".join(filter(None, (wish.sort, kept[0].subject or flow.id, speaker.today.isoformat())))
    if wish.sort == "sheet":
        return sheet(page, flow, refolded(flow, kept[0]), name)
    return _result(page, flow, owner, kept[0], name)


def _result(page: Page, flow: Flow, owner: Owner, kept: Kept, name: str) -> Document:
    """A quarter's comes with all the quarters up to it, and under the name of what was signed."""
    position, about = refolded(flow, kept), abouts.of_record(kept)
    before = series.before(flow, owner, "" if about is None else about.text())
    if about is None or not about.period or not flow.trend:
        return of_position(page, flow, position, name, before, about=kept.subject)
    quarter = quarter_names.quarter(page.speaker, contracts.contract(owner, about.contract), about.period)
    told = page.phrase("document-of-quarter", name=kept.subject, quarter=quarter)
    return of_position(page, flow, position, name, before, period=about.period, about=told)


def of_position(
    page: Page, flow: Flow, position: Position, name: str, before: Sequence[Case] = (), *,
    period: str = "", about: str = "",
) -> Document:  # fmt: skip
    """The result over answers at hand; `before` are the cases before it in a series, itself that of `period`."""
    previous = before[-1].deduction if before else None
    here = series.case(flow, period, position, previous)
    drawn = [one for one in (*before, here) if one.period] if flow.id == REVIEW else []
    picture = quarters.inside(page.speaker, page.speaker.text(flow.title), drawn)
    return ResultDocument(page, flow, position, previous, about=about, picture=picture).document(name)
