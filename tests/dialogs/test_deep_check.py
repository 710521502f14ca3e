"""The deep rules: what answers can do to a flow is found, told so that it can be typed, and mutants are refuted."""

from __future__ import annotations

import ast
import copy
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dialogs.check import ENTRIES, check_documents_deeply, sentences, tell
from dialogs.compile import SHIPPED, compile_flow
from dialogs.kinds import KINDS
from dialogs.kinds.base import Circumstance, Read
from dialogs.lint.base import Around
from dialogs.lint.deep import DEEP, DEEP_CODES, law_broken, order_broken
from dialogs.lint.deep.base import TRIES, Bench
from dialogs.schema import ContractShape
from dialogs.shaping import shape
from dialogs.wording import LANGUAGES
from knowledge.finding import Document, Finding
from knowledge.yaml_reader import read_bytes, read_document
from tests.laws.cases import TODAY

BROKEN = Path(__file__).parent / "broken"
EDITS: list[dict[str, Any]] = read_document(BROKEN / "deep.yaml").content["edits"]
TOPICS = frozenset(path.stem for path in ENTRIES.glob("*.yaml"))
ADVICE = shape(ContractShape, read_document(SHIPPED / "advice.yaml"))[0]


def source(name: str | None) -> str:
    """The small dialog without fault, or a shipped one."""
    return (SHIPPED / "flows" / f"{name}.yaml" if name else BROKEN / "whole.yaml").read_text("utf-8")


@cache
def found(text: str) -> tuple[Finding, ...]:
    """All that is wrong in a flow."""
    return check_documents_deeply([("flow", read_bytes(text.encode(), "lamp.yaml"))], TOPICS).findings


def edited(edit: dict[str, Any]) -> tuple[str, int]:
    """The broken text, and the line in which it is broken."""
    whole = source(edit.get("on"))
    assert edit["find"] in whole, "this edit finds nothing to break"
    text = whole.replace(edit["find"], edit["put"], 1)
    at = text.index(edit["at"]) if "at" in edit else whole.index(edit["find"])
    return text, text.count("\n", 0, at) + 1


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit["code"])
def test_what_only_answers_show_is_found(edit: dict[str, Any]) -> None:
    """With its code, in its line, in a whole sentence of each language."""
    text, line = edited(edit)
    first = next((one for one in found(text) if one.code == edit["code"]), None)
    assert first is not None, found(text)
    assert abs(first.line - line) <= 1, first
    for language in LANGUAGES:
        assert "{" not in tell(first, language, sentences()).replace("{}", "")


def test_every_deep_code_is_shown_by_an_edit() -> None:
    """And every rule gives some finding."""
    assert {edit["code"] for edit in EDITS} == DEEP_CODES
    assert {path.stem for path in (SHIPPED / "lint" / "deep").glob("*.py")} >= set(DEEP)


#: Edits of shipped flows; that a law applies to no answers has no answers to show it by.
SHOWN = [edit for edit in EDITS if "on" in edit and edit["code"] != "law-idle"]


@pytest.mark.parametrize("edit", SHOWN, ids=lambda edit: edit["code"])
def test_a_counter_example_can_be_typed(edit: dict[str, Any]) -> None:
    """Each answer of it is read as it stands."""
    text, _ = edited(edit)
    flow, _ = compile_flow(read_bytes(text.encode(), "lamp.yaml"))
    told = next(one for one in found(text) if one.code == edit["code"]).values["answers"]
    assert flow is not None
    for part in told.replace(" | ", "; ").split("; "):
        slot, _, typed = part.partition(" = ")
        if slot != "-":
            question = flow.by_slot[slot]
            reading = KINDS[question.kind].read(typed, question, Circumstance(language="en", today=TODAY))
            assert isinstance(reading, Read), part


@pytest.mark.parametrize("name", [None, *sorted(path.stem for path in (SHIPPED / "flows").glob("*.yaml"))])
def test_the_shipped_flows_keep_every_law(name: str | None) -> None:
    """No finding, and each law is made of names that the flow has."""
    assert [one for one in found(source(name)) if one.level == "error" or one.code in DEEP_CODES] == []
    assert ADVICE is not None
    if name in ADVICE.flows:
        bench = bench_of(read_bytes(source(name).encode(), "lamp.yaml"))
        told, made = ADVICE.flows[name].laws, bench.laws
        counts = (len(told.let), len(told.figures), len(told.flags), len(told.demands), len(told.held))
        assert counts == (len(made.names), len(made.figures), len(made.flags), len(made.demands), len(made.held))
        assert len(ADVICE.flows[name].orders.slots) == len(made.orders)


