"""The laws A1 to A12 of assess, each over random owners, with what is not sure among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given

from dialogs.flow import Question
from tests.laws import cases
from tests.laws import reference_assess as reference
from tests.laws.cases import Answers
from tests.laws.test_assess_reference import assumed

BOUGHT = {"outsource", "partner"}
#: The finest steps of an amount; a round figure may lie one of them and a tenth of the change beyond the edge.
STEP = {"money": Fraction(1), "percent": Fraction(1, 1000), "months": Fraction(1), "number": Fraction(1)}


def owners(seed: int, **settled: Any) -> Iterator[dict[str, Any]]:
    """Owners of any kind and ones that are nearly ready for a partner, with these answers settled."""
    random = Random(seed)
    for _ in range(2):
        yield {**cases.random_case("assess", random), **settled}
        yield {**nearly_ready(random), **settled}


READY: Answers = {
    "owner_time": "weekly", "owner_knowledge": "basic", "role": "factory", "business_model": "b2c",
    "product_strength": "strong", "team": "none", "hiring": "can", "gross_margin": Fraction(30, 100),
    "monthly_budget": Fraction(30_000), "monthly_sales": Fraction(0), "expected_sales": Fraction(250_000),
    "horizon": Fraction(12), "motives": frozenset[str](), "functions": frozenset({"ads", "promotion"}),
}  # fmt: skip


def nearly_ready(random: Random) -> dict[str, Any]:
    """One who gets a partner, with a few answers changed or not sure."""
    owner = dict(READY)
    for question in random.choices(cases.flow("assess").questions, k=random.randint(0, 4)):
        owner[question.id] = None if random.random() < 0.25 else cases.random_value(question, random)
    return owner


def told(answers: Answers) -> cases.Result:
    """All that is said but what_if."""
    return cases.quickly("assess", cases.typed("assess", answers))


def plan(answers: Answers) -> dict[str, str]:
    """How each function is planned."""
    return {function: way["how"] for function, way in told(answers)["plan"].items()}


def verdict(answers: Answers) -> str:
    """The verdict."""
    return told(answers)["verdict"]


def all_hold(seed: int, broken: Callable[[Answers], str | None], **settled: Any) -> None:
    """The law holds for owners of this seed."""
    cases.hold("assess", owners(seed, **settled), lambda answers: broken({**answers, **settled}))


def instead_of(wanted: str) -> Callable[[Answers], str | None]:
    """Any other verdict is wrong."""
    return lambda answers: None if (found := verdict(answers)) == wanted else f"{found} instead of {wanted}"


@given(cases.SEEDS)
def test_law_a1(seed: int) -> None:
    """No time is learn-first."""
    all_hold(seed, instead_of("learn-first"), owner_time="none")


@given(cases.SEEDS)
def test_law_a2(seed: int) -> None:
    """A weak product is product-first, unless A1 or A11 comes before it."""

    def broken(answers: Answers) -> str | None:
        before = answers["owner_time"] == "none" or answers["role"] == "operator"
        return None if before else instead_of("product-first")(answers)

    all_hold(seed, broken, product_strength="weak")


@given(cases.SEEDS)
def test_law_a3(seed: int) -> None:
    """No partner for b2b, neither as verdict nor in the plan."""

    def broken(answers: Answers) -> str | None:
        partners = [function for function, how in plan(answers).items() if how == "partner"]
        return f"partner for b2b: {partners}" if partners or verdict(answers) == "partner" else None

    all_hold(seed, broken, business_model="b2b")


@given(cases.SEEDS)
def test_law_a4(seed: int) -> None:
    """Promotion for b2b is keep or coach, or later where nothing is bought yet."""

    def broken(answers: Answers) -> str | None:
        how = plan(answers).get("promotion")
        left = {"keep", "coach"} | ({"later"} if verdict(answers) in reference.NOTHING_BOUGHT else set())
        return f"promotion is {how}" if "promotion" in (answers["functions"] or ()) and how not in left else None

    all_hold(seed, broken, business_model="b2b")


@given(cases.SEEDS)
def test_law_a5(seed: int) -> None:
    """Photography, drawings and site are bought, except where A1, A2 or A11 say otherwise."""
    all_hold(seed, lambda answers: not_bought(answers, {"photography", "drawings", "site"}))


@given(cases.SEEDS)
def test_law_a6(seed: int) -> None:
    """So are brand articles; the personal brand is kept under every verdict."""

    def broken(answers: Answers) -> str | None:
        kept = plan(answers).get("personal-brand", "keep")
        return not_bought(answers, {"brand-articles"}) or (f"personal-brand is {kept}" if kept != "keep" else None)

    all_hold(seed, broken, functions=frozenset({"personal-brand", "brand-articles", "ads"}))


def not_bought(answers: Answers, functions: set[str]) -> str | None:
    """A chosen function of these that is not outsourced."""
    before = verdict(answers) in (*reference.NOTHING_BOUGHT, "find-supply")
    planned = plan(answers)
    kept = {function: planned.get(function) for function in functions & set(answers["functions"] or ())}
    wrong = {function: how for function, how in kept.items() if how != "outsource"}
    return f"{wrong} under {verdict(answers)}" if wrong and not before else None


@given(cases.SEEDS)
def test_law_a7(seed: int) -> None:
    """What partner needs is known and there; where only the money is short it is single-items or in-house."""

    def broken(answers: Answers) -> str | None:
        found = verdict(answers)
        ready = reference.is_ready(answers)
        affordable = reference.is_affordable(answers, assumed())
        if found == "partner" and not (ready and affordable):
            return "partner in spite of A7"
        short = ready and not affordable and answers["role"] != "operator"
        return f"{found} where only money is short" if short and found not in ("single-items", "in-house") else None

    all_hold(seed, broken)


@given(cases.SEEDS)
def test_law_a7_in_house(seed: int) -> None:
    """In-house is covered by the budget where that is known."""

    def broken(answers: Answers) -> str | None:
        cost = reference.in_house_cost(answers["functions"], assumed())
        uncovered = verdict(answers) == "in-house" and not reference.covers(answers["monthly_budget"], cost)
        return f"in-house for {cost}" if uncovered else None

    all_hold(seed, broken)


@given(cases.SEEDS)
def test_law_a8(seed: int) -> None:
    """Who knows nothing has training or coaching in the plan, chosen or not."""

    def broken(answers: Answers) -> str | None:
        planned = plan(answers)
        taught = "coach" in planned.values() or planned.get("training", "later") != "later"
        return None if taught else f"nothing taught: {planned}"

    all_hold(seed, broken, owner_knowledge="none")


@given(cases.SEEDS)
def test_law_a9(seed: int) -> None:
    """More time or knowledge never turns another verdict into learn-first."""

    def broken(answers: Answers) -> str | None:
        for slot in ("owner_time", "owner_knowledge"):
            options = cases.values(cases.flow("assess").by_slot[slot])
            found = [cases.deduced("assess", {**answers, slot: option}).rule.verdict for option in options]
            if ("learn-first", True) in [(more, less != more) for less, more in pairwise(found)]:
                return f"{slot}: {found}"
        return None

    all_hold(seed, broken)


@given(cases.SEEDS)
def test_law_a10_is_true(seed: int) -> None:
    """An answer of what_if, typed as it is, gives the verdict that it names."""
    all_hold(seed, untrue)


def untrue(answers: Answers) -> str | None:
    """A change that gives another verdict than it says, or none."""
    result = cases.run("assess", answers)
    for change in result["what_if"]:
        typed = {**cases.typed("assess", answers), change["slot"]: change["answer"]}
        again = cases.quickly("assess", typed)
        if again["errors"] or again["verdict"] != change["verdict"] or again["verdict"] == result["verdict"]:
            return f"{change} gives {again['verdict']} {again['errors']}"
    return None


@given(cases.SEEDS)
def test_law_a10_is_smallest(seed: int) -> None:
    """Nothing between the present answer and that of what_if gives its verdict."""
    all_hold(seed, too_large)


def too_large(answers: Answers) -> str | None:
    """A smaller change that gives the same verdict."""
    for change in cases.run("assess", answers)["what_if"]:
        question = cases.flow("assess").by_slot[change["slot"]]
        for value in between(question, answers[question.id], change["answer"]):
            if cases.deduced("assess", {**answers, question.id: value}).rule.verdict == change["verdict"]:
                return f"{change}, but {cases.typed('assess', {question.id: value})} does it too"
    return None


def between(question: Question, present: Any, answer: str) -> tuple[Any, ...]:
    """Answers between: the options as listed, or some amounts; from nowhere where there is no answer yet."""
    if present is None:
        return ()
    if question.kind == "choice":
        options = cases.values(question)
        first, last = sorted((options.index(present), options.index(answer)))
        return options[first + 1 : last]
    target = cases.amount(answer)
    reach = (target - present) * Fraction(9, 10)
    reach -= STEP[question.kind] if reach > 0 else -STEP[question.kind]
    inwards = (cases.rounded(question, present + reach * part / 16) for part in range(1, 17))
    return tuple(value for value in inwards if abs(value - present) <= abs(reach) and (value - present) * reach > 0)


@given(cases.SEEDS)
def test_law_a10_is_whole(seed: int) -> None:
    """Every other verdict that a change of one choice gives is told with that slot: empty only where there is none."""
    all_hold(seed, untold)


def untold(answers: Answers) -> str | None:
    """A change of one choice that gives a verdict which its slot's changes lack."""
    result = cases.run("assess", answers)
    listed = {(change["slot"], change["verdict"]) for change in result["what_if"]}
    for question in cases.flow("assess").questions:
        if question.kind == "choice":
            for option in cases.values(question):
                found = cases.deduced("assess", {**answers, question.id: option}).rule.verdict
                if found != result["verdict"] and (question.id, found) not in listed:
                    return f"{question.id} {option} gives {found}, not told"
    return None


