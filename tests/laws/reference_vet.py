"""What vet must say, worked out a second time from the advice alone: plain Python, exact, None for unknown.

Unknown is read as the advice's own examples have it: false and unknown is false, true or unknown is true, nothing
times unknown is nothing, and what an unknown has no part in does not wait for it.
Not its job: the score, and which verdict it is where there is no blocker.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from typing import Any

Answers = Mapping[str, Any]
Amount = Fraction | None
Truth = bool | None

BLOCKERS = ("guarantee-trap", "sales-driven", "loses-money")
PERIODS = {"month": Fraction(1), "quarter": Fraction(3), "half-year": Fraction(6), "year": Fraction(12)}
SHARES = {"merchant": Fraction(1), "shared": Fraction(1, 2), "agency": Fraction(0)}
ALWAYS: tuple[str, ...] = (
    "scope", "kpi", "term", "exit-conditions", "account-ownership", "handover", "amendments", "decision-lead",
)  # fmt: skip
EVERY: tuple[str, ...] = (
    "scope", "kpi", "term", "exit-conditions", "online-distribution", "anti-counterfeit", "ad-budget", "freight",
    "commission-base", "account-ownership", "handover", "authorisation-revocation", "payment-reconciliation",
    "stock-and-quality", "dispatch", "promotion-calendar", "amendments", "decision-lead",
)  # fmt: skip


def plus(*amounts: Amount) -> Amount:
    """The sum, unknown where a part is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Fraction(0)) if len(known) == len(amounts) else None


def times(*amounts: Amount) -> Amount:
    """The product; nothing times anything is nothing."""
    if 0 in amounts:
        return Fraction(0)
    outcome = Fraction(1)
    for amount in amounts:
        if amount is None:
            return None
        outcome *= amount
    return outcome


def minus(amount: Amount) -> Amount:
    """The opposite."""
    return times(Fraction(-1), amount)


def less(a: Amount, b: Amount) -> Truth:
    """a < b."""
    return None if a is None or b is None else a < b


def negated(truth: Truth) -> Truth:
    """Not."""
    return None if truth is None else not truth


def both(*truths: Truth) -> Truth:
    """False and unknown is false."""
    return False if False in truths else None if None in truths else True


def either(*truths: Truth) -> Truth:
    """True or unknown is true."""
    return True if True in truths else None if None in truths else False


def one_of(value: Any, *options: str) -> Truth:
    """Whether a choice is among these."""
    return None if value is None else value in options


def lacks(answers: Answers, clause: str) -> Truth:
    """Whether a clause is known to be missing."""
    return None if answers["clauses"] is None else clause not in answers["clauses"]


