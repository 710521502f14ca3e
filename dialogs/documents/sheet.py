"""The sheet for the meeting: what to ask and which clauses to demand, with room to write. It does not say the verdict,
since the other side sees it."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.decide import Deduction, ask_next
from dialogs.documents.markup import Content, Markup, tag
from dialogs.documents.page import Document, Page, subject
from dialogs.flow import Demand, Flow
from dialogs.fold import Position
from dialogs.outcome import questions
from dialogs.short_asks import short

#: Lines to write on after each question, and at the end.
ANSWER_LINES = 2
CLOSING_LINES = 6


def sheet(page: Page, flow: Flow, position: Position, name: str) -> Document:
    """The file. Nothing to ask or demand gives an honest, short sheet."""
    deduction = Deduction(flow, position.answers)
    unknown = ask_next(flow, (question.id for question in position.unknown))
    with_whom = subject(flow, position)
    asked = [one["text"] for one in questions(deduction, unknown, page.speaker.language)]
    own = [short(flow.by_slot[slot], page.speaker.language) for slot in unknown if flow.by_slot[slot].to_agency is None]
    body = (
        _blanks(page),
        page.part("sheet-questions", [_asked(number, text) for number, text in enumerate(asked, 1)]),
        page.part("sheet-clauses", _demanded(page, flow, deduction.demands)),
        page.part("find-out-yourself", [_asked(number, text) for number, text in enumerate(own, 1)]),
        page.part("sheet-notes", [_room("room wide") for _ in range(CLOSING_LINES)]),
    )
    title = page.phrase("sheet-title", subject=with_whom) if with_whom else page.phrase("sheet-title-plain")
    return page.document(name, title, page.speaker.text(flow.title), body)


def _blanks(page: Page) -> Markup:
    return tag(
        "div", [tag("span", page.phrase(f"sheet-{what}")) for what in ("when", "they", "we", "next")], class_="blanks"
    )


def _asked(number: int, text: str) -> Markup:
    return tag(
        "div", tag("p", f"{number}. {text}", class_="tick"), [_room() for _ in range(ANSWER_LINES)], class_="ask"
    )


def _demanded(page: Page, flow: Flow, demands: Iterable[Demand]) -> Content:
    listed = list(demands)
    if flow.demands is None or not listed:
        return None
    labels = {option.id: page.speaker.text(option.label) for option in flow.by_slot[flow.demands.slot].options}
    intro = tag("p", page.phrase("sheet-clauses-hint"), class_="quiet")
    return (intro, *(_clause(page, labels[demand.clause], page.speaker.text(demand.says)) for demand in listed))


def _clause(page: Page, label: str, says: str) -> Markup:
    boxes = [tag("span", page.phrase(f"sheet-{answer}")) for answer in ("agreed", "changed", "refused")]
    return tag(
        "div", tag("h3", label, class_="tick"), tag("p", says), tag("div", boxes, class_="boxes"), _room(), class_="ask"
    )


def _room(kind: str = "room") -> Markup:
    return tag("div", class_=kind)
