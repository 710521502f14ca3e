"""Words a result: the verdict, why, the sums, the plan, what would change it, and what to take to the meeting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dialogs import presses
from dialogs.decide import Deduction, ask_next
from dialogs.documents.wish import wish
from dialogs.flow import Flow, Reason
from dialogs.fold import Position
from dialogs.message import Button, Line, Message
from dialogs.outcome import questions
from dialogs.short_asks import short
from dialogs.speaking import Filler, Speaker
from dialogs.what_if import Change, changes

#: What a busy reader takes in; the rest follows below.
STRONGEST = 3
MOST_CHANGES = 6


class Result:
    """One flow's result over the answers of `position`, for one reader."""

    def __init__(self, speaker: Speaker, flow: Flow, position: Position, previous: Deduction | None = None) -> None:
        """`previous` is the case before in a series."""
        self._speaker = speaker
        self._flow = flow
        self._position = position
        self._deduction = Deduction(flow, position.answers, previous)
        self._filler = Filler(speaker, flow, position.answers, self._deduction)

    def messages(self, number: int, record: int) -> Sequence[Message]:
        """The whole result of conversation `number`, kept as `record`; the last has the buttons for what comes next."""
        parts = [part for part in (self._judged(), self._reckoned(), self._meeting()) if part]
        *earlier, last = parts
        # Of several messages the first is out of sight: the verdict stands again where the reader ends.
        again = (self._speaker.line("in-a-word", verdict=self._headline()),) if earlier else ()
        closing = (*last, *again, self._speaker.line("disclaimer", "quiet"))
        # The question whose answer ended it gives way; the rest follows below.
        return (
            *(Message(lines=tuple(part), replaces=not place) for place, part in enumerate(earlier)),
            Message(lines=closing, buttons=self._next(number, record), numbered=True, replaces=not earlier),
        )

    def so_far(self) -> Sequence[Line]:
        """The verdict as it stands, and its strongest reasons, in a few lines."""
        verdict = self._flow.verdicts[self._deduction.rule.verdict]
        return (
            self._speaker.line("so-far", "heading", verdict=self._filler.fill(verdict.title)),
            *(self._reason(reason) for reason in self._against_and_own()[:STRONGEST]),
        )

    def _judged(self) -> list[Line]:
        verdict = self._flow.verdicts[self._deduction.rule.verdict]
        lines = [Line(text=self._headline(), style="heading"), Line(text=self._filler.fill(verdict.says))]
        if self._deduction.score is not None:
            lines.append(self._speaker.line("score", "quiet", score=str(self._deduction.score)))
        reasons = self._against_and_own()
        lines += self._list("strongest-reasons", map(self._reason, reasons[:STRONGEST]))
        lines += self._list("further-reasons", map(self._reason, reasons[STRONGEST:]))
        lines += self._list(
            "good-signs", (self._reason(told) for told in self._deduction.reasons if told not in reasons)
        )
        return lines

    def _headline(self) -> str:
        subject = self._position.answers.get(self._flow.subject or "")
        title = self._filler.fill(self._flow.verdicts[self._deduction.rule.verdict].title)
        return self._speaker.phrase("verdict-on", subject=subject, verdict=title) if subject else title

    def _against_and_own(self) -> Sequence[Reason]:
        """The reasons without the good signs, which never explain a warning."""
        good = {flag.says for flag in self._deduction.flags if flag.level == "good"}
        return [reason for reason in self._deduction.reasons if reason.says not in good]

    def _reason(self, reason: Reason) -> Line:
        return self._cited(self._filler.fill(reason.says), reason.topic)

    def _cited(self, text: str, topic: str) -> Line:
        return self._speaker.line("cited", "item", text=text, topic=self._speaker.topic(topic))

    def _list(self, heading: str, items: Iterable[Line]) -> list[Line]:
        lines = list(items)
        return [self._speaker.line(heading, "heading"), *lines] if lines else []

    def _reckoned(self) -> list[Line]:
        passages = [passage for passage in self._flow.passages if self._deduction.surely(passage.when)]
        return [
            *(Line(text=self._filler.fill(passage.says)) for passage in passages),
            *self._list("figures", self._figures()),
            *self._list("assumptions", self._assumptions()),
            *self._list("plan", self._plan()),
            *self._list("what-if", self._changes()),
        ]

    def _figures(self) -> Iterable[Line]:
        for figure in self._flow.figures:
            if figure.in_result and self._deduction[figure.id] is not None:
                value = self._speaker.figure(self._deduction[figure.id], figure.unit)
                label, formula = self._speaker.text(figure.label), self._filler.fill(figure.formula)
                yield self._speaker.line("figure", "item", label=label, value=value, formula=formula)

    def _assumptions(self) -> Iterable[Line]:
        for told in self._flow.assumptions:
            value = self._speaker.amount(told.value, told.unit)
            yield self._speaker.line(
                "assumption", "item", says=self._speaker.text(told.says), value=value, year=str(told.year)
            )

    def _plan(self) -> Iterable[Line]:
        plan = self._flow.plan
        if plan is None:
            return
        labels = {option.id: option.label for option in self._flow.by_slot[plan.slot].options}
        ways = self._deduction.plan
        for function in sorted(ways, key=lambda function: list(labels).index(function)):
            rule = ways[function]
            way = self._speaker.text(plan.ways[rule.how])
            says = self._filler.fill(rule.says) if rule.says is not None else ""
            text = self._speaker.phrase("planned", function=self._speaker.text(labels[function]), way=way, says=says)
            yield self._cited(text.rstrip(), rule.topic)

    def _changes(self) -> Iterable[Line]:
        if self._flow.what_if:
            # Amounts first: an owner can work on his budget or margin sooner than on what he is.
            found = changes(self._flow, self._position.answers)
            found = sorted(found, key=lambda one: self._flow.by_slot[one.slot].kind == "choice")
            yield from (self._change(change) for change in found[:MOST_CHANGES])

    def _change(self, change: Change) -> Line:
        question = self._flow.by_slot[change.slot]
        answers: Mapping[str, Any] = {**self._position.answers, change.slot: change.value}
        return self._speaker.line(
            "change",
            "item",
            question=short(question, self._speaker.language),
            answer=self._speaker.value(question, answers),
            verdict=self._speaker.text(self._flow.verdicts[change.verdict].title),
        )

    def _meeting(self) -> list[Line]:
        unknown = ask_next(self._flow, (question.id for question in self._position.unknown))
        if self._flow.demands is None:
            return self._list("still-open", (self._open(slot) for slot in unknown))
        language = self._speaker.language
        own = [slot for slot in unknown if self._flow.by_slot[slot].to_agency is None]
        return [
            *self._list("find-out-yourself", (self._open(slot) for slot in own)),
            *self._list(
                "to-ask",
                (Line(text=one["text"], style="item") for one in questions(self._deduction, unknown, language)),
            ),
            *self._list(
                "to-demand", (self._cited(self._speaker.text(one.says), one.topic) for one in self._deduction.demands)
            ),
        ]

    def _open(self, slot: str) -> Line:
        return Line(text=short(self._flow.by_slot[slot], self._speaker.language), style="item")

    def _next(self, number: int, record: int) -> tuple[tuple[Button, ...], ...]:
        # An old result goes on to be what its buttons are about.
        result, sheet = (wish(sort, self._flow.id, (record,)).text() for sort in ("result", "sheet"))
        to_do = {
            "answers": ("act-answers", presses.control(number, "", "answers")),
            "continue": ("act-continue", presses.control(number, "", "continue")),
            "again": ("act-anew", presses.command(self._flow.id, presses.ANEW)),
            "document": ("act-document", presses.command("document", result)),
            "sheet": ("act-sheet", presses.command("document", sheet)),
            "menu": ("act-menu", presses.command("menu")),
        }
        idle = {"continue": not self._position.unknown, "sheet": self._flow.demands is None}
        offered = [to_do[act] for act in self._flow.buttons.result if not idle.get(act)]
        return tuple((Button(label=self._speaker.phrase(label), press=press),) for label, press in offered)
