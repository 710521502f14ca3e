"""What a dialog found, as a document: verdict, reasons, sums, plan, what to ask and demand, and the answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from dialogs.decide import Deduction, ask_next
from dialogs.documents.markup import Content, Markup, lines, tag
from dialogs.documents.page import Document, Page, badge, subject
from dialogs.flow import Figure, Flow, PlanRule, Question, Reason
from dialogs.fold import Position
from dialogs.outcome import questions
from dialogs.short_asks import short
from dialogs.speaking import Filler
from dialogs.what_if import Change, changes


class ResultDocument:
    """The result over the answers of `position`, which is what the owner said."""

    def __init__(
        self, page: Page, flow: Flow, position: Position, previous: Deduction | None = None, *,
        about: str = "", picture: Markup | None = None,
    ) -> None:  # fmt: skip
        """`page` is in the reader's language; `previous` is the case before in a series, `picture` shows all of it.

        `about` says what the answers are about where none of them does.
        """
        self._page = page
        self._about = about
        self._picture = picture
        self._flow = flow
        self._position = position
        self._deduction = Deduction(flow, position.answers, previous)
        self._filler = Filler(page.speaker, flow, position.answers, self._deduction)

    def document(self, name: str) -> Document:
        """The file."""
        body = (
            self._verdict(), self._reasons(), self._series(), self._figures(), self._passages(), self._plan(),
            self._changes(), self._to_ask(), self._to_demand(), self._assumptions(), self._answers(),
        )  # fmt: skip
        title = self._page.speaker.text(self._flow.title)
        about = subject(self._flow, self._position) or self._about
        return self._page.document(name, about or title, title if about else "", body, self._topics())

    def _topics(self) -> Iterable[str]:
        yield from (reason.topic for reason in self._deduction.reasons)
        yield from (rule.topic for rule in self._deduction.plan.values())
        yield from (demand.topic for demand in self._deduction.demands)

    def _verdict(self) -> Content:
        verdict, score = self._flow.verdicts[self._deduction.rule.verdict], self._deduction.score
        told = None if score is None else tag("small", self._page.phrase("score", score=str(score)))
        title = tag("strong", self._filler.fill(verdict.title))
        kind = f"verdict {verdict.level or ''}".rstrip()
        return tag("section", title, lines(self._filler.fill(verdict.says)), told, class_=kind)

    def _reasons(self) -> Content:
        items = [self._reason(reason) for reason in self._deduction.reasons]
        return self._page.part("document-reasons", tag("ul", items) if items else None)

    def _reason(self, reason: Reason) -> Markup:
        mark = badge(self._page, self._deduction, reason)
        return tag("li", mark, self._filler.fill(reason.says), self._topic(reason.topic))

    def _topic(self, topic: str) -> Markup:
        return tag("small", self._page.phrase("document-topic", topic=self._page.speaker.topic(topic)))

    def _series(self) -> Content:
        return None if self._picture is None else tag("figure", self._picture, class_="picture")

    def _figures(self) -> Content:
        rows = [self._figure(figure) for figure in self._flow.figures if figure.in_result]
        return self._page.part("figures", tag("dl", rows, class_="figures") if rows else None)

    def _figure(self, figure: Figure) -> Markup:
        value = self._deduction[figure.id]
        sign = "below" if value is not None and value < 0 else "above"
        return tag(
            "div",
            tag("dt", self._page.speaker.text(figure.label)),
            tag("dd", self._page.speaker.figure(value, figure.unit), class_=sign),
            tag("dd", self._filler.fill(figure.formula), class_="how"),
        )

    def _passages(self) -> Content:
        told = [passage for passage in self._flow.passages if self._deduction.surely(passage.when)]
        return [tag("div", lines(self._filler.fill(passage.says)), class_="passage") for passage in told]

    def _plan(self) -> Content:
        plan, ways = self._flow.plan, self._deduction.plan
        if plan is None:
            return None
        labels = {option.id: option.label for option in self._flow.by_slot[plan.slot].options}
        order = [function for function in labels if function in ways]
        rows = [
            self._planned(
                self._page.speaker.text(labels[one]), plan.ways[ways[one].how].fill(self._language), ways[one]
            )
            for one in order
        ]
        return self._page.part("plan", tag("table", tag("tbody", rows), class_="plan") if rows else None)

    def _planned(self, function: str, way: str, rule: PlanRule) -> Markup:
        says = None if rule.says is None else tag("small", self._filler.fill(rule.says))
        return tag("tr", tag("th", function), tag("td", tag("strong", way), says, self._topic(rule.topic)))

    def _changes(self) -> Content:
        found = changes(self._flow, self._position.answers) if self._flow.what_if else ()
        return self._page.part("what-if", tag("ul", map(self._change, found)) if found else None)

    def _change(self, change: Change) -> Markup:
        question = self._flow.by_slot[change.slot]
        answer = self._page.speaker.value(question, {**self._position.answers, change.slot: change.value})
        verdict = self._page.speaker.text(self._flow.verdicts[change.verdict].title)
        text = self._page.phrase("change", question=self._name(question), answer=answer, verdict=verdict)
        return tag("li", text)

    def _to_ask(self) -> Content:
        if self._flow.demands is None:
            asked = [self._name(self._flow.by_slot[slot]) for slot in self._unknown]
            return self._page.part("still-open", _ticked(asked))
        own = [self._flow.by_slot[slot] for slot in self._unknown if self._flow.by_slot[slot].to_agency is None]
        asked = [one["text"] for one in questions(self._deduction, self._unknown, self._language)]
        return (
            self._page.part("find-out-yourself", _ticked([self._name(one) for one in own])),
            self._page.part("to-ask", _ticked(asked)),
        )

    def _to_demand(self) -> Content:
        return self._page.part(
            "to-demand", _ticked([self._page.speaker.text(one.says) for one in self._deduction.demands])
        )

    def _assumptions(self) -> Content:
        rows = [
            tag(
                "li",
                self._page.phrase(
                    "assumption",
                    says=self._page.speaker.text(told.says),
                    value=self._page.speaker.amount(told.value, told.unit),
                    year=str(told.year),
                ),
            )
            for told in self._flow.assumptions
        ]
        return self._page.part("assumptions", tag("ul", rows) if rows else None)

    def _answers(self) -> Content:
        rows = [tag("div", tag("dt", self._name(one)), tag("dd", self._said(one))) for one in self._position.asked]
        return self._page.part("document-answers", tag("dl", rows, class_="answers"))

    def _name(self, question: Question) -> str:
        return short(question, self._language)

    def _said(self, question: Question) -> str:
        return self._page.speaker.value(question, self._position.answers)

    @cached_property
    def _unknown(self) -> Sequence[str]:
        return ask_next(self._flow, (question.id for question in self._position.unknown))

    @property
    def _language(self) -> str:
        return self._page.speaker.language


def _ticked(texts: Sequence[str]) -> Content:
    return tag("ul", [tag("li", tag("div", text, class_="tick")) for text in texts]) if texts else None
