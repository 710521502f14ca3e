"""The figures and the laws R1 to R6 of review, over random histories, with what is not sure among them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given

from tests.laws import cases
from tests.laws import reference_review as reference

Quarter = dict[str, Any]
Quarters = list[Quarter]
#: Says what is wrong with a series, or None.
Broken = Callable[[Quarters], str | None]

DUTIES = ("stockout", "quality", "late-dispatch", "slow-refunds", "no-promotion")
#: Few and round, so that quarters often tie, halve, or stand at 60 and 90 %.
AMOUNTS: Mapping[str, tuple[int, ...]] = {
    "sales": (0, 10_000, 54_000, 60_000, 80_000, 100_000, 200_000),
    "refunds": (0, 0, 0, 10_000, 60_000),
    "promised_sales": (0, 10_000, 60_000, 100_000, 100_000, 100_000, 400_000),
    "service_fee": (0, 10_000, 20_000, 30_000, 40_000),
    "commission_paid": (0, 0, 5_000),
    "ad_spend": (0, 10_000, 20_000),
    "other_cost": (0, 0, 10_000),
}
MARGINS = ("0", "0.1", "0.25", "0.5")


def quarter(random: Random) -> Quarter:
    """One quarter; the merchant's own part is mostly in order."""
    unsure = random.choice((0.0, 0.0, 0.0, 0.0, 0.1, 0.3))
    known: Quarter = {slot: Fraction(random.choice(amounts)) for slot, amounts in AMOUNTS.items()}
    known |= {
        "gross_margin": Fraction(random.choice(MARGINS)),
        "duties_missed": frozenset(random.sample(DUTIES, random.choice((0, 0, 0, 0, 1, 2)))),
        "incidents": "A",
    }
    return {slot: None if random.random() < unsure else value for slot, value in known.items()}


def losing(random: Random) -> Quarter:
    """One at a loss and mostly far under its promise, as runs are made of."""
    return quarter(random) | {
        "sales": Fraction(random.choice((10_000, 54_000, 60_000))),
        "refunds": Fraction(0),
        "gross_margin": Fraction(random.choice(("0.1", "0.25"))),
        "service_fee": Fraction(random.choice((20_000, 25_000, 30_000, 40_000))),
        "commission_paid": Fraction(0),
        "ad_spend": Fraction(random.choice((0, 5_000, 20_000))),
        "other_cost": Fraction(0),
    }


def histories(seed: int, count: int) -> Iterator[Quarters]:
    """Series of one to seven quarters, oldest first."""
    random = Random(seed)
    for _ in range(count):
        makers = random.choice(((quarter,), (losing,), (losing, losing, losing, quarter)))
        yield [random.choice(makers)(random) for _ in range(random.randint(1, 7))]


def verdict(quarters: Quarters) -> str:
    """Of the last quarter."""
    return cases.run_series("review", quarters)["verdict"]


def hold(seed: int, broken: Broken, count: int = 8) -> None:
    """`broken` finds nothing; else the series is told as it would be typed, cut down to what still breaks."""
    for quarters in histories(seed, count):
        if broken(quarters):
            while len(quarters) > 1 and broken(quarters[1:]):
                quarters = quarters[1:]
            raise AssertionError(f"{broken(quarters)}\n{told(quarters)}")


def told(quarters: Quarters) -> str:
    """A quarter a line."""
    return "\n".join(json.dumps(cases.typed("review", answers)) for answers in quarters)


def must(quarters: Quarters, *allowed: str) -> str | None:
    """Any other verdict is wrong."""
    found = verdict(quarters)
    return None if found in allowed else f"{found} instead of {' or '.join(allowed)}"


@given(cases.SEEDS)
def test_figures_agree(seed: int) -> None:
    """Exact, rounded last, and null where an input is unknown that matters or a denominator is not above zero."""

    def broken(quarters: Quarters) -> str | None:
        expected = reference.figures(quarters[-1]) | {
            f"{name}_so_far": reference.so_far(quarters, name) for name in ("total_spend", "contribution")
        }
        here = cases.run_series("review", quarters)["figures"]
        wrong = [name for name in expected if not agrees(here[name], expected[name], name)]
        return f"{wrong}: {here}" if wrong or here.keys() != expected.keys() else None

    hold(seed, broken)


