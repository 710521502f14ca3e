"""The documents of cases that nobody keeps (`lampwise run --document`): for each its result and what belongs to it, for
all together the comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time

from dialogs.conversing import kept
from dialogs.documents import quarters
from dialogs.documents.compared import ComparedDocument
from dialogs.documents.making import of_position
from dialogs.documents.page import Document, Page, subject
from dialogs.documents.sheet import sheet
from dialogs.flow import Flow
from dialogs.fold import Position
from dialogs.headless import Case
from dialogs.loop import series
from dialogs.loop.contracts import REVIEW
from dialogs.offers.vetted import offer
from dialogs.owner import Kept


def of_case(page: Page, flow: Flow, case: Case) -> Iterator[Document]:
    """Named by the id of the case: its result; the sheet for the meeting; a series as picture and table."""
    name = str(case.id) if isinstance(case.id, str | int) else flow.id
    *before, here = series.numbered(flow, (*case.before, case.position))
    yield of_position(page, flow, case.position, name, before, period=here.period)
    if flow.demands is not None:
        yield sheet(page, flow, case.position, f"{name}-sheet")
    if flow.id == REVIEW:
        cases, title = (*before, here), page.speaker.text(flow.title)
        yield quarters.pictured(page.speaker, title, f"{name}-quarters", cases)
        yield quarters.tabled(page.speaker, flow, None, f"{name}-quarters", cases)


def compared(page: Page, flow: Flow, positions: Sequence[Position]) -> Iterable[Document]:
    """Side by side, where there are several and the flow compares."""
    if flow.compare is None or len(positions) < 2:
        return ()
    offers = [offer(flow, _kept(page, flow, number, one)) for number, one in enumerate(positions, 1)]
    return (ComparedDocument(page, flow, offers).document("compare"),)


def _kept(page: Page, flow: Flow, number: int, position: Position) -> Kept:
    """As a record would keep it."""
    return Kept(
        kind=flow.id, number=number, subject=subject(flow, position), answers=kept(flow, position),
        result={}, flow_hash="", at=datetime.combine(page.speaker.today, time(), UTC),
    )  # fmt: skip
