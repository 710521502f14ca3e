"""Three-valued logic and arithmetic: None stands for unknown and stays unknown unless it cannot matter.

False and unknown is false, true or unknown is true, 0 x unknown is 0; an if whose condition is unknown has a value
only where both branches agree. Numbers are Fractions, so that nothing is rounded before the end.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

#: What a name stands for: a slot's answer, an assumption, a computed value.
Values = Mapping[str, Any]
Term = Callable[[Values], Any]


def all_of(terms: tuple[Term, ...]) -> Term:
    """False if any is false, else unknown if any is unknown, else true."""

    def evaluate(values: Values) -> bool | None:
        outcome: bool | None = True
        for term in terms:
            value = term(values)
            if value is False:
                return False
            if value is None:
                outcome = None
        return outcome

    return evaluate


def any_of(terms: tuple[Term, ...]) -> Term:
    """True if any is true, else unknown if any is unknown, else false."""

    def evaluate(values: Values) -> bool | None:
        outcome: bool | None = False
        for term in terms:
            value = term(values)
            if value is True:
                return True
            if value is None:
                outcome = None
        return outcome

    return evaluate


def negated(term: Term) -> Term:
    """Unknown stays unknown."""

    def evaluate(values: Values) -> bool | None:
        value = term(values)
        return None if value is None else not value

    return evaluate


def known(function: Callable[..., Any], *terms: Term) -> Term:
    """`function` of the terms, unknown where one of them is."""
    if len(terms) == 2:
        return _known_of_two(function, *terms)

    def evaluate(values: Values) -> Any:
        arguments: list[Any] = []
        for term in terms:
            value = term(values)
            if value is None:
                return None
            arguments.append(value)
        return function(*arguments)

    return evaluate


def _known_of_two(function: Callable[[Any, Any], Any], left: Term, right: Term) -> Term:
    """The same without a list, since nearly all that is compared or reckoned is two values."""

    def evaluate(values: Values) -> Any:
        first = left(values)
        if first is None:
            return None
        second = right(values)
        return None if second is None else function(first, second)

    return evaluate


def product(left: Term, right: Term) -> Term:
    """Zero times anything is zero, unknown included."""

    def evaluate(values: Values) -> Any:
        first = left(values)
        if first == 0:
            return first
        second = right(values)
        if second == 0:
            return second
        return None if first is None or second is None else first * second

    return evaluate


def quotient(left: Term, right: Term) -> Term:
    """Unknown where the denominator is zero: a ratio to nothing says nothing."""

    def evaluate(values: Values) -> Any:
        numerator, denominator = left(values), right(values)
        return None if numerator is None or not denominator else numerator / denominator

    return evaluate


def chosen(condition: Term, then: Term, otherwise: Term) -> Term:
    """An if-else; where the condition is unknown, the value that both branches share, if they do."""

    def evaluate(values: Values) -> Any:
        decided = condition(values)
        if decided is True:
            return then(values)
        if decided is False:
            return otherwise(values)
        first, second = then(values), otherwise(values)
        return first if first == second else None

    return evaluate


def is_unknown(term: Term) -> Term:
    """The only question about knowledge itself; always true or false."""
    return lambda values: term(values) is None


def ceiling(value: Fraction) -> Fraction:
    """The next whole number at or above."""
    return Fraction(math.ceil(value))


def days(first: str, second: str) -> Fraction:
    """Days from the first to the second, both as ISO dates; below 0 where the second is earlier."""
    return Fraction((date.fromisoformat(second) - date.fromisoformat(first)).days)


def count(options: frozenset[str]) -> Fraction:
    """How many options were chosen."""
    return Fraction(len(options))


COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "In": lambda item, items: item in items,
    "NotIn": lambda item, items: item not in items,
}