def bench_of(document: Document, tries: int = TRIES) -> Bench:
    """The bench of a flow that compiles."""
    flow, findings = compile_flow(document)
    assert flow is not None, findings
    assert ADVICE is not None
    return Bench(flow, document, Around(advice=ADVICE.flows), tries)


def test_the_same_is_found_each_time() -> None:
    """Chance has a fixed seed."""
    text, _ = edited(next(edit for edit in EDITS if edit["code"] == "law-broken"))
    again = check_documents_deeply([("flow", read_bytes(text.encode(), "lamp.yaml"))], TOPICS)
    assert [one.values for one in again.findings] == [one.values for one in found(text)]
    assert again.depths[0].proved > 100


#: Rules that the contract fixes, each changed by a slip of the hand: the place, what stood there, what is put.
MUTANTS = [
    ("vet", ("flags", "sales-driven"), ">= 0.5", "> 0.5"),
    ("vet", ("flags", "sales-driven"), ">= 0.5", ">= 0.4"),
    ("vet", ("flags", "guarantee-unreal"), "36", "30"),
    ("vet", ("flags", "guarantee-unreal"), "guarantee > 36", "guarantee >= 36"),
    ("vet", ("flags", "long-clients"), ">= 2", "> 2"),
    ("vet", ("flags", "long-clients"), ">= 2", ">= 1"),
    ("vet", ("flags", "commission-out-of-range"), "0.05", "0.04"),
    ("vet", ("flags", "commission-out-of-range"), "0.3", "0.25"),
    ("vet", ("flags", "commission-out-of-range"), "commission > 0 and", ""),
    ("vet", ("flags", "commission-on-gmv"), '"gmv"', '"after-refunds"'),
    ("vet", ("flags", "unverifiable-cases"), '("shown-only", "none")', '("none",)'),
    ("vet", ("flags", "ads-unbounded"), '("merchant", "shared")', '("merchant",)'),
    ("vet", ("flags", "long-lock-in"), "lock_months > 12", "lock_months > 18"),
    ("vet", ("flags", "fair-base"), "commission > 0 and", "commission >= 0 and"),
    ("vet", ("flags", "spread-thin"), "<", "<="),
    ("vet", ("compute", "trap"), "guarantee > 0 and", "guarantee >= 0 and"),
    ("vet", ("compute", "trap"), "term_months > period_months", "term_months >= period_months"),
    ("vet", ("compute", "trap"), '("merchant", "shared")', '("merchant",)'),
    ("vet", ("compute", "take"), 'commission_base == "profit"', 'commission_base == "gmv"'),
    ("vet", ("compute", "losing"), "break_even_sales / 2", "break_even_sales / 3"),
    ("vet", ("compute", "losing"), "take <= 0", "take < 0"),
    ("vet", ("compute", "ad_share"), "0.5", "0.4"),
    ("vet", ("compute", "ads_a_year"), "12", "11"),
    ("vet", ("compute", "locked"), 'refund == "after-full-term" or', ""),
    ("vet", ("compute", "year_profit_at_guarantee"), "- ads_a_year", "+ ads_a_year"),
    ("vet", ("decide", 0), "blockers > 0", "blockers > 1"),
    ("vet", ("decide", 1), "possible_blockers == 0 and", ""),
    ("vet", ("decide", 1), "and possibly_missing_clauses == 0", ""),
    ("vet", ("decide", 1), '("named-experienced", "named-junior")', '("named-experienced", "unnamed")'),
    ("vet", ("decide", 1), '("none", "majority")', '("none", "minority")'),
    ("vet", ("decide", 1), "and break_even_sales <= expected_sales", ""),
    ("vet", ("decide", 2), 'or equity == "minority"', ""),
    ("assess", ("decide", 0), '"none"', '"weekly"'),
    ("assess", ("decide", 1), '"operator"', '"dealer"'),
    ("assess", ("decide", 2), '"weak"', '"average"'),
    ("assess", ("decide", 3), "and business_model is unknown", ""),
    ("assess", ("decide", 4), "horizon >= 12", "horizon >= 6"),
    ("assess", ("decide", 4), "horizon >= 12", "horizon >= 18"),
    ("assess", ("decide", 4), "and ad_ceiling > 0 and break_even_sales <= expected_sales", ""),
    ("assess", ("decide", 4), "monthly_budget >= agency_cost", "monthly_budget >= 0"),
    ("assess", ("decide", 4), '("b2c", "both")', '("b2c", "both", "b2b")'),
    ("assess", ("decide", 4), '("basic", "solid")', '("none", "basic", "solid")'),
    ("assess", ("decide", 5), "and (monthly_budget is unknown or monthly_budget >= in_house_cost)", ""),
    ("assess", ("compute", "break_even_sales"), "agency_cost", "agency_fee"),
    ("assess", ("compute", "ad_ceiling"), "- assumed_commission", "+ assumed_commission"),
    ("assess", ("compute", "in_house_cost"), '"photography" in functions', '"site" in functions'),
    ("review", ("compute", "under"), "0.6", "0.5"),
    ("review", ("compute", "kept_promise"), "0.9", "0.8"),
    ("review", ("compute", "total_spend"), "+ other_cost", ""),
    ("review", ("decide", 1), "and not halved", ""),
    ("review", ("decide", 2), "losing_fourth or", ""),
    ("review", ("decide", 2), "under_third or", ""),
    ("review", ("decide", 3), "contribution >= 0 and", ""),
    ("review", ("decide", 3), "and kept_promise", ""),
    ("review", ("compute", "losing_thrice"), "and previous_losing_twice", ""),
    ("vet", ("compute", "fee_break_even"), "/ 12", "/ 6"),
    ("vet", ("compute", "ads_break_even"), "/ 12", "/ 2"),
]


