"""The expression language: what it understands, what it gives, and what it refuses unread."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.expression import MAX_DEPTH, MAX_LENGTH, NUMBER, TRUTH, ExpressionError, Sort, parse

SCOPE = {
    "a": NUMBER, "b": NUMBER, "c": NUMBER, "yes": TRUTH,
    "payer": Sort("choice", frozenset({"merchant", "agency"})),
    "clauses": Sort("many", frozenset({"scope", "kpi"})),
}  # fmt: skip
VALUES: dict[str, Any] = {
    "a": Fraction(3), "b": Fraction(1, 3), "c": None, "yes": True, "payer": "agency", "clauses": frozenset({"kpi"}),
}  # fmt: skip


def value(text: str) -> Any:
    """What the expression gives with VALUES; `c` is not known."""
    return parse(text, SCOPE).evaluate(VALUES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * 3", 4),
        ("-a - 1", -4),
        ("0.1 + 0.2 == 0.3", True),
        ("a / b", 9),
        ("a / (b - b)", None),
        ("a / 0 > 1", None),
        ("1 < a <= 3 < 4", True),
        ("3 < a < c", False),
        ("1 < a < c", None),
        ("min(a, b, 2)", Fraction(1, 3)),
        ("max(a, c)", None),
        ("ceil(b)", 1),
        ("ceil(0 - b)", 0),
        ("count(clauses)", 1),
        ('payer == "agency"', True),
        ('payer != "agency"', False),
        ('payer in ("merchant", "agency")', True),
        ('payer in ["merchant"]', False),
        ('"scope" in clauses', False),
        ('"scope" not in clauses', True),
        ("c is unknown", True),
        ("a is not unknown", True),
        ("c > 0 and not yes", False),
        ("c > 0 or yes", True),
        ("c > 0 and yes", None),
        ("not c > 0", None),
        ("c * 0", 0),
        ("(b - b) * c", 0),
        ("c - c", None),
        ("a if yes else c", 3),
        ("a if c > 0 else 3", 3),
        ("a if c > 0 else b", None),
        ("a if a > 0 else unknown", 3),
        ("unknown", None),
        ("  a\t", 3),
        (" * ".join(["1e300"] * MAX_DEPTH) + " > 1e308", True),
        (" and ".join(["yes"] * 125), True),
    ],
)
def test_gives(text: str, expected: Any) -> None:
    """Exact, and unknown only where the unknown matters."""
    found = value(text)
    assert found == expected
    assert (found is None) is (expected is None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a.real", "expression-forbidden"),
        ("a.__class__.__mro__", "expression-forbidden"),
        ("().__class__", "expression-forbidden"),
        ("clauses[0]", "expression-forbidden"),
        ("a ** 9 ** 9", "expression-forbidden"),
        ("a // 2", "expression-forbidden"),
        ("a % 2", "expression-forbidden"),
        ("1 << 9999", "expression-forbidden"),
        ("~a", "expression-forbidden"),
        ("+a", "expression-forbidden"),
        ("lambda: a", "expression-forbidden"),
        ("[x for x in clauses]", "expression-forbidden"),
        ("{a: b}", "expression-forbidden"),
        ("{a}", "expression-forbidden"),
        ("(a := 1)", "expression-forbidden"),
        ("f'{a}'", "expression-forbidden"),
        ("b'x'", "expression-forbidden"),
        ("1j", "expression-forbidden"),
        ("True", "expression-forbidden"),
        ("None", "expression-forbidden"),
        ("...", "expression-forbidden"),
        ("await a", "expression-forbidden"),
        ("*a", "expression-syntax"),
        ("__import__('os')", "unknown-function"),
        ("open('x')", "unknown-function"),
        ("min.x(a, b)", "unknown-function"),
        ("min(a, *clauses)", "expression-forbidden"),
        ("max(a, key=b)", "unknown-function"),
        ("min(a)", "wrong-arguments"),
        ("min()", "unknown-function"),
        ("ceil(a, b)", "wrong-arguments"),
        ("a; b", "expression-syntax"),
        ("a = 1", "expression-syntax"),
        ("import os", "expression-syntax"),
        ("", "expression-syntax"),
        ("a +", "expression-syntax"),
        ("a\0", "expression-syntax"),
        ("\ud800", "expression-syntax"),
        ("__builtins__", "unknown-name"),
        ("margin", "unknown-name"),
        ("a is b", "is-only-unknown"),
        ("payer < 'merchant'", "no-order"),
        ("payer == 'nobody'", "unknown-option"),
        ("payer in ('agency', 'nobody')", "unknown-option"),
        ("'nobody' in clauses", "unknown-option"),
        ("a in b", "not-a-list"),
        ("payer + 1", "wrong-sort"),
        ("a and yes", "wrong-sort"),
        ("a == payer", "wrong-sort"),
        ("a if yes else payer", "branches-differ"),
        ("count(payer)", "wrong-sort"),
        ("1e999", "expression-forbidden"),
        ("a" * (MAX_LENGTH + 1), "expression-too-long"),
        ("-" * (MAX_DEPTH + 1) + "a", "expression-too-deep"),
        ("~" * 900 + "a", "expression-forbidden"),
        ("a" + ".a" * 490, "expression-forbidden"),
        ("(" * 150 + "a" + ")" * 150 + ".x", "expression-forbidden"),
        ("a" + "()" * 490, "unknown-function"),
        ("a" + "[a" * 190 + "]" * 190, "expression-forbidden"),
        ("not " * 240 + "yes", "expression-too-deep"),
        ("(" * 490 + "a" + ")" * 490, "expression-syntax"),
        ("a if yes else " * 70 + "a", "expression-too-deep"),
    ],
)
def test_refuses(text: str, code: str) -> None:
    """With a code for the finding, whatever it is; nothing of it is evaluated."""
    with pytest.raises(ExpressionError) as refused:
        parse(text, SCOPE)
    assert refused.value.code == code


@given(st.text(max_size=MAX_LENGTH + 24))
def test_case_45_refuses_any_text_or_reads_it(text: str) -> None:
    """No other exception than its own."""
    read_or_refused(text)


PIECES = ("a", "b", "c", "yes", "payer", "clauses", "unknown", "0", "1e9", '"kpi"', "min", "count", "not", "is", "in",
          "(", ")", "[", "]", ",", "+", "-", "*", "/", "**", "<", "==", "if", "else", "and", "or", ".", ":=", "lambda",
          ":", "{", "}", "@", "\n", "#")  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_refuses_any_words_or_reads_them(words: list[str]) -> None:
    """The same of what looks like an expression; what is read also evaluates."""
    read_or_refused(" ".join(words))


def read_or_refused(text: str) -> None:
    """What can be read can be evaluated, with all known and with nothing known."""
    try:
        expression = parse(text, SCOPE)
    except ExpressionError:
        return
    expression.evaluate(VALUES)
    expression.evaluate(dict.fromkeys(SCOPE))


@given(st.decimals("-1e9", "1e9", places=4), st.decimals("0.0001", "1e9", places=4))
def test_is_exact(first: Any, second: Any) -> None:
    """What is written in decimals is reckoned in fractions."""
    left, right = Fraction(first), Fraction(second)
    assert value(f"({first:f}) + {second:f}") == left + right
    assert value(f"({first:f}) * {second:f}") == left * right
    assert value(f"({first:f}) / {second:f} * {second:f}") == left
    assert value(f"({first:f}) <= {second:f}") is (left <= right)


def test_knows_the_names_it_reads() -> None:
    """So that a guard can be checked to read earlier questions only."""
    assert parse("a if c > 0 else min(b, 2)", SCOPE).names == {"a", "b", "c"}


@pytest.mark.parametrize(("text", "wanted"), [("a", TRUTH), ("yes", NUMBER), ("payer", TRUTH)])
def test_refuses_what_is_not_of_the_sort_that_is_wanted(text: str, wanted: Sort) -> None:
    """A guard is a truth, a figure a number."""
    with pytest.raises(ExpressionError, match="wrong-sort"):
        parse(text, SCOPE, wanted)
