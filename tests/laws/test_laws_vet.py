"""The laws V1 to V7 of vet, each over random offers, with what is not sure among them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given

from tests.laws import cases
from tests.laws import reference_vet as reference
from tests.laws.cases import Answers, Result

#: Choices from good to bad.
LISTED = {
    "source": ("referral", "mixed", "cold-call"),
    "lead": ("named-experienced", "named-junior", "unnamed"),
    "proof": ("verifiable", "shown-only", "none"),
    "candour": ("challenged", "neutral", "promised-only"),
    "diagnosis": ("paid", "free", "none"),
    "focus": ("lighting", "few-industries", "many-industries"),
    "ad_payer": ("agency", "shared", "merchant"),
    "commission_base": ("profit", "after-refunds-and-freight", "after-refunds", "gmv"),
}
LESS_IS_BETTER = ("fee", "ad_budget", "term_months", "clients", "sales_share", "commission")
MORE_IS_BETTER = ("client_years", "staff", "gross_margin", "expected_sales")
ORDERED = (*LISTED, "refund", "service", "equity", *LESS_IS_BETTER, *MORE_IS_BETTER, "clauses")
RANK = {"walk-away": 0, "negotiate": 1, "proceed": 2}


def raised(result: Result) -> set[str]:
    """The ids of the flags."""
    return {flag["id"] for flag in result["flags"]}


def says(name: str, answers: Answers, law: bool | None) -> str | None:
    """What is wrong where a flag is raised without its law, or the other way round, or does not block."""
    result = cases.run("vet", answers)
    if (name in raised(result)) is not (law is True):
        return f"{name} is {'raised' if law is not True else 'not raised'}"
    return f"{name} and yet {result['verdict']}" if law and result["verdict"] != "walk-away" else None


def v1(answers: Answers) -> str | None:
    """A guarantee without a refund that can be had is a trap."""
    return says("guarantee-trap", answers, reference.Sums(answers).trap)


def v2(answers: Answers) -> str | None:
    """Half of the staff or more that sells."""
    return says("sales-driven", answers, answers["sales_share"] and answers["sales_share"] >= Fraction(1, 2))


def v3(answers: Answers) -> str | None:
    """A blocker is walk-away."""
    result = cases.run("vet", answers)
    blockers = [flag["id"] for flag in result["flags"] if flag["level"] == "blocker"]
    return f"{result['verdict']} in spite of {blockers}" if blockers and result["verdict"] != "walk-away" else None


def v4(answers: Answers) -> str | None:
    """What proceed needs, all of it known."""
    if cases.run("vet", answers)["verdict"] != "proceed":
        return None
    point, expected = reference.Sums(answers).break_even, answers["expected_sales"]
    present = answers["clauses"]
    needs = {
        "every required clause": present is not None and not reference.missing(answers),
        "a named lead": answers["lead"] in ("named-experienced", "named-junior"),
        "sales at the break-even": point is not None and expected is not None and point <= expected,
        "no minority share": answers["equity"] in ("none", "majority"),
    }
    return ", ".join(f"proceed without {need}" for need, met in needs.items() if not met) or None


@pytest.mark.parametrize("law", [v1, v2, v3, v4], ids=lambda law: law.__name__)
@given(seed=cases.SEEDS)
def test_law(law: Any, seed: int) -> None:
    """V1 to V4, over offers of any kind."""
    cases.hold("vet", cases.many_cases("vet", seed), law)


@given(cases.SEEDS)
def test_law_v4_of_sound_offers(seed: int) -> None:
    """V4 where nearly all is well, so that proceed is near."""
    cases.hold("vet", sound_offers(Random(seed)), v4)


def test_a_sound_offer_is_proceed() -> None:
    """Proceed can be had at all."""
    assert cases.run("vet", SOUND)["verdict"] == "proceed"


SOUND: Answers = {
    "name": "A", "focus": "lighting", "clients": Fraction(10), "client_years": Fraction(3), "staff": Fraction(60),
    "sales_share": Fraction(0), "source": "referral", "lead": "named-experienced", "proof": "verifiable",
    "candour": "challenged", "diagnosis": "paid", "service": "full", "fee": Fraction(1000), "fee_period": "month",
    "commission": Fraction(5, 100), "commission_base": "profit", "ad_payer": "agency", "ad_budget": Fraction(0),
    "guarantee": Fraction(0), "refund": "pro-rata", "term_months": Fraction(3), "equity": "none",
    "gross_margin": Fraction(30, 100), "expected_sales": Fraction(250_000), "clauses": frozenset(reference.EVERY),
}  # fmt: skip


def sound_offers(random: Random, count: int = 8) -> Iterator[dict[str, Any]]:
    """Sound offers with a few answers changed, or not sure."""
    for _ in range(count):
        offer = dict(SOUND)
        for question in random.choices(cases.flow("vet").questions, k=random.randint(0, 4)):
            unsure = question.not_sure and random.random() < 0.4
            offer[question.id] = None if unsure else cases.random_value(question, random)
        yield offer


def offers(random: Random) -> Iterator[dict[str, Any]]:
    """Of any kind, and nearly sound ones."""
    yield from sound_offers(random, 3)
    yield from (cases.random_case("vet", random) for _ in range(2))


def worse(slot: str, better: Any, worse: Any, answers: Answers) -> bool:
    """Whether V5 puts the one answer before the other, all else as in `answers`."""
    if slot in LISTED:
        return LISTED[slot].index(better) < LISTED[slot].index(worse)
    if slot == "clauses":
        return better > worse
    if slot in LESS_IS_BETTER:
        return better < worse and not (slot == "commission" and better < Fraction(5, 100))
    if slot in MORE_IS_BETTER:
        return better > worse
    return (better, worse) in PAIRS[slot](answers)


def _refunds(answers: Answers) -> set[tuple[str, str]]:
    """With a guarantee pro-rata comes before either; without one only after-full-term is worse."""
    late = {("pro-rata", "after-full-term")}
    if answers["guarantee"] is None:
        return late
    return late | ({("pro-rata", "none")} if answers["guarantee"] > 0 else {("none", "after-full-term")})


def _services(answers: Answers) -> set[tuple[str, str]]:
    """Coaching before full, and before single unless many industries are served."""
    before = {("coaching", "full")}
    return before if answers["focus"] == "many-industries" else before | {("coaching", "single")}


PAIRS = {
    "refund": _refunds,
    "service": _services,
    "equity": lambda answers: {("none", "minority"), ("majority", "minority")},
}


@pytest.mark.parametrize("slot", ORDERED)
@given(seed=cases.SEEDS)
def test_law_v5(slot: str, seed: int) -> None:
    """A worse answer never raises the score or betters the verdict."""
    random = Random(seed)
    question = cases.flow("vet").by_slot[slot]
    for answers in offers(random):
        a, b = (cases.random_value(question, random) for _ in range(2))
        good, bad = (a, b) if worse(slot, a, b, answers) else (b, a)
        if worse(slot, good, bad, answers):
            cases.hold("vet", iter([answers]), lambda others, pair=(good, bad): bettered(slot, *pair, others))


def bettered(slot: str, good: Any, bad: Any, answers: Answers) -> str | None:
    """What the worse answer betters."""
    if not worse(slot, good, bad, answers):
        return None
    before, after = (cases.deduced("vet", {**answers, slot: value}) for value in (good, bad))
    said = f"{slot} from {cases.typed('vet', {slot: good})[slot]} to {cases.typed('vet', {slot: bad})[slot]}"
    if (after.score or 0) > (before.score or 0):
        return f"{said}: score {before.score} to {after.score}"
    first, second = before.rule.verdict, after.rule.verdict
    if "not-enough-known" in (first, second):
        return None
    return f"{said}: {first} to {second}" if RANK[second] > RANK[first] else None


@given(cases.SEEDS)
def test_law_v6(seed: int) -> None:
    """What is not sure never gives proceed where any of its answers, known, would not."""
    cases.hold("vet", sound_offers(Random(seed), 12), hoped)


def hoped(answers: Answers) -> str | None:
    """The answer that would not be proceed, where it was put off as not sure and is."""
    if cases.deduced("vet", answers).rule.verdict != "proceed":
        return None
    for slot in (slot for slot, value in answers.items() if value is None):
        for value in cases.values(cases.flow("vet").by_slot[slot]):
            verdict = cases.deduced("vet", {**answers, slot: value}).rule.verdict
            if verdict != "proceed":
                return f"proceed with {slot} not sure, {verdict} with {cases.typed('vet', {slot: value})}"
    return None


@given(cases.SEEDS)
def test_law_v6_what_to_ask(seed: int) -> None:
    """All that is not sure and counts is asked for next, most decisive first."""
    cases.hold("vet", offers(Random(seed)), not_asked)


def not_asked(answers: Answers) -> str | None:
    """What `ask_next` leaves out, adds or puts into the wrong order."""
    flow, result = cases.flow("vet"), cases.run("vet", answers)
    unknown = {slot for slot, value in answers.items() if value is None}
    idle = {"commission_base"} if answers["commission"] == 0 else set[str]()
    idle |= {"ad_budget"} if answers["ad_payer"] == "agency" else set()
    expected = [slot for slot in flow.decisive if slot in unknown - idle]
    if result["ask_next"] != expected:
        return f"ask_next {result['ask_next']}, expected {expected}"
    empty = result["verdict"] == "not-enough-known" and not expected
    return "not-enough-known and nothing to ask" if empty else None


@given(cases.SEEDS)
def test_law_v7(seed: int) -> None:
    """Questions for the meeting have a text, a slot and a topic; demands are the required clauses missing."""
    cases.hold("vet", offers(Random(seed)), ill_prepared)


def ill_prepared(answers: Answers) -> str | None:
    """What is wrong with the questions or the demands."""
    result, slots = cases.run("vet", answers), cases.flow("vet").by_slot
    for asked in result["questions"]:
        if not asked["text"] or asked["slot"] not in slots or not asked["topic"] or "{" in asked["text"]:
            return f"a question that cannot be put: {asked}"
    demanded = [demand["clause"] for demand in result["demands"]]
    if sorted(demanded) != sorted(reference.missing(answers)):
        return f"demands {demanded}, expected {sorted(reference.missing(answers))}"
    return None if all(demand["topic"] for demand in result["demands"]) else "a demand without a topic"


@given(cases.SEEDS)
def test_the_score_is_between_0_and_100(seed: int) -> None:
    """Whatever is answered."""
    for answers in offers(Random(seed)):
        assert 0 <= cases.run("vet", answers)["score"] <= 100