def mutant(name: str, place: tuple[Any, ...], stood: str, put: str) -> Document:
    """The shipped flow with one rule changed."""
    document = read_bytes(source(name).encode(), f"{name}.yaml")
    content = copy.deepcopy(document.content)
    part, key = place
    holder: dict[str, Any] = content[part] if part == "compute" else next(
        one for index, one in enumerate(content[part]) if key in (index, one.get("id"))
    )  # fmt: skip
    field = key if part == "compute" else "when"
    text = " ".join(holder[field].split())
    assert stood in text, text
    holder[field] = text.replace(stood, put, 1).strip()
    return replace(document, content=content)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "place", "stood", "put"), MUTANTS)
def test_a_mutant_of_the_rules_is_refuted(name: str, place: tuple[Any, ...], stood: str, put: str) -> None:
    """At the latest by some deep rule; laws and orders are asked first, as they mostly know."""
    changed = mutant(name, place, stood, put)
    checks = (law_broken.check, order_broken.check, *DEEP.values())
    # Most are noticed at once; only for the others all cases are drawn.
    benches = (bench_of(changed, tries) for tries in (200, TRIES))
    assert any(True for bench in benches for check in checks for _ in check(bench)), "nobody noticed"


def test_there_are_many_mutants() -> None:
    """Each is another change."""
    assert len(set(MUTANTS)) == len(MUTANTS) >= 50


@pytest.mark.parametrize("name", ["assess", "vet"])
def test_constants_of_flags_and_figures_are_watched(name: str) -> None:
    """A constant of any formula in use that is made a fifth larger is noticed, in a sample of them."""
    document = read_bytes(source(name).encode(), f"{name}.yaml")
    places = [("flags", flag["id"], flag["when"]) for flag in document.content.get("flags", [])]
    places = [(part, key, text) for part, key, text in places if any(sign.isdigit() for sign in text)]
    for part, key, text in Random(1).sample(places, min(3, len(places))):
        number = next(
            node.value for node in ast.walk(ast.parse(" ".join(text.split()), mode="eval"))
            if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and node.value
        )  # fmt: skip
        bench = bench_of(mutant(name, (part, key), repr(number), repr(round(number * 1.2, 3))))
        assert next(iter(law_broken.check(bench)), None) is not None, key


@pytest.mark.parametrize("name", ["assess", "review"])
def test_a_law_whose_condition_is_never_true_is_told(name: str) -> None:
    """By the contract that holds it; every law that we ship applies to some answers."""
    assert ADVICE is not None
    advice = ADVICE.flows[name]
    never = advice.laws.held[0].model_copy(update={"when": "1 == 2"})
    held = advice.model_copy(update={"laws": advice.laws.model_copy(update={"held": [never, *advice.laws.held[1:]]})})
    document = read_bytes(source(name).encode(), "lamp.yaml")
    flow, _ = compile_flow(document)
    assert flow is not None
    told = [list(DEEP["law_idle"](Bench(flow, document, Around(advice={name: one})))) for one in (advice, held)]
    assert [[one.values["law"] for one in found] for found in told] == [[], [never.law]]
