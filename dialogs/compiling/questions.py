"""Compiles what a flow asks: its questions in order, with their options and guards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from dialogs import schema
from dialogs.compiling.scope import Scope
from dialogs.derived_names import TODAY, months_name, without_months
from dialogs.doubt import Doubt
from dialogs.expression import DATE, NUMBER, TEXT, TIME, Expression, Sort
from dialogs.flow import Option, Question
from dialogs.shaping import maybe, wording
from knowledge.finding import Trail

#: What a rate can be counted by, beside the slot of a choice that says it.
PERIODS = ("month", "quarter", "half-year", "year")


class QuestionCompiler:
    """Compiles the questions of `shaped` into `scope`, which afterwards knows their slots."""

    def __init__(self, scope: Scope, shaped: schema.FlowShape) -> None:
        self._scope = scope
        self._shaped = shaped
        self.slots = frozenset(asked.id for section in shaped.sections for asked in section.questions)
        #: What questions are or were called: a former name can go on as one question only.
        self._called = set(self.slots)

    def questions(self) -> Iterable[Question]:
        """All of them, in order, with their doubts, which may read every slot and the day of the answer."""
        questions = list(self._plain())
        self._scope.sorts[TODAY] = DATE
        for (asked, trail), question in zip(self._shapes(), questions, strict=True):
            doubts = tuple(self._doubts(asked, trail))
            yield replace(question, doubts=doubts) if doubts else question
        del self._scope.sorts[TODAY]

    def _shapes(self) -> Iterable[tuple[schema.QuestionShape, Trail]]:
        for i, section in enumerate(self._shaped.sections):
            for j, asked in enumerate(section.questions):
                yield asked, ("sections", i, "questions", j)

    def _doubts(self, asked: schema.QuestionShape, trail: Trail) -> Iterable[Doubt]:
        for index, doubt in enumerate(asked.doubts):
            when = self._scope.expression(doubt.when, (*trail, "doubts", index, "when"))
            if when is not None:
                yield Doubt(
                    when=when, says=wording(doubt.says), instead=doubt.instead, keeps=doubt.keeps,
                    yes=maybe(doubt.yes), no=maybe(doubt.no),
                )  # fmt: skip

    def _plain(self) -> Iterable[Question]:
        sections: set[str] = set()
        for i, section in enumerate(self._shaped.sections):
            self._scope.once(("sections", i, "id"), "section-twice", section.id, sections)
            for j, asked in enumerate(section.questions):
                yield self._question(asked, section.id, ("sections", i, "questions", j))

    def _question(self, asked: schema.QuestionShape, section: str, trail: Trail) -> Question:
        # The guard is compiled before the question's own slot is known: it reads earlier ones only.
        when = self._guard(asked.when, (*trail, "when"))
        options = tuple(self._options(asked, trail))
        self._about_the_rest(asked, trail)
        self._scope.enter(asked.id, _sort(asked), (*trail, "id"))
        if any(option.months for option in options):
            self._scope.enter(months_name(asked.id), NUMBER, (*trail, "id"))
        return _built(asked, section, when, options)

    def _guard(self, text: str | None, trail: Trail) -> Expression | None:
        before = len(self._scope.findings)
        guard = self._scope.expression(text, trail)
        for index in range(before, len(self._scope.findings)):
            finding = self._scope.findings[index]
            name = finding.values.get("name", "")
            if finding.code == "unknown-name" and {name, without_months(name)} & self.slots:
                self._scope.findings[index] = replace(finding, code="guard-reads-later", values={"name": name})
        return guard

    def _options(self, asked: schema.QuestionShape, trail: Trail) -> Iterable[Option]:
        choosing = asked.kind in ("choice", "many")
        if choosing and not asked.options:
            self._scope.fail((*trail, "id"), "options-missing", kind=asked.kind)
        if asked.options and not choosing:
            self._scope.fail((*trail, "options"), "options-needless", kind=asked.kind)
        seen: set[str] = set()
        for index, option in enumerate(asked.options):
            self._scope.once((*trail, "options", index, "id"), "option-twice", option.id, seen)
            yield Option(
                id=option.id,
                label=wording(option.label),
                aliases=tuple(option.aliases),
                months=option.months,
                was=tuple(option.was),
            )
        for index, option in enumerate(asked.options):
            for at, former in enumerate(option.was):
                self._scope.once((*trail, "options", index, "was", at), "option-twice", former, seen)

    def _about_the_rest(self, asked: schema.QuestionShape, trail: Trail) -> None:
        if asked.min is not None and asked.max is not None and asked.min > asked.max:
            self._scope.fail((*trail, "min"), "limits-crossed", minimum=str(asked.min), maximum=str(asked.max))
        if asked.days_back is not None and asked.kind != "date":
            self._scope.fail((*trail, "days_back"), "days-back-needless", kind=asked.kind)
        per = self._scope.sorts.get(asked.per or "")
        if asked.per is not None and asked.per not in PERIODS and (per is None or per.name != "choice"):
            self._scope.fail((*trail, "per"), "unknown-period", name=asked.per, known=", ".join(PERIODS))
        for index, name in enumerate(asked.was):
            self._scope.once((*trail, "was", index), "name-twice", name, self._called)


def _sort(asked: schema.QuestionShape) -> Sort:
    if asked.kind in ("choice", "many"):
        return Sort(asked.kind, frozenset(option.id for option in asked.options))
    return {"text": TEXT, "zone": TEXT, "date": DATE, "time": TIME}.get(asked.kind, NUMBER)


def _built(asked: schema.QuestionShape, section: str, when: Expression | None, options: tuple[Option, ...]) -> Question:
    return Question(
        id=asked.id,
        section=section,
        kind=asked.kind,
        ask=wording(asked.ask),
        title=maybe(asked.title),
        hint=maybe(asked.hint),
        options=options,
        when=when,
        why=asked.why,
        per=asked.per,
        minimum=asked.min if asked.min is not None else _least(asked.kind),
        maximum=asked.max,
        days_back=asked.days_back,
        looks=asked.looks,
        called=tuple(asked.called),
        units=tuple(asked.units),
        beyond=maybe(asked.beyond),
        all_at_once=asked.all_at_once,
        examples=tuple(asked.examples),
        not_sure=asked.not_sure,
        to_agency=maybe(asked.to_agency),
        offered_from=asked.offered_from,
        was=tuple(asked.was),
    )


def _least(kind: str) -> Decimal | None:
    """Nothing that we count can be negative."""
    return Decimal(0) if kind in ("money", "percent", "number", "months") else None
