"""Vetted agencies to have on the desk: kept as a conversation keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from dialogs.compile import Book, compile_folder
from dialogs.conversing import kept
from dialogs.flow import Flow
from dialogs.headless import Headless
from dialogs.owner import Kept, Owner
from dialogs.speaking import Speaker

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
TODAY = date(2026, 11, 23)

GOOD: Mapping[str, Any] = {
    "name": "老陈", "guarantee": "0", "fee_period": "month", "fee": "8000", "term_months": "12", "refund": "pro-rata",
    "ad_payer": "merchant", "ad_budget": "10000", "gross_margin": "35%", "expected_sales": "10万", "commission": "5%",
    "commission_base": "after-refunds-and-freight", "sales_share": "10%", "staff": "12", "clients": "6",
    "client_years": "3", "focus": "lighting", "source": "referral", "lead": "named-experienced",
    "proof": "verifiable", "candour": "challenged", "diagnosis": "paid", "service": "full", "equity": "none",
}  # fmt: skip
TRAP: Mapping[str, Any] = {
    "name": "金灯", "guarantee": "400万", "fee_period": "quarter", "fee": "10万", "term_months": "12",
    "refund": "after-full-term", "ad_payer": "merchant", "ad_budget": "3万", "gross_margin": "35%",
    "expected_sales": "8万", "commission": "5%", "commission_base": "gmv", "clauses": [],
}  # fmt: skip
HOSTILE = "<script>alert('x')</script>\"&{name}{{7*7}}\u202e"


@cache
def book() -> Book:
    """The dialogs that we ship."""
    shipped = compile_folder().book
    assert shipped is not None
    return shipped


def vet() -> Flow:
    """The dialog whose results are compared."""
    return book().flows["vet"]


def clauses() -> list[str]:
    """All of them."""
    return [option.id for option in vet().by_slot["clauses"].options]


def speaker(language: str = "zh-Hans") -> Speaker:
    """Of the shipped book."""
    return Speaker(book(), language, TODAY)


def record(number: int, answers: Mapping[str, Any], at: datetime = NOW, kind: str = "vet") -> Kept:
    """What is kept of these raw answers."""
    flow = book().flows[kind]
    line = json.dumps({"answers": dict(answers)})
    case = Headless(book(), flow, "zh-Hans", TODAY).case(line)
    assert case is not None
    assert case.errors == []
    subject = str(answers.get("name", "")) if flow.subject else ""
    return Kept(
        kind=kind, number=number, subject=subject, answers=kept(flow, case.position), result={}, flow_hash="", at=at
    )


def owner(records: Iterable[Kept]) -> Owner:
    """Who has them on the desk."""
    return Owner(channel="terminal", chat="wang", records=tuple(records))
