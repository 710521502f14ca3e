"""The shape of a flow file: which keys there are, which must be there, and what each holds.

Not its job: whether names exist or expressions make sense (`compile`, `lint`). The models give the JSON Schema, too.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Told = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
Formula = Annotated[str, StringConstraints(min_length=1)]
Level = Literal["blocker", "warning", "good"]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


#: One id, or a list of ids.
Ids = Annotated[list[Id], BeforeValidator(_listed, json_schema_input_type=Id | list[Id])]
Names = Annotated[list[Name], BeforeValidator(_listed, json_schema_input_type=Name | list[Name])]
#: One text, or a list of texts.
Texts = Annotated[tuple[Told, ...], BeforeValidator(_listed, json_schema_input_type=Told | list[Told])]


class Strict(BaseModel):
    """Unknown keys are findings, since a mistyped key would otherwise be ignored in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TextShape(Strict):
    """A text; zh-Hant is derived from zh-Hans where it is not written."""

    zh_hans: Told = Field(alias="zh-Hans")
    zh_hant: Told | None = Field(default=None, alias="zh-Hant")
    en: Told


class OptionShape(Strict):
    id: Id
    label: TextShape
    aliases: list[Told] = []
    months: int | None = Field(default=None, ge=1, le=120)
    was: Ids = []


class DoubtShape(Strict):
    """Asked "really?" while `when` is surely true of an answer that was just given."""

    when: Formula
    says: TextShape
    instead: Told | None = None
    keeps: bool = True
    yes: TextShape | None = None
    no: TextShape | None = None


class QuestionShape(Strict):
    id: Name
    kind: Literal["choice", "many", "money", "percent", "number", "months", "date", "time", "zone", "text"]
    title: TextShape | None = None
    ask: TextShape
    hint: TextShape | None = None
    options: list[OptionShape] = []
    when: Formula | None = None
    why: Id
    per: str | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    days_back: int | None = Field(default=None, ge=0, le=366)
    looks: Literal["past", "future"] | None = None
    doubts: list[DoubtShape] = []
    called: list[Told] = []
    units: list[Told] = []
    beyond: TextShape | None = None
    all_at_once: bool = True
    examples: list[Told] = []
    not_sure: bool = True
    to_agency: TextShape | None = None
    offered_from: Annotated[str, StringConstraints(pattern=r"^[a-z-]+\.[a-z_]+$")] | None = None
    was: Names = []


class SectionShape(Strict):
    id: Id
    title: TextShape
    verdict_so_far: bool = False
    questions: list[QuestionShape] = Field(min_length=1)


class AssumptionShape(Strict):
    id: Name
    value: Decimal
    unit: Literal["money", "percent", "number", "months"]
    says: TextShape
    source: str | None = None
    year: int = Field(ge=2010, le=2100)


class FigureShape(Strict):
    id: Name
    unit: Literal["money", "percent", "ratio", "months", "count"]
    label: TextShape
    formula: TextShape
    in_result: bool = True


class FlagShape(Strict):
    id: Id
    level: Level
    when: Formula
    topic: Id
    says: TextShape
    points: int = Field(ge=-100, le=100)
    counts: Formula | None = None
    to_agency: TextShape | None = None
    about: Name | None = None


class ReasonShape(Strict):
    topic: Id
    says: TextShape
    when: Formula | None = None


class RuleShape(Strict):
    verdict: Id
    when: Formula | None = None
    because: list[ReasonShape] = []


class VerdictShape(Strict):
    level: Level | None = None
    title: TextShape
    says: TextShape


class PlanRuleShape(Strict):
    functions: Ids = Field(min_length=1)
    how: Id
    when: Formula | None = None
    topic: Id
    says: TextShape | None = None


class PlanShape(Strict):
    slot: Name
    ways: dict[Id, TextShape]
    rules: list[PlanRuleShape]
    always: list[PlanRuleShape] = []


class DemandShape(Strict):
    clause: Id
    when: Formula | None = None
    topic: Id
    says: TextShape
    points: int = Field(default=0, ge=-100, le=0)


