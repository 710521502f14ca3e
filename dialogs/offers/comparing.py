"""Words several offers side by side: in blocks that a phone can show, best first. Not its job: the order (`vetted`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from dialogs.decide import ask_next
from dialogs.flow import Flow, Option, Question
from dialogs.loop.contracts import can_be_said
from dialogs.message import Button, Line, Message
from dialogs.offers.overtaking import Way, ways
from dialogs.offers.vetted import Offer, best_first, rank
from dialogs.short_asks import short
from dialogs.speaking import Filler, Speaker

#: So many unknowns are named; all are counted.
NAMED_UNKNOWNS = 3
#: So many clauses are all named; of more the first few, since the sheet for the meeting has them all.
NAMED_CLAUSES = 5
FIRST_CLAUSES = 3
_HOW_MANY = {1: "compare-ways", 2: "compare-ways-two"}


def name(speaker: Speaker, one: Offer) -> str:
    """As the owner calls it."""
    return one.name if can_be_said(one.name) else speaker.phrase("agency-nameless", number=str(one.number))


class Comparison:
    """Offers of one flow for one reader. `ordered` is best first."""

    def __init__(self, speaker: Speaker, flow: Flow, compared: Iterable[Offer]) -> None:
        self.speaker = speaker
        self.flow = flow
        self.ordered = best_first(flow, compared)

    def messages(self, before: Iterable[Line], buttons: tuple[tuple[Button, ...], ...]) -> Sequence[Message]:
        """The order in short, then each in detail."""
        speaker = self.speaker
        heading = speaker.line("compare-heading", "heading", count=str(len(self.ordered)))
        places = [Line(text=self.headline(place), style="item") for place in range(len(self.ordered))]
        order = speaker.line("compare-order", "quiet")
        blocks = [line for place in range(len(self.ordered)) for line in self._block(place)]
        closing = speaker.line("disclaimer", "quiet")
        return (
            Message(lines=(*before, heading, *places, order)),
            Message(lines=(*blocks, closing), buttons=buttons, numbered=True),
        )

    def headline(self, place: int) -> str:
        """Its place, name and verdict."""
        one, speaker = self.ordered[place], self.speaker
        return speaker.phrase("compare-line", place=str(place + 1), name=name(speaker, one), verdict=self.verdict(one))

    def verdict(self, one: Offer) -> str:
        """The title of its verdict."""
        return self._filler(one).fill(self.flow.verdicts[one.deduction.rule.verdict].title)

    def figures(self, one: Offer) -> Iterable[tuple[str, str]]:
        """The figures that the order looks at: label and value in words."""
        told = self.flow.compare.figures if self.flow.compare is not None else ()
        labelled = {figure.id: figure for figure in self.flow.figures}
        for id in told:
            value = one.deduction[id]
            unknown = self.speaker.phrase("compare-figure-unknown")
            said = unknown if value is None else self.speaker.figure(value, labelled[id].unit)
            yield self.speaker.text(labelled[id].label), said

    def counts(self, one: Offer) -> str:
        """How many flags of each level it raises."""
        levels = [flag.level for flag in one.deduction.flags]
        blockers, warnings, goods = (str(levels.count(level)) for level in ("blocker", "warning", "good"))
        return self.speaker.phrase("compare-counts", blockers=blockers, warnings=warnings, goods=goods)

    def reason(self, one: Offer) -> str | None:
        """What weighs most, in words."""
        reasons = one.deduction.reasons
        return self._filler(one).fill(reasons[0].says) if reasons else None

    def unknowns(self, one: Offer) -> str:
        """How many questions are open, and which decide most."""
        open_slots = ask_next(self.flow, (question.id for question in one.position.unknown))
        if not open_slots:
            return self.speaker.phrase("compare-all-known")
        named = self.speaker.joined(
            "list-asked", (self._short(self.flow.by_slot[slot]) for slot in open_slots[:NAMED_UNKNOWNS])
        )
        return self.speaker.phrase("compare-unknowns", count=str(len(open_slots)), slots=named)

    def ahead(self) -> str | None:
        """Why the first comes before the second."""
        if len(self.ordered) < 2:
            return None
        first, second = self.ordered[:2]
        names = zip(self._criteria, rank(self.flow, first.deduction), rank(self.flow, second.deduction), strict=True)
        why = next((name for name, one, other in names if one != other), self.speaker.phrase("ahead-equal"))
        return self.speaker.phrase("compare-first", second=name(self.speaker, second), why=why)

    def overtaking(self, one: Offer) -> tuple[str, Sequence[str]]:
        """What would bring it to the front: a sentence, and the ways."""
        found = ways(self.flow, one, rank(self.flow, self.ordered[0].deduction))
        if found:
            key = _HOW_MANY.get(len(found[0]), "compare-ways-several")
            return self.speaker.phrase(key), self._told(one, found)
        # A rank that is the verdict alone is beaten only by a better verdict.
        better = ways(self.flow, one, rank(self.flow, one.deduction)[:1])
        if one.position.unknown and not better:
            return self.speaker.phrase("compare-ask-first"), ()
        return self.speaker.phrase("compare-no-way-but" if better else "compare-no-way"), self._told(one, better)

    def _block(self, place: int) -> Iterable[Line]:
        one, speaker = self.ordered[place], self.speaker
        yield Line(text=self.headline(place), style="heading")
        if one.deduction.score is not None:
            yield speaker.line("compare-score", "item", score=str(one.deduction.score))
        for label, value in self.figures(one):
            yield speaker.line("compare-figure", "item", label=label, value=value)
        if self.flow.flags:
            yield Line(text=self.counts(one), style="item")
        reason = self.reason(one)
        if reason is not None:
            yield speaker.line("compare-reason", "item", says=reason)
        yield Line(text=self.unknowns(one), style="item")
        yield from self._standing(place)

    def _standing(self, place: int) -> Iterable[Line]:
        if place == 0:
            ahead = self.ahead()
            if ahead is not None:
                yield Line(text=ahead)
            return
        sentence, found = self.overtaking(self.ordered[place])
        yield Line(text=sentence)
        yield from (Line(text=way, style="item") for way in found)

    @cached_property
    def _criteria(self) -> Sequence[str]:
        """Why one may stand before the other, in the order of `rank`."""
        speaker, told = self.speaker, self.flow.compare
        labels = {figure.id: speaker.text(figure.label) for figure in self.flow.figures}
        figures = [speaker.phrase("ahead-figure", label=labels[id]) for id in (told.figures if told else ())]
        before, after = ("ahead-verdict", "ahead-score"), ("ahead-blockers", "ahead-warnings")
        return (*map(speaker.phrase, before), *figures, *map(speaker.phrase, after))

    def _told(self, one: Offer, found: Sequence[Way]) -> Sequence[str]:
        if found and len(found[0]) > 2:
            return self._changes(one, found[0])
        return [self._way(one, way) for way in found]

    def _way(self, one: Offer, way: Way) -> str:
        changes = self._changes(one, way)
        return changes[0] if len(changes) == 1 else self.speaker.phrase("way-and", first=changes[0], second=changes[1])

    def _changes(self, one: Offer, way: Way) -> Sequence[str]:
        return [self._change(one, self.flow.by_slot[slot], way) for slot in way]

    def _change(self, one: Offer, question: Question, way: Way) -> str:
        present = one.answers.get(question.id)
        if question.kind == "many":
            added = [option for option in question.options if option.id in set(way[question.id]) - set(present or ())]
            return self._clauses(added)
        answers = {**one.answers, **way}
        said = {"question": self._short(question), "answer": self.speaker.value(question, answers)}
        counted = [other for other in self.flow.questions if other.per == question.id and answers.get(other.id)]
        if present is not None and counted and counted[0].id not in way:
            # The sum stays what it is, by another period.
            return self.speaker.phrase("way-period", amount=self.speaker.value(counted[0], answers), **said)
        return self.speaker.phrase("way-unknown" if present is None else "way-answer", **said)

    def _clauses(self, added: Sequence[Option]) -> str:
        """By name as long as they are few."""
        many = len(added) > NAMED_CLAUSES
        told = added[:FIRST_CLAUSES] if many else added
        named = self.speaker.joined("list-and", (self.speaker.text(option.label) for option in told))
        return self.speaker.phrase("way-clauses-many" if many else "way-clauses", count=str(len(added)), clauses=named)

    def _short(self, question: Question) -> str:
        return short(question, self.speaker.language)

    def _filler(self, one: Offer) -> Filler:
        return Filler(self.speaker, self.flow, one.answers, one.deduction)
