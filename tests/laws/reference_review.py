"""What the advice fixes of a review, worked out a second time: the figures of a quarter and the verdict of a series.

It goes by the words of the advice, quarter after quarter in a loop, and shares no rule with the dialog.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

Answers = Mapping[str, Any]
Amount = Fraction | None

COSTS = ("service_fee", "commission_paid", "ad_spend", "other_cost")
#: From the worst to the best; not-enough-known stands apart.
ORDER = ("exit", "renegotiate", "fix", "keep")


def so_far(quarters: Sequence[Answers], name: str) -> Amount:
    """The figure over all quarters; None where it is not known of one of them."""
    amounts = [figures(answers)[name] for answers in quarters]
    return None if None in amounts else sum((amount for amount in amounts if amount is not None), Fraction(0))


def break_even_net_sales(answers: Answers) -> Amount:
    """What would have had to be sold at this margin and this rate of commission."""
    sales, refunds, margin = answers["sales"], answers["refunds"], answers["gross_margin"]
    others = [answers[slot] for slot in ("service_fee", "ad_spend", "other_cost")]
    if None in (sales, refunds, margin, answers["commission_paid"], *others) or sales - refunds <= 0:
        return None
    rate = answers["commission_paid"] / (sales - refunds)
    return sum(others, Fraction(0)) / (margin - rate) if margin > rate else None


def figures(answers: Answers) -> dict[str, Amount]:
    """All that the advice names of a single quarter, unrounded; None where an input is missing that matters."""
    sales, refunds, margin = answers["sales"], answers["refunds"], answers["gross_margin"]
    costs = [answers[slot] for slot in COSTS]
    net = None if None in (sales, refunds) else sales - refunds
    gross = Fraction(0) if 0 in (net, margin) else None if None in (net, margin) else net * margin
    spend = None if None in costs else sum(costs, Fraction(0))
    contribution = None if gross is None or spend is None else gross - spend
    return {
        "net_sales": net,
        "gross_profit": gross,
        "total_spend": spend,
        "contribution": contribution,
        "roi": _ratio(contribution, spend),
        "roas": _ratio(net, answers["ad_spend"]),
        "spend_ratio": _ratio(spend, net),
        "attainment": _ratio(net, answers["promised_sales"]),
        "break_even_net_sales": break_even_net_sales(answers),
    }


def _ratio(over: Amount, under: Amount) -> Amount:
    return None if over is None or under is None or under <= 0 else over / under


def is_losing(answers: Answers) -> bool:
    """Its contribution is known and negative."""
    contribution = figures(answers)["contribution"]
    return contribution is not None and contribution < 0


def is_under(answers: Answers) -> bool:
    """It is losing, and its attainment is known and below 60 %."""
    attainment = figures(answers)["attainment"]
    return is_losing(answers) and attainment is not None and attainment < Fraction(60, 100)


def is_improved(quarters: Sequence[Answers]) -> bool:
    """The last quarter's contribution is above that of the one before, both known."""
    before, now = (figures(answers)["contribution"] for answers in quarters[-2:])
    return before is not None and now is not None and now > before


def is_halved(quarters: Sequence[Answers]) -> bool:
    """The loss of the last quarter is at most half of that of the one before, both losing."""
    before, now = (figures(answers)["contribution"] for answers in quarters[-2:])
    return before is not None and now is not None and -now * 2 <= -before


def running(quarters: Sequence[Answers], kind: Any) -> int:
    """How many quarters of this kind in a row stand at the end of the series."""
    length = 0
    while length < len(quarters) and kind(quarters[-1 - length]):
        length += 1
    return length


def duties(quarters: Sequence[Answers]) -> str:
    """Over the last two quarters: "missed" where one surely was, "kept" where surely none, else "unknown"."""
    known = [answers["duties_missed"] for answers in quarters[-2:]]
    if any(known):
        return "missed"
    return "unknown" if None in known else "kept"


def verdict(quarters: Sequence[Answers]) -> str:
    """Of the last quarter, which the ones before lead up to."""
    told = figures(quarters[-1])
    if told["contribution"] is None:
        return "not-enough-known"
    if told["contribution"] >= 0:
        reached = told["attainment"] is not None and told["attainment"] >= Fraction(90, 100)
        return "keep" if reached or quarters[-1]["promised_sales"] == 0 else "fix"
    losing, under, own = running(quarters, is_losing), running(quarters, is_under), duties(quarters)
    if under >= 2 and own == "kept":
        return "renegotiate" if is_halved(quarters) else "exit"
    if losing >= 4 or under >= 3:
        return "renegotiate"
    # "Wait another quarter" is not said twice without an improvement, where the merchant surely had no part in it.
    if losing >= 2 and own == "kept" and not is_improved(quarters):
        return "renegotiate"
    return "fix"
