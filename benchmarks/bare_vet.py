"""The first lines of what vet says, as short as Python can: figures, warnings and verdict of a case where all is known.

No typed text, nothing unknown, no reasons, no demands, nothing about what would change it; floats instead of fractions.
"""

from __future__ import annotations

import json
import math
from typing import Any

PERIODS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
SHARES = {"merchant": 1.0, "shared": 0.5, "agency": 0.0}


def answer(line: str) -> str:
    """A case in, its figures, the flags of its money, and whether it is one to walk away from."""
    case = json.loads(line)
    given: dict[str, Any] = case["answers"]
    figures = _figures(given)
    flags = _flags(given, figures)
    blocked = not {"guarantee-trap", "sales-driven", "loses-money"}.isdisjoint(flags)
    return json.dumps({"id": case["id"], "walk-away": blocked, "flags": flags, "figures": figures})


def _figures(given: dict[str, Any]) -> dict[str, float | None]:
    margin, commission = given["gross_margin"], given["commission"]
    take = margin * (1 - commission) if given["commission_base"] == "profit" and commission else margin - commission
    one_off = given["fee_period"] == "one-off"
    period = given["term_months"] if one_off else PERIODS[given["fee_period"]]
    fees = given["fee"] if one_off else given["fee"] * 12 / period
    ads = 12 * given["ad_budget"] * SHARES[given["ad_payer"]]
    locked = given["refund"] == "after-full-term" or "exit-conditions" not in given["clauses"]
    months = max(period, given["term_months"]) if locked else period
    paid = given["fee"] if one_off else given["fee"] * math.ceil(months / period)
    return {
        "break_even_sales": (fees + ads) / 12 / take if take > 0 else None,
        "year_profit_at_expected_sales": 12 * given["expected_sales"] * take - fees - ads,
        "year_profit_at_guarantee": given["guarantee"] * take - fees - ads if given["guarantee"] else None,
        "year_profit_at_zero": -fees - ads,
        "exposure": paid + ads / 12 * months,
    }


def _flags(given: dict[str, Any], figures: dict[str, float | None]) -> list[str]:
    flags: list[str] = []
    bare_months = PERIODS.get(given["fee_period"], given["term_months"])
    against_ads = given["ad_payer"] != "agency" or given["term_months"] > bare_months
    after_term = given["refund"] == "after-full-term" and against_ads
    if given["guarantee"] > 0 and (given["refund"] == "none" or after_term):
        flags.append("guarantee-trap")
    if given["sales_share"] >= 0.5:
        flags.append("sales-driven")
    break_even = figures["break_even_sales"]
    if break_even is None or given["expected_sales"] < break_even / 2:
        flags.append("loses-money")
    elif given["expected_sales"] < break_even:
        flags.append("below-break-even")
    if given["guarantee"] > 36 * given["expected_sales"]:
        flags.append("guarantee-unreal")
    return flags
