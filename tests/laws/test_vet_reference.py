"""vet as `lampwise run` gives it agrees with the second reckoning of `reference_vet`."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from hypothesis import given

from tests.laws import cases
from tests.laws import reference_vet as reference
from tests.laws.cases import Answers

#: A figure is told with 2 places.
CENT = Fraction(1, 100)


@cache
def people_a_client() -> Fraction:
    """The line of spread-thin is ours, so it is read from the dialog."""
    return next(Fraction(told.value) for told in cases.flow("vet").assumptions if told.id == "people_a_client")


def other_figures(answers: Answers) -> str | None:
    """Each figure, to the cent; one that waits for an unknown is null, or what it is whatever the unknown."""
    told = cases.run("vet", answers)["figures"]
    wrong = {
        name: (told.get(name, "missing"), None if value is None else float(value))
        for name, value in reference.figures(answers).items()
        if name not in told or not (close(told[name], value) or (value is None and settled(answers, name, told[name])))
    }
    return f"figures (told, expected): {wrong}" if wrong else None


def settled(answers: Answers, name: str, told: float) -> bool:
    """The figure is this for whatever the unknowns turn out to be."""
    return all(close(told, reference.figures(known)[name]) for known in cases.completed("vet", answers))


def close(told: float | None, expected: Fraction | None) -> bool:
    """The same but for the rounding of the last place."""
    if told is None or expected is None:
        return told is expected
    return abs(Fraction(str(told)) - expected) <= CENT / 2


def other_flags(answers: Answers) -> str | None:
    """All that is surely raised; and beyond it only what is raised whatever the unknowns turn out to be."""
    told = {flag["id"] for flag in cases.run("vet", answers)["flags"]}
    expected = reference.flags(answers, people_a_client())
    needless, lacking = told - expected, expected - told
    if needless:
        ways = [reference.flags(known, people_a_client()) for known in cases.completed("vet", answers)]
        needless -= set[str].intersection(*ways)
    return f"flags: needless {sorted(needless)}, lacking {sorted(lacking)}" if needless or lacking else None


def other_demands(answers: Answers) -> str | None:
    """V7: the required clauses that are missing and no others, under every verdict."""
    told = [demand["clause"] for demand in cases.run("vet", answers)["demands"]]
    expected = reference.missing(answers)
    return f"demands: {told}, expected {sorted(expected)}" if sorted(told) != sorted(expected) else None


def spared(answers: Answers) -> str | None:
    """V3: a blocker is walk-away."""
    result = cases.run("vet", answers)
    blockers = reference.flags(answers, people_a_client()) & set(reference.BLOCKERS)
    return f"{result['verdict']} with {sorted(blockers)}" if blockers and result["verdict"] != "walk-away" else None


@given(cases.SEEDS)
def test_figures_agree(seed: int) -> None:
    """Exact, and null where an input is unknown that matters."""
    cases.hold("vet", cases.many_cases("vet", seed), other_figures)


@given(cases.SEEDS)
def test_flags_agree(seed: int) -> None:
    """Raised where the condition is surely true."""
    cases.hold("vet", cases.many_cases("vet", seed), other_flags)


@given(cases.SEEDS)
def test_demands_agree(seed: int) -> None:
    """V7."""
    cases.hold("vet", cases.many_cases("vet", seed), other_demands)


@given(cases.SEEDS)
def test_a_blocker_is_walk_away(seed: int) -> None:
    """V3."""
    cases.hold("vet", cases.many_cases("vet", seed), spared)


def test_the_levels_of_the_flags_are_fixed() -> None:
    """Three block, and the rest is as the advice lists it."""
    levels = {flag.id: flag.level for flag in cases.flow("vet").flags}
    names = reference.truths(dict.fromkeys(cases.flow("vet").by_slot), people_a_client())
    assert levels.keys() == names.keys()
    assert {id for id, level in levels.items() if level == "blocker"} == set(reference.BLOCKERS)
    good = list(names)[list(names).index("industry-focus") :]
    assert {id for id, level in levels.items() if level == "good"} == set(good)


def test_the_known_case() -> None:
    """V1: 4,000,000 promised, 100,000 a quarter, ads apart, refund after four quarters."""
    known = dict.fromkeys(cases.flow("vet").by_slot) | {
        "name": "A", "guarantee": Fraction(4_000_000), "fee": Fraction(100_000), "fee_period": "quarter",
        "refund": "after-full-term", "term_months": Fraction(12), "ad_payer": "merchant",
    }  # fmt: skip
    result = cases.run("vet", known)
    assert result["verdict"] == "walk-away"
    assert "guarantee-trap" in {flag["id"] for flag in result["flags"]}
