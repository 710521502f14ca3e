"""What a dialog is made of, once its YAML has been read and checked: frozen values.

Not its job: reading YAML (`loader`, `schema`, `compile`), walking a conversation (`fold`), deciding (`decide`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from dialogs.derived_names import PREVIOUS, months_name
from dialogs.doubt import Doubt
from dialogs.expression import Expression
from dialogs.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer that a choice or many question offers."""

    id: str
    label: Wording
    #: Other words that people type for it, in any language.
    aliases: tuple[str, ...] = ()
    #: The number that the option stands for in figures, such as the months of a fee period; None: no number.
    months: int | None = None
    #: What the option's id was before, so that old answers still count.
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; its id is the slot under which the answer is kept."""

    id: str
    section: str
    #: choice, many, money, percent, number, months, date, time, zone or text: the name of a module of `dialogs/kinds`.
    kind: str
    ask: Wording
    #: What the thing asked for is called where an answer is echoed, in a word or two; None: the question in short.
    title: Wording | None = None
    #: A second, quiet line under the question: what to count in, where to look it up.
    hint: Wording | None = None
    options: tuple[Option, ...] = ()
    #: Asked unless this is surely false.
    when: Expression | None = None
    #: The topic that answers "why do you ask?".
    why: str
    #: What an amount of money is counted by: month, quarter, half-year, year, or the slot of a choice that says it.
    per: str | None = None
    #: Inclusive limits: yuan, fractions for a percent, characters for a text.
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    #: Of a date without a year: the first that lies at most so many days before today is meant; None: the nearest.
    days_back: int | None = None
    #: past or future: of a date that does not say which (Friday, the 13th, 3 March) the last or the next one is meant.
    looks: str | None = None
    doubts: tuple[Doubt, ...] = ()
    #: Words for this thing, and what a number is counted in: an answer to another question that has one is asked back.
    called: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    #: Said when an answer lies outside the limits; a general sentence stands in where it is missing.
    beyond: Wording | None = None
    #: False: "all of them" is asked about.
    all_at_once: bool = True
    examples: tuple[str, ...] = ()
    #: Only a name has no "not sure".
    not_sure: bool = True
    #: The same thing as a question to put to the agency in the meeting.
    to_agency: Wording | None = None
    #: "flow.slot" whose last answer is offered as default.
    offered_from: str | None = None
    #: What the question was called before, so that old answers still count.
    was: tuple[str, ...] = ()
    #: Derived: the months of the options that stand for a number. Every fold asks for them.
    months: Mapping[str, Fraction] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Derive."""
        months = {option.id: Fraction(option.months) for option in self.options if option.months}
        object.__setattr__(self, "months", months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    id: str
    title: Wording
    #: Show the verdict as far as known once this section is through.
    verdict_so_far: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A number that we put in because the owner cannot know it; shown to him with source and year."""

    id: str
    value: Decimal
    #: money (yuan), percent (fraction) or number.
    unit: str
    says: Wording
    #: Key of knowledge/sources.yaml, or None for our own estimate.
    source: str | None
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A computed value that is part of the result."""

    id: str
    #: money (2 places), percent (4), ratio (4), months, or count (a whole number, said as a word).
    unit: str
    label: Wording
    #: The formula in words, for the owner.
    formula: Wording
    #: False: only told in passages, not part of the result.
    in_result: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    id: str
    #: blocker, warning or good.
    level: str
    when: Expression
    topic: str
    says: Wording
    #: Points that it adds to or takes from the score.
    points: int
    #: While this is surely true the points count; None: while the flag is raised.
    counts: Expression | None = None
    #: What to ask in the meeting because of it, and the slot that the question is about.
    to_agency: Wording | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A topic that speaks for a verdict, when it applies."""

    topic: str
    says: Wording
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The first rule whose `when` is surely true gives the verdict."""

    verdict: str
    when: Expression | None
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    id: str
    title: Wording
    says: Wording
    #: blocker, warning or good: its colour in a document; None: neither good nor bad.
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRule:
    """How one function is to be done; the first rule of a function that surely applies counts."""

    function: str
    how: str
    when: Expression | None
    topic: str
    says: Wording | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    slot: str
    ways: Mapping[str, Wording]
    rules: tuple[PlanRule, ...]
    #: Functions that are planned whether chosen or not, while their `when` is surely true.
    always: tuple[PlanRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A clause that the contract must have while `when` is surely true."""

    clause: str
    when: Expression | None
    topic: str
    says: Wording
    #: What its absence takes from the score; zero or less.
    points: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    slot: str
    required: tuple[Demand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph of the result that is shown while `when` is surely true (or always)."""

    says: Wording
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """How several results of one flow are put in order: by verdict, then score, then less of each figure."""

    #: Best first; every verdict of the flow, once.
    verdicts: tuple[str, ...]
    #: Less is better; the first counts most.
    figures: tuple[str, ...] = ()
    #: The slots that the other side can change when asked to: what may move it up.
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """What stands under every question besides its answers, and under the result, in this order."""

    question: tuple[str, ...] = ("not-sure", "later", "back", "why", "summary", "stop")
    result: tuple[str, ...] = ("answers", "continue", "document", "sheet", "menu")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A dialog: what is asked, and what follows from the answers."""

    id: str
    title: Wording
    intro: Wording
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    verdicts: Mapping[str, Verdict]
    rules: tuple[Rule, ...]
    #: The slot whose answer names what the conversation is about; None where it is about the owner himself.
    subject: str | None = None
    assumptions: tuple[Assumption, ...] = ()
    #: Named expressions over slots, assumptions and the names before them.
    formulas: Mapping[str, Expression] = field(default_factory=dict[str, Expression])
    #: What formulas are called where conditions are put into words; those that are missing have no name.
    words: Mapping[str, Wording] = field(default_factory=dict[str, Wording])
    figures: tuple[Figure, ...] = ()
    flags: tuple[Flag, ...] = ()
    #: The score of an offer with no flag raised; None: the flow gives no score.
    score_from: int | None = None
    plan: Plan | None = None
    demands: Demands | None = None
    passages: tuple[Passage, ...] = ()
    #: Unknown slots are asked for in this order; those not named follow in the order of the questions.
    decisive: tuple[str, ...] = ()
    what_if: bool = False
    #: None: the results of this flow are not compared with one another.
    compare: Compare | None = None
    #: Figures shown from case to case; not empty: the cases are a series, each reads the one before as previous_NAME.
    trend: tuple[str, ...] = ()
    buttons: Buttons = Buttons()
    #: Identifies the rules that gave a result; changes with any edit of the YAML.
    hash: str = ""
    by_slot: Mapping[str, Question] = field(default_factory=dict[str, Question])
    #: Derived: the slots that guards read, the slot that goes on under each former name, and by slot the option that
    #: does. Every fold asks for them.
    guarding: frozenset[str] = field(init=False, repr=False, compare=False)
    renamed: Mapping[str, str] = field(init=False, repr=False, compare=False)
    options_renamed: Mapping[str, Mapping[str, str]] = field(init=False, repr=False, compare=False)
    #: Derived: the formulas that the next case of a series reads as previous_NAME.
    carried: tuple[str, ...] = field(init=False, repr=False, compare=False)
    #: Derived: every word and unit of its questions (`called`, `units`).
    things: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Derive."""
        read = {name for question in self.questions if question.when is not None for name in question.when.names}
        guarding = frozenset(one.id for one in self.questions if {one.id, months_name(one.id)} & read)
        renamed = {former: question.id for question in self.questions for former in question.was}
        options = {
            question.id: {former: option.id for option in question.options for former in option.was}
            for question in self.questions
            if any(option.was for option in question.options)
        }
        later = {name.removeprefix(PREVIOUS) for formula in self.formulas.values() for name in formula.names}
        carried = tuple(name for name in self.formulas if name in later) if self.trend else ()
        object.__setattr__(self, "guarding", guarding)
        object.__setattr__(self, "carried", carried)
        things = dict.fromkeys(word for one in self.questions for word in (*one.called, *one.units))
        object.__setattr__(self, "things", tuple(things))
        object.__setattr__(self, "renamed", renamed)
        object.__setattr__(self, "options_renamed", options)