@given(cases.SEEDS)
def test_law_a11(seed: int) -> None:
    """One who lacks supply is sent to find it, and nothing of his is given to a partner or bought."""

    def broken(answers: Answers) -> str | None:
        if answers["owner_time"] == "none":
            return None
        other = {function: how for function, how in plan(answers).items() if how not in ("keep", "coach")}
        return instead_of("find-supply")(answers) or (f"planned {other}" if other else None)

    all_hold(seed, broken, role="operator")


@given(cases.SEEDS)
def test_law_a12(seed: int) -> None:
    """Not-enough-known only where three things are not sure, and then it asks for them."""

    def broken(answers: Answers) -> str | None:
        if verdict(answers) != "not-enough-known":
            return None
        three = {"owner_time", "product_strength", "business_model"}
        if any(answers[slot] is not None for slot in three) or answers["role"] == "operator":
            return "not-enough-known, though enough is"
        left = three - set(told(answers)["ask_next"])
        return f"not asked for: {left}" if left else None

    all_hold(seed, broken)
    all_hold(seed, broken, owner_time=None, product_strength=None, business_model=None)


@given(cases.SEEDS)
def test_nothing_is_bought_before_it_is_time(seed: int) -> None:
    """Under learn-first and product-first."""

    def broken(answers: Answers) -> str | None:
        bought = {function: how for function, how in plan(answers).items() if how in BOUGHT}
        return f"{bought} under {verdict(answers)}" if bought and verdict(answers) in reference.NOTHING_BOUGHT else None

    all_hold(seed, broken)


@given(cases.SEEDS)
def test_every_chosen_function_is_planned(seed: int) -> None:
    """Each with a way and a topic."""

    def broken(answers: Answers) -> str | None:
        planned = told(answers)["plan"]
        left = set(answers["functions"] or ()) - planned.keys()
        return f"not planned: {left}" if left or not all(way["topic"] for way in planned.values()) else None

    all_hold(seed, broken)


@given(cases.SEEDS)
def test_all_that_is_not_sure_is_asked_next(seed: int) -> None:
    """An unknown becomes an item of ask_next."""

    def broken(answers: Answers) -> str | None:
        unknown = [slot for slot in cases.flow("assess").decisive if answers[slot] is None]
        named = told(answers)["ask_next"]
        return f"ask_next {named}, expected {unknown}" if named != unknown else None

    all_hold(seed, broken)
