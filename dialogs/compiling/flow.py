"""Compiles one flow: expressions against the names that exist where they stand, texts into three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs import schema
from dialogs.compiling.compare import compare
from dialogs.compiling.questions import QuestionCompiler
from dialogs.compiling.rules import RuleCompiler
from dialogs.compiling.scope import Scope
from dialogs.derived_names import CLAUSE_COUNTS, FLAG_COUNTS
from dialogs.expression import Expression, Sort
from dialogs.flow import Assumption, Buttons, Demands, Flag, Flow, Rule, Section, Verdict
from dialogs.shaping import wording
from dialogs.wording import Wording
from knowledge.finding import Document, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class _Follows:
    """What follows from the answers and can be read further on."""

    assumptions: tuple[Assumption, ...]
    demands: Demands | None
    formulas: Mapping[str, Expression]
    flags: tuple[Flag, ...]
    rules: tuple[Rule, ...]


class FlowCompiler:
    """Compiles `shaped`; what cannot be compiled stands in `findings` afterwards."""

    def __init__(self, document: Document, shaped: schema.FlowShape) -> None:
        self._shaped = shaped
        self._scope = Scope(document)
        self._asking = QuestionCompiler(self._scope, shaped)
        self._ruling = RuleCompiler(self._scope, shaped, self._asking.slots)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found so far."""
        return tuple(self._scope.findings)

    def flow(self, hash: str) -> Flow:
        """The flow, usable where `findings` is empty. Order matters: each part sees the names before it."""
        shaped = self._shaped
        questions = tuple(self._asking.questions())
        self._slots_named()
        follows = self._follows()
        return Flow(
            id=shaped.flow,
            title=wording(shaped.title),
            intro=wording(shaped.intro),
            subject=shaped.subject,
            sections=self._sections(),
            questions=questions,
            by_slot={question.id: question for question in questions},
            assumptions=follows.assumptions,
            formulas=follows.formulas,
            words=self._words(),
            figures=tuple(self._ruling.figures()),
            flags=follows.flags,
            score_from=shaped.score_from,
            demands=follows.demands,
            rules=follows.rules,
            verdicts=self._verdicts(),
            plan=self._ruling.plan(),
            passages=tuple(self._ruling.passages()),
            decisive=tuple(shaped.decisive),
            what_if=shaped.what_if,
            compare=compare(self._scope, shaped, self._asking.slots),
            trend=tuple(shaped.trend),
            buttons=_buttons(shaped.buttons),
            hash=hash,
        )

    def _follows(self) -> _Follows:
        """What reads the names of the parts before it and adds names of its own, in this order."""
        shaped, ruling, scope = self._shaped, self._ruling, self._scope
        assumptions = tuple(ruling.assumptions())
        demands = ruling.demands()
        scope.add(*CLAUSE_COUNTS if shaped.demands else ())
        if shaped.trend:
            scope.look_back(shaped.compute)
        formulas = dict(ruling.formulas())
        flags = tuple(ruling.flags())
        scope.add(*FLAG_COUNTS if shaped.flags else ())
        rules = tuple(ruling.rules())
        scope.sorts["verdict"] = Sort("choice", frozenset(shaped.verdicts))
        return _Follows(assumptions=assumptions, demands=demands, formulas=formulas, flags=flags, rules=rules)

    def _slots_named(self) -> None:
        """The slots that the flow names outside of expressions."""
        slots = self._asking.slots
        if self._shaped.subject is not None:
            self._scope.one_of(("subject",), "unknown-slot", self._shaped.subject, slots)
        figures = frozenset(figure.id for figure in self._shaped.figures)
        for index, name in enumerate(self._shaped.trend):
            self._scope.one_of(("trend", index), "figure-not-computed", name, figures)
        for index, slot in enumerate(self._shaped.decisive):
            self._scope.one_of(("decisive", index), "unknown-slot", slot, slots)

    def _words(self) -> dict[str, Wording]:
        computed = frozenset(self._shaped.compute)
        for name in self._shaped.words:
            self._scope.one_of(("words", name), "unknown-name", name, computed)
        return {name: wording(told) for name, told in self._shaped.words.items()}

    def _sections(self) -> tuple[Section, ...]:
        return tuple(
            Section(id=part.id, title=wording(part.title), verdict_so_far=part.verdict_so_far)
            for part in self._shaped.sections
        )

    def _verdicts(self) -> dict[str, Verdict]:
        return {
            id: Verdict(id=id, title=wording(told.title), says=wording(told.says), level=told.level)
            for id, told in self._shaped.verdicts.items()
        }


def _buttons(shaped: schema.ButtonsShape) -> Buttons:
    """Those that are given; the usual ones for the rest."""
    given = {"question": shaped.question, "result": shaped.result}
    return Buttons(**{place: tuple(named) for place, named in given.items() if named is not None})
