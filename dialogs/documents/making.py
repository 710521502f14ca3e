"""Makes the document that is wished for out of what is kept on an owner, by today's rules."""

from __future__ import annotations

from dialogs.compile import Book
from dialogs.decide import Deduction
from dialogs.documents.compared import ComparedDocument
from dialogs.documents.page import Document, Page, Sources
from dialogs.documents.result import ResultDocument
from dialogs.documents.sheet import sheet
from dialogs.documents.wish import Wish
from dialogs.flow import Flow
from dialogs.fold import Position
from dialogs.offers import offer, refolded
from dialogs.owner import Owner
from dialogs.speaking import Speaker


def made(book: Book, sources: Sources, owner: Owner, speaker: Speaker, wish: Wish) -> Document | None:
    """The document; None where the dialog or one of the records is there no more.

    A series is judged by all that went before, which one record alone does not say: it gets no document here.
    """
    flow = book.flows.get(wish.kind)
    kept = [one for number in wish.numbers for one in owner.records if (one.kind, one.number) == (wish.kind, number)]
    if flow is None or flow.trend or not kept or len(kept) != len(wish.numbers):
        return None
    page = Page(speaker=speaker, sources=sources)
    if wish.sort == "compare":
        name = f"{wish.sort}-{speaker.today.isoformat()}"
        return ComparedDocument(page, flow, [offer(flow, one) for one in kept]).document(name)
    name = "-".join(filter(None, (wish.sort, kept[0].subject or flow.id, speaker.today.isoformat())))
    if wish.sort == "sheet":
        return sheet(page, flow, refolded(flow, kept[0]), name)
    return of_position(page, flow, refolded(flow, kept[0]), name)


def of_position(page: Page, flow: Flow, position: Position, name: str, previous: Deduction | None = None) -> Document:
    """The result over answers at hand; `previous` is the case before in a series."""
    return ResultDocument(page, flow, position, previous).document(name)