class Sums:
    """The figures, and the truths that hang on them."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.one_off: Truth = one_of(answers["fee_period"], "one-off")
        self.period: Amount = answers["term_months"] if self.one_off else PERIODS.get(answers["fee_period"])
        self.ads = times(Fraction(12), answers["ad_budget"], SHARES.get(answers["ad_payer"]))

    @property
    def fees(self) -> Amount:
        """F, in a year."""
        fee = self._answers["fee"]
        return fee if self.one_off else times(fee, None if self.period is None else 12 / self.period)

    @property
    def take(self) -> Amount:
        """What is left of a yuan of sales: m - c, or m (1 - c) of a commission on profit."""
        margin, commission, base = (self._answers[slot] for slot in ("gross_margin", "commission", "commission_base"))
        if commission == 0:
            return margin
        if base is None:
            return None
        rest = plus(Fraction(1), minus(commission))
        return times(margin, rest) if base == "profit" else plus(margin, minus(commission))

    @property
    def break_even(self) -> Amount:
        """Sales a month; None also where there is no such point."""
        costs, take = plus(self.fees, self.ads), self.take
        return None if costs is None or take is None or take <= 0 else costs / 12 / take

    def profit_at(self, sales: Amount) -> Amount:
        """What a year at these sales a month leaves."""
        return plus(times(Fraction(12), sales, self.take), minus(self.fees), minus(self.ads))

    @property
    def locked_in(self) -> Amount:
        """L, in months."""
        term, period = self._answers["term_months"], self.period
        if self.one_off or period is None:
            return period
        longer = either(one_of(self._answers["refund"], "after-full-term"), lacks(self._answers, "exit-conditions"))
        longest = None if term is None else max(period, term)
        if longer is None:
            return longest if longest == period else None
        return longest if longer else period

    @property
    def exposure(self) -> Amount:
        """The most cash that is gone before the merchant can leave."""
        fee, months = self._answers["fee"], self.locked_in
        begun = None if months is None or self.period is None or self.one_off else Fraction(ceil(months / self.period))
        return plus(fee if self.one_off else times(fee, begun), times(self.ads, Fraction(1, 12), months))

    @property
    def trap(self) -> Truth:
        """V1."""
        refund = self._answers["refund"]
        longer = False if self.one_off else less(self.period, self._answers["term_months"])
        bound = either(one_of(self._answers["ad_payer"], "merchant", "shared"), longer)
        late = both(one_of(refund, "after-full-term"), bound)
        return both(less(Fraction(0), self._answers["guarantee"]), either(one_of(refund, "none"), late))

    @property
    def loses_money(self) -> Truth:
        """There is no point of break-even, or it is more than twice what is expected."""
        none_left = None if self.take is None else self.take <= 0
        return either(none_left, less(self._answers["expected_sales"], times(Fraction(1, 2), self.break_even)))


def figures(answers: Answers) -> dict[str, Amount]:
    """All that the advice names, unrounded."""
    sums, promised = Sums(answers), answers["guarantee"]
    return {
        "break_even_sales": sums.break_even,
        "year_profit_at_expected_sales": sums.profit_at(answers["expected_sales"]),
        "year_profit_at_guarantee": sums.profit_at(promised / 12) if promised else None,
        "year_profit_at_zero": sums.profit_at(Fraction(0)),
        "exposure": sums.exposure,
    }


def missing(answers: Answers) -> set[str]:
    """The required clauses that are known to be missing."""
    present = answers["clauses"]
    return set() if present is None else required(answers) - present


def required(answers: Answers) -> set[str]:
    """The clauses that the contract must have."""
    if answers["service"] not in ("single", "coaching"):
        return set(EVERY)
    wanted = set(ALWAYS)
    if answers["ad_payer"] in ("merchant", "shared"):
        wanted.add("ad-budget")
    if answers["commission"] is not None and answers["commission"] > 0:
        wanted |= {"commission-base", "freight"}
    return wanted


def truths(answers: Answers, people_a_client: Fraction) -> dict[str, Truth]:
    """Every flag's condition. `people_a_client`: fewer than these are too few."""
    commission, base, payer = answers["commission"], answers["commission_base"], answers["ad_payer"]
    sums, paid = Sums(answers), less(Fraction(0), commission)
    scattered = both(one_of(answers["focus"], "many-industries"), answers["service"] != "single")
    few = less(answers["staff"], times(answers["clients"], people_a_client))
    odd = either(less(commission, Fraction(5, 100)), less(Fraction(30, 100), commission))
    unreal = less(times(Fraction(36), answers["expected_sales"]), answers["guarantee"])
    return {
        "guarantee-trap": sums.trap,
        "sales-driven": negated(less(answers["sales_share"], Fraction(1, 2))),
        "loses-money": sums.loses_money,
        "below-break-even": both(less(answers["expected_sales"], sums.break_even), negated(sums.loses_money)),
        "guarantee-unreal": unreal,
        "cold-call": one_of(answers["source"], "cold-call"),
        "spread-thin": either(scattered, few),
        "no-named-lead": one_of(answers["lead"], "unnamed"),
        "junior-lead": one_of(answers["lead"], "named-junior"),
        "unverifiable-cases": one_of(answers["proof"], "shown-only", "none"),
        "promises-only": one_of(answers["candour"], "promised-only"),
        "no-diagnosis": one_of(answers["diagnosis"], "none"),
        "commission-out-of-range": both(paid, odd),
        "commission-on-gmv": both(paid, one_of(base, "gmv")),
        "ads-unbounded": both(one_of(payer, "merchant", "shared"), lacks(answers, "ad-budget")),
        "long-lock-in": less(Fraction(12), sums.locked_in),
        "minority-equity": one_of(answers["equity"], "minority"),
        "missing-clauses": bool(missing(answers)),
        "industry-focus": one_of(answers["focus"], "lighting"),
        "long-clients": negated(less(answers["client_years"], Fraction(2))),
        "referral": one_of(answers["source"], "referral"),
        "candid": one_of(answers["candour"], "challenged"),
        "verifiable-cases": one_of(answers["proof"], "verifiable"),
        "paid-diagnosis": one_of(answers["diagnosis"], "paid"),
        "coaching-exit": one_of(answers["service"], "coaching"),
        "fair-base": both(paid, one_of(base, "after-refunds-and-freight", "profit")),
    }


def flags(answers: Answers, people_a_client: Fraction) -> set[str]:
    """The flags that are raised: their condition is surely true."""
    return {flag for flag, truth in truths(answers, people_a_client).items() if truth}
