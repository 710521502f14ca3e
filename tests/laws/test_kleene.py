"""Three-valued logic: making an unknown known never changes what is known already."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given

from dialogs.expression import NUMBER, TRUTH, Sort, parse
from tests.laws.cases import SEEDS

OPTIONS = ("red", "green")
SCOPE = {
    "a": NUMBER, "b": NUMBER, "p": TRUTH, "q": TRUTH,
    "one": Sort("choice", frozenset(OPTIONS)), "some": Sort("many", frozenset(OPTIONS)),
}  # fmt: skip
KNOWN: dict[str, tuple[Any, ...]] = {
    "a": tuple(map(Fraction, (-1, 0, 2))), "b": (Fraction(0), Fraction(1, 3)), "p": (True, False), "q": (True, False),
    "one": OPTIONS, "some": (frozenset[str](), frozenset(OPTIONS)),
}  # fmt: skip
DEPTH = 4

Maker = Callable[[Random, int], str]


def number(random: Random, depth: int) -> str:
    """A random expression that gives a number."""
    if depth == 0 or random.random() < 0.25:
        return random.choice(("a", "b", "0", "1", "0.5", "count(some)", "unknown"))
    first, second = number(random, depth - 1), number(random, depth - 1)
    return random.choice(
        (f"({first} + {second})", f"({first} - {second})", f"({first} * {second})", f"({first} / {second})",
         f"-({first})", f"min({first}, {second})", f"max({first}, {second})", f"ceil({first})",
         f"({first} if {truth(random, depth - 1)} else {second})")
    )  # fmt: skip


def truth(random: Random, depth: int) -> str:
    """A random expression that is true or false."""
    if depth == 0 or random.random() < 0.25:
        return random.choice(("p", "q", 'one == "red"', '"green" in some', 'one in ("red", "green")', "unknown"))
    first, second = truth(random, depth - 1), truth(random, depth - 1)
    left, right = number(random, depth - 1), number(random, depth - 1)
    return random.choice(
        (f"({first} and {second})", f"({first} or {second})", f"not ({first})", f"({left} < {right})",
         f"({left} == {right})", f"({left} >= {right})", f"({first} if {second} else p)")
    )  # fmt: skip


def some_values(random: Random) -> dict[str, Any]:
    """A value or unknown for each name."""
    return {name: random.choice((None, *values)) for name, values in KNOWN.items()}


@pytest.mark.parametrize("make", [number, truth])
@given(seed=SEEDS)
def test_what_is_known_stays(make: Maker, seed: int) -> None:
    """Whatever an unknown turns out to be."""
    random = Random(seed)
    for _ in range(5):
        text, values = make(random, DEPTH), some_values(random)
        expression = parse(text, SCOPE)
        before = expression.evaluate(values)
        for _ in range(4 if before is not None else 0):
            learnt = {name: random.choice(KNOWN[name]) if value is None else value for name, value in values.items()}
            assert expression.evaluate(learnt) == before, (text, values, learnt)


@given(SEEDS)
def test_the_order_of_equals_does_not_matter(seed: int) -> None:
    """and, or, + and * read from either side; min and max too."""
    random = Random(seed)
    for _ in range(5):
        p, q, a, b = (make(random, 2) for make in (truth, truth, number, number))
        values = some_values(random)
        for text, mirrored in (
            (f"{p} and {q}", f"{q} and {p}"), (f"{p} or {q}", f"{q} or {p}"), (f"({a}) + ({b})", f"({b}) + ({a})"),
            (f"({a}) * ({b})", f"({b}) * ({a})"), (f"min({a}, {b})", f"min({b}, {a})"),
        ):  # fmt: skip
            assert parse(text, SCOPE).evaluate(values) == parse(mirrored, SCOPE).evaluate(values), text


@given(SEEDS)
def test_not_turns_and_into_or(seed: int) -> None:
    """De Morgan's law holds with unknowns, too."""
    random = Random(seed)
    for _ in range(5):
        p, q, values = truth(random, 2), truth(random, 2), some_values(random)
        turned = parse(f"(not ({p})) or (not ({q}))", SCOPE).evaluate(values)
        assert parse(f"not (({p}) and ({q}))", SCOPE).evaluate(values) is turned, (p, q)