class DemandsShape(Strict):
    slot: Name
    required: list[DemandShape]


class PassageShape(Strict):
    says: TextShape
    when: Formula | None = None


class CompareShape(Strict):
    verdicts: list[Id] = Field(min_length=1)
    figures: list[Name] = []
    terms: list[Name] = []


class ButtonsShape(Strict):
    """Defaults are those of `flow.Buttons`."""

    question: list[Literal["not-sure", "later", "back", "why", "summary", "stop"]] | None = None
    result: list[Literal["answers", "continue", "again", "document", "sheet", "menu"]] | None = None


class FlowShape(Strict):
    """A whole flow file."""

    flow: Id
    title: TextShape
    intro: TextShape
    subject: Name | None = None
    decisive: list[Name] = []
    sections: list[SectionShape] = Field(min_length=1)
    assume: list[AssumptionShape] = []
    compute: dict[Name, Formula] = {}
    words: dict[Name, TextShape] = {}
    figures: list[FigureShape] = []
    flags: list[FlagShape] = []
    score_from: int | None = Field(default=None, ge=0, le=100)
    verdicts: dict[Id, VerdictShape]
    decide: list[RuleShape] = Field(min_length=1)
    plan: PlanShape | None = None
    demands: DemandsShape | None = None
    passages: list[PassageShape] = []
    what_if: bool = False
    compare: CompareShape | None = None
    trend: Names = []
    buttons: ButtonsShape = ButtonsShape()


class PhrasesShape(Strict):
    """A file of `dialogs/texts`: texts by key."""

    texts: dict[Id, TextShape]


class SlotShape(Strict):
    kind: str
    options: list[Id] = []


class OrderShape(Strict):
    """From good to bad: options as listed, or amounts (of which less or more is better) from `above` on."""

    slot: Name
    good_to_bad: list[Id] = []
    better: Literal["less", "more"] | None = None
    above: Decimal | None = None
    when: Formula | None = None


class NeverShape(Strict):
    """Better answers never turn another verdict into this one."""

    law: Told
    verdict: Id
    bad_to_good: dict[Name, list[Id]]


class OrdersShape(Strict):
    """What a worse answer may not do: raise the score, or better the verdict. Verdicts: from the worst to the best."""

    law: str = ""
    verdicts: list[Id] = []
    slots: list[OrderShape] = []
    never: list[NeverShape] = []
    #: Verdicts that "not sure" never gives where a known answer would not.
    hope_law: str = ""
    hoped: list[Id] = []


class HeldShape(Strict):
    """While `when` is true the verdict is one of `verdicts`, none of `never`; `verdict` is only given under `needs`."""

    law: Told
    #: Our own choice where the contract leaves it open: to change the rules is only remarked on.
    ours: bool = False
    when: Formula | None = None
    verdicts: Ids = []
    never: Ids = []
    verdict: Id | None = None
    needs: Formula | None = None
    #: How a function (or all) may be planned, and the ways of which one at least must be in the plan.
    ways: dict[Id, Ids] = {}
    taught: Ids = []


class LawsShape(Strict):
    """What must follow from answers, in words of the contract's own: `let` names, then figures, flags and demands."""

    let: dict[Name, Formula] = {}
    figures: dict[Name, Formula] = {}
    flags: dict[Id, Formula] = {}
    #: "always", or when the clause is required.
    demands: dict[Id, Formula] = {}
    held: list[HeldShape] = []


class AdviceShape(Strict):
    """What the contract of one flow fixes: its slots, and the ids of all that a result names."""

    slots: dict[Name, SlotShape]
    verdicts: list[Id]
    figures: list[Name] = []
    flags: dict[Id, Level] = {}
    ways: list[Id] = []
    clauses: list[Id] = []
    orders: OrdersShape = OrdersShape()
    laws: LawsShape = LawsShape()


class ContractShape(Strict):
    """The file `dialogs/advice.yaml`."""

    flows: dict[Id, AdviceShape]