def agrees(here: float | None, expected: Fraction | None, name: str) -> bool:
    """Within half of the last place that is given."""
    if here is None or expected is None:
        return here is expected
    places = 4 if name in ("roi", "roas", "spend_ratio", "attainment") else 2
    return abs(Fraction(str(here)) - expected) <= Fraction(1, 2 * 10**places)


@given(cases.SEEDS)
def test_verdicts_agree(seed: int) -> None:
    """With a second way to work them out."""
    hold(seed, lambda quarters: must(quarters, reference.verdict(quarters)))


@given(cases.SEEDS)
def test_the_trend_is_the_verdict_of_each_quarter_in_its_time(seed: int) -> None:
    """Oldest first, the quarter under review last, with its contribution and attainment."""

    def broken(quarters: Quarters) -> str | None:
        trend = cases.run_series("review", quarters)["trend"]
        for end, point in enumerate(trend, start=1):
            expected = reference.figures(quarters[end - 1])
            if point["verdict"] != reference.verdict(quarters[:end]):
                return f"{point} in quarter {end}"
            if not all(agrees(point[name], expected[name], name) for name in ("contribution", "attainment")):
                return f"{point} in quarter {end}"
        return None if len(trend) == len(quarters) else f"{len(trend)} points"

    hold(seed, broken)


@given(cases.SEEDS)
def test_not_enough_known_is_said_of_the_contribution_alone(seed: int) -> None:
    """And then what to find out is named."""

    def broken(quarters: Quarters) -> str | None:
        result = cases.run_series("review", quarters)
        unknown = reference.figures(quarters[-1])["contribution"] is None
        wrong = (result["verdict"] == "not-enough-known") != unknown or (unknown and not result["ask_next"])
        return f"{result['verdict']}, asking {result['ask_next']}" if wrong else None

    hold(seed, broken)


def two_under(quarters: Quarters) -> bool:
    """The last two are under."""
    return reference.running(quarters, reference.is_under) >= 2


@given(cases.SEEDS)
def test_law_r1(seed: int) -> None:
    """Two under and the own part done: exit, or renegotiate where the loss has at least halved. No exit otherwise."""

    def broken(quarters: Quarters) -> str | None:
        if not two_under(quarters) or reference.duties(quarters) != "kept":
            return must(quarters, "keep", "fix", "renegotiate", "not-enough-known")
        return must(quarters, "renegotiate" if reference.is_halved(quarters) else "exit")

    hold(seed, broken)


@given(cases.SEEDS)
def test_law_r2(seed: int) -> None:
    """Two under with a duty missed: fix, the duties first; from the third under quarter on renegotiate."""

    def broken(quarters: Quarters) -> str | None:
        if not two_under(quarters) or reference.duties(quarters) != "missed":
            return None
        if reference.running(quarters, reference.is_under) > 2 or reference.running(quarters, reference.is_losing) > 3:
            return must(quarters, "renegotiate")
        first = cases.run_series("review", quarters)["because"][0]
        return must(quarters, "fix") or (None if first == "merchant-duties" else f"{first} comes first")

    hold(seed, broken)


@given(cases.SEEDS)
def test_law_r3(seed: int) -> None:
    """Nothing lost and the promise kept, or none made: keep."""

    def broken(quarters: Quarters) -> str | None:
        expected = reference.figures(quarters[-1])
        if expected["contribution"] is None or expected["contribution"] < 0:
            return None
        reached = expected["attainment"] is not None and expected["attainment"] >= Fraction(90, 100)
        return must(quarters, "keep") if reached or quarters[-1]["promised_sales"] == 0 else None

    hold(seed, broken)


@given(cases.SEEDS)
def test_law_r4(seed: int) -> None:
    """A first quarter is no exit; waiting is not advised twice without an improvement; no keep at a loss."""

    def broken(quarters: Quarters) -> str | None:
        if len(quarters) == 1 and verdict(quarters) == "exit":
            return "exit after one quarter"
        if reference.is_losing(quarters[-1]) and verdict(quarters) == "keep":
            return "keep at a loss"
        twice = reference.running(quarters, reference.is_losing) >= 2
        if twice and not reference.is_improved(quarters) and reference.duties(quarters) == "kept":
            return must(quarters, "renegotiate", "exit")
        return None

    hold(seed, broken)


