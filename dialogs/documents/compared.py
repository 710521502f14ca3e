"""Several offers side by side as a document: the order, what each asks for, and what would bring each to the front."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dialogs import line_breaking
from dialogs.documents.markup import Content, Markup, tag
from dialogs.documents.page import Document, Page, badge
from dialogs.flow import Flow, Question
from dialogs.graph.text_wrap import width
from dialogs.offers.comparing import Comparison, name
from dialogs.offers.vetted import Offer
from dialogs.short_asks import short
from dialogs.speaking import Filler

#: Of what speaks for or against each, the strongest.
REASONS = 4
#: Room for a name at the head of a column, in the width of Chinese signs.
LONGEST_HEAD = 14


class ComparedDocument:
    """Offers of one flow, best first."""

    def __init__(self, page: Page, flow: Flow, offers: Iterable[Offer]) -> None:
        """`page` is in the reader's language."""
        self._page = page
        self._flow = flow
        self._comparison = Comparison(page.speaker, flow, offers)

    def document(self, name: str) -> Document:
        """The file."""
        ordered = self._comparison.ordered
        title = self._page.phrase("compare-heading", count=str(len(ordered)))
        body = (
            self._order(ordered),
            tag("p", self._page.phrase("compare-order"), class_="quiet"),
            [self._card(place, one) for place, one in enumerate(ordered)],
            self._page.part("document-terms", self._terms(ordered)),
        )
        topics = [reason.topic for one in ordered for reason in one.deduction.reasons[:REASONS]]
        return self._page.document(name, title, self._page.speaker.text(self._flow.title), body, topics)

    def _order(self, ordered: Sequence[Offer]) -> Markup:
        figures = [label for label, _ in self._comparison.figures(ordered[0])]
        heads = [
            self._page.phrase("document-agency"),
            self._page.phrase("the-score"),
            *figures,
            *map(self._level, _LEVELS),
        ]
        return _table(heads, [self._row(place, one) for place, one in enumerate(ordered)], "wide-table order")

    def _row(self, place: int, one: Offer) -> Sequence[Content]:
        raised = [flag.level for flag in one.deduction.flags]
        level = self._flow.verdicts[one.deduction.rule.verdict].level
        verdict = tag("span", self._comparison.verdict(one), class_=f"tone {level or ''}".rstrip())
        called = (f"{place + 1}. {name(self._page.speaker, one)}", verdict)
        values = [value for _, value in self._comparison.figures(one)]
        score = "–" if one.deduction.score is None else str(one.deduction.score)
        return (called, score, *values, *(str(raised.count(level)) for level in _LEVELS))

    def _level(self, level: str) -> str:
        return self._page.phrase(f"level-{level}")

    def _card(self, place: int, one: Offer) -> Markup:
        filler = Filler(self._page.speaker, self._flow, one.answers, one.deduction)
        reasons = [
            tag("li", badge(self._page, one.deduction, reason), filler.fill(reason.says))
            for reason in one.deduction.reasons[:REASONS]
        ]
        return tag(
            "section", tag("h3", self._comparison.headline(place)), tag("ul", reasons),
            tag("p", self._comparison.unknowns(one), class_="quiet"), self._standing(place, one), class_="card",
        )  # fmt: skip

    def _standing(self, place: int, one: Offer) -> Content:
        if place == 0:
            ahead = self._comparison.ahead()
            return None if ahead is None else tag("p", tag("strong", ahead))
        sentence, found = self._comparison.overtaking(one)
        return tag("p", tag("strong", sentence)), tag(
            "ul", [tag("li", tag("div", way, class_="tick")) for way in found]
        )

    def _terms(self, ordered: Sequence[Offer]) -> Content:
        terms = self._flow.compare.terms if self._flow.compare is not None else ()
        heads = [self._page.phrase("document-term"), *map(self._head, ordered)]
        asked = [question for question in self._flow.questions if question.id in terms]
        rows = [
            (short(question, self._page.speaker.language), *(self._term(question, one) for one in ordered))
            for question in asked
            if question.kind != "many"
        ]
        return _table(heads, rows, "wide-table terms") if rows else None

    def _head(self, one: Offer) -> str:
        """Its name, as far as a column has room."""
        begin, *rest = line_breaking.lines(name(self._page.speaker, one), LONGEST_HEAD, width)
        return self._page.phrase("document-cut", begin=begin.rstrip("（([{ ")) if rest else begin

    def _term(self, question: Question, one: Offer) -> str:
        return self._page.speaker.value(question, one.answers) if question in one.position.asked else "–"


_LEVELS = ("blocker", "warning", "good")


def _table(heads: Sequence[str], rows: Iterable[Sequence[Content]], kind: str) -> Markup:
    """A table that turns into blocks on a narrow screen, each value with its heading beside it."""
    body = [
        tag(
            "tr",
            tag("th", first),
            [tag("td", value, data_label=head) for head, value in zip(heads[1:], rest, strict=True)],
        )
        for first, *rest in rows
    ]
    return tag("table", tag("thead", tag("tr", [tag("th", head) for head in heads])), tag("tbody", body), class_=kind)
