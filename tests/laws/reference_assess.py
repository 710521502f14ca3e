"""What the advice fixes of assess, worked out a second time: figures, the verdicts that may be given, the plan.

Not its job: choosing among in-house, single-items and partner where the advice leaves it open.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Answers = Mapping[str, Any]
Amount = Fraction | None

ALL = {"learn-first", "product-first", "find-supply", "in-house", "single-items", "partner", "not-enough-known"}
#: Under these nothing is bought yet.
NOTHING_BOUGHT = {"learn-first", "product-first"}
#: What A7 asks for besides the money: a slot and the answers that will do.
READY: Mapping[str, tuple[str, ...]] = {
    "owner_knowledge": ("basic", "solid"),
    "owner_time": ("weekly", "daily"),
    "business_model": ("b2c", "both"),
    "product_strength": ("strong", "average"),
}


def figures(answers: Answers, assumed: Mapping[str, Fraction]) -> dict[str, Amount]:
    """All that the advice names, unrounded; `assumed` are the dialog's own numbers."""
    margin, agency = answers["gross_margin"], agency_cost(assumed)
    ceiling = None if margin is None else margin - assumed["assumed_commission"]
    return {
        "agency_cost": agency,
        "in_house_cost": in_house_cost(answers["functions"], assumed),
        "ad_ceiling": ceiling,
        "break_even_sales": agency / ceiling if ceiling is not None and ceiling > 0 else None,
    }


def agency_cost(assumed: Mapping[str, Fraction]) -> Fraction:
    """Fee and ads, commission apart."""
    return assumed["agency_fee"] + assumed["agency_ads"]


def in_house_cost(functions: frozenset[str] | None, assumed: Mapping[str, Fraction]) -> Amount:
    """The people that the chosen functions need, and ads."""
    if functions is None:
        return None
    people = {"wage_operator"}
    people |= {"wage_designer"} if functions & {"design", "photography"} else set()
    people |= {"wage_service"} if "customer-service" in functions else set()
    people |= {"wage_warehouse"} if functions & {"warehousing", "logistics"} else set()
    return sum((assumed[name] for name in people), assumed["own_ads"])


def allowed(answers: Answers, assumed: Mapping[str, Fraction]) -> set[str]:
    """The verdicts that A1, A2, A3, A7, A11 and A12 leave."""
    if answers["owner_time"] == "none":
        return {"learn-first"}
    if answers["role"] == "operator":
        return {"find-supply"}
    if answers["product_strength"] == "weak":
        return {"product-first"}
    left = ALL - {"find-supply"}
    if not all(answers[slot] is None for slot in ("owner_time", "product_strength", "business_model")):
        left.discard("not-enough-known")
    if not (is_ready(answers) and is_affordable(answers, assumed)):
        left.discard("partner")
    if not covers(answers["monthly_budget"], in_house_cost(answers["functions"], assumed)):
        left.discard("in-house")
    return left


def is_ready(answers: Answers) -> bool:
    """All that A7 asks for besides the money, known."""
    horizon = answers["horizon"]
    return all(answers[slot] in will_do for slot, will_do in READY.items()) and horizon is not None and horizon >= 12


def is_affordable(answers: Answers, assumed: Mapping[str, Fraction]) -> bool:
    """The money that A7 asks for, known."""
    point, budget = figures(answers, assumed)["break_even_sales"], answers["monthly_budget"]
    expected = answers["expected_sales"]
    enough = point is not None and expected is not None and point <= expected
    return enough and budget is not None and budget >= agency_cost(assumed)


def covers(budget: Amount, cost: Amount) -> bool:
    """A budget that is not known covers all; one that is covers no cost that is not."""
    return budget is None or (cost is not None and budget >= cost)


def ways(function: str, answers: Answers, verdict: str) -> set[str]:
    """How a chosen function may be planned."""
    left = {"keep", "coach", "outsource", "partner", "later"}
    if verdict in NOTHING_BOUGHT:
        left = {"later", "keep", "coach"}
    elif verdict == "find-supply":
        left = {"keep", "coach"}
    elif function in ("photography", "drawings", "site", "brand-articles"):
        left = {"outsource"}
    if answers["business_model"] == "b2b":
        left -= {"partner"}
        if function == "promotion" and verdict not in NOTHING_BOUGHT:
            left &= {"keep", "coach"}
    return {"keep"} if function == "personal-brand" else left