BETTER: Mapping[str, int] = {"sales": 1, "refunds": -1, **dict.fromkeys(reference.COSTS, -1)}
STEPS = (Fraction(1, 100), Fraction(5_000), Fraction(20_000), Fraction(100_000))


@given(cases.SEEDS)
def test_law_r5(seed: int) -> None:
    """More sales, less refunds or less cost in the quarter under review never give a worse verdict."""

    def broken(quarters: Quarters) -> str | None:
        before = verdict(quarters)
        for slot, sign in BETTER.items():
            for step in STEPS if quarters[-1][slot] is not None else ():
                value = max(quarters[-1][slot] + sign * step, Fraction(0))
                after = verdict([*quarters[:-1], quarters[-1] | {slot: value}])
                if after in reference.ORDER and before in reference.ORDER and rank(after) < rank(before):
                    return f"{after} after {before} with {slot} {value}"
        return None

    hold(seed, broken, count=2)


def rank(found: str) -> int:
    """More is better."""
    return reference.ORDER.index(found)


@given(cases.SEEDS)
def test_law_r6(seed: int) -> None:
    """Four quarters running at a loss: renegotiate or worse, whatever else."""

    def broken(quarters: Quarters) -> str | None:
        four = reference.running(quarters, reference.is_losing) >= 4
        return must(quarters, "renegotiate", "exit") if four else None

    hold(seed, broken)


BAD: Quarter = {
    "sales": Fraction(50_000), "refunds": Fraction(0), "gross_margin": Fraction(1, 5), "service_fee": Fraction(20_000),
    "commission_paid": Fraction(0), "ad_spend": Fraction(10_000), "other_cost": Fraction(0),
    "promised_sales": Fraction(100_000), "duties_missed": frozenset[str](), "incidents": "A",
}  # fmt: skip
UNKNOWN: Quarter = dict.fromkeys(BAD)
OUT_OF_STOCK: Quarter = BAD | {"duties_missed": frozenset({"stockout"})}
#: A loss of 10,000 after one of 20,000.
HALVED: Quarter = BAD | {"ad_spend": Fraction(0)}
NOT_SURE_OF_DUTIES: Quarter = BAD | {"duties_missed": None}


@pytest.mark.parametrize(
    ("quarters", "expected"),
    [
        ([BAD], "fix"),
        ([BAD, BAD], "exit"),
        ([BAD, HALVED], "renegotiate"),
        ([BAD, OUT_OF_STOCK], "fix"),
        ([OUT_OF_STOCK, HALVED], "fix"),
        ([OUT_OF_STOCK, OUT_OF_STOCK, OUT_OF_STOCK], "renegotiate"),
        ([BAD, UNKNOWN], "not-enough-known"),
        # An unknown quarter in between: nothing runs on.
        ([BAD, UNKNOWN, BAD], "fix"),
        ([BAD, BAD, UNKNOWN, BAD, BAD], "exit"),
        # Not sure of the own part: held against nobody; the third time it cannot matter.
        ([BAD, NOT_SURE_OF_DUTIES], "fix"),
        ([BAD, NOT_SURE_OF_DUTIES, BAD], "renegotiate"),
        ([BAD | {"promised_sales": None}, BAD | {"promised_sales": None}], "renegotiate"),
        ([BAD | {"promised_sales": Fraction(0)}], "fix"),
    ],
)
def test_known_cases(quarters: Quarters, expected: str) -> None:
    """What the laws mean, one by one."""
    assert verdict(quarters) == expected


@pytest.mark.parametrize("kind", [BAD, OUT_OF_STOCK, UNKNOWN, NOT_SURE_OF_DUTIES])
def test_a_long_history_is_no_trouble(kind: Quarter) -> None:
    """Fifty years of quarters."""
    assert len(cases.run_series("review", [kind] * 200)["trend"]) == 200
