"""assess as `lampwise run` gives it agrees with the second reckoning of `reference_assess`."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from hypothesis import given

from dialogs.outcome import PLACES
from tests.laws import cases
from tests.laws import reference_assess as reference
from tests.laws.cases import Answers


@cache
def assumed() -> dict[str, Fraction]:
    """The dialog's own numbers."""
    return {told.id: Fraction(told.value) for told in cases.flow("assess").assumptions}


def told_of(answers: Answers) -> cases.Result:
    """What is said to them, without what would change it: that is judged by the laws, and takes most of the time."""
    result = cases.quickly("assess", cases.typed("assess", answers))
    assert result["errors"] == []
    return result


def other_figures(answers: Answers) -> str | None:
    """Each figure to its last place; null where it is unknown."""
    told = told_of(answers)["figures"]
    expected = reference.figures(answers, assumed())
    units = {figure.id: figure.unit for figure in cases.flow("assess").figures}
    wrong = {
        name: (told.get(name, "missing"), value)
        for name, value in expected.items()
        if name not in told or not close(told[name], value, PLACES[units[name]])
    }
    return f"figures (told, expected): {wrong}" if wrong else None


def close(told: float | None, expected: Fraction | None, places: int) -> bool:
    """The same but for the rounding of the last place."""
    if told is None or expected is None:
        return told is expected
    return abs(Fraction(str(told)) - expected) <= Fraction(1, 2 * 10**places)


def forbidden_verdict(answers: Answers) -> str | None:
    """A verdict that the laws do not leave."""
    verdict = told_of(answers)["verdict"]
    left = reference.allowed(answers, assumed())
    return f"{verdict} instead of {sorted(left)}" if verdict not in left else None


def forbidden_plan(answers: Answers) -> str | None:
    """A function that was chosen and is not planned, or not as the laws have it."""
    result = told_of(answers)
    for function in answers["functions"] or ():
        planned = result["plan"].get(function)
        how = None if planned is None else planned["how"]
        if how not in reference.ways(function, answers, result["verdict"]):
            return f"{function} is {how} under {result['verdict']}"
    return None


@given(cases.SEEDS)
def test_figures_agree(seed: int) -> None:
    """Exact, and null where an input is unknown that matters."""
    cases.hold("assess", cases.many_cases("assess", seed), other_figures)


@given(cases.SEEDS)
def test_verdicts_agree(seed: int) -> None:
    """One that A1, A2, A3, A7, A11 and A12 leave."""
    cases.hold("assess", cases.many_cases("assess", seed), forbidden_verdict)


@given(cases.SEEDS)
def test_plans_agree(seed: int) -> None:
    """Every chosen function is planned as the laws leave it."""
    cases.hold("assess", cases.many_cases("assess", seed), forbidden_plan)
