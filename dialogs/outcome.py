"""A result as data: what `lampwise run` prints and what a record keeps, in the words and units of its contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from dialogs.decide import Deduction, ask_next
from dialogs.flow import Flow
from dialogs.fold import Position
from dialogs.kinds.base import Circumstance
from dialogs.what_if import changes

#: Decimal places by unit.
PLACES: Mapping[str, int] = {"money": 2, "percent": 4, "ratio": 4, "months": 2, "number": 2, "count": 0}


def outcome(
    flow: Flow, position: Position, circumstance: Circumstance, previous: Deduction | None = None
) -> dict[str, Any]:
    """All that the flow has of what `lampwise run` answers; `previous` is the case before in a series."""
    deduction = Deduction(flow, position.answers, previous)
    unknown = ask_next(flow, (question.id for question in position.unknown))
    told: dict[str, Any] = {"verdict": deduction.rule.verdict}
    if flow.score_from is not None:
        told["score"] = deduction.score
    if flow.flags:
        told["flags"] = [{"id": flag.id, "level": flag.level, "topic": flag.topic} for flag in deduction.flags]
    told["figures"] = {
        figure.id: rounded(deduction[figure.id], figure.unit) for figure in flow.figures if figure.in_result
    }
    if flow.plan is not None:
        told["plan"] = {function: {"how": way.how, "topic": way.topic} for function, way in deduction.plan.items()}
    told["because"] = list(dict.fromkeys(reason.topic for reason in deduction.reasons))
    told["ask_next"] = list(unknown)
    if flow.demands is not None:
        told["questions"] = list(questions(deduction, unknown, circumstance.language))
        told["demands"] = [{"clause": demand.clause, "topic": demand.topic} for demand in deduction.demands]
    if flow.what_if:
        told["what_if"] = list(_what_if(flow, position))
    if flow.trend:
        told["trend"] = trend(deduction)
    return told


def trend(deduction: Deduction) -> list[dict[str, Any]]:
    """The figures and verdict of each case of the series, oldest first, this one last."""
    flow = deduction.flow
    units = {figure.id: figure.unit for figure in flow.figures}
    cases = [deduction]
    while cases[-1].previous is not None:
        cases.append(cases[-1].previous)
    return [
        {**{name: rounded(case[name], units[name]) for name in flow.trend}, "verdict": case.rule.verdict}
        for case in reversed(cases)
    ]


def questions(deduction: Deduction, unknown: Iterable[str], language: str) -> Iterable[dict[str, str]]:
    """What to ask in the meeting: the unknowns that the agency can tell, then what the flags call for."""
    flow = deduction.flow
    for slot in unknown:
        asked = flow.by_slot[slot]
        if asked.to_agency is not None:
            yield {"text": asked.to_agency.fill(language), "slot": slot, "topic": asked.why}
    for flag in deduction.flags:
        if flag.to_agency is not None and flag.about is not None:
            yield {"text": flag.to_agency.fill(language), "slot": flag.about, "topic": flag.topic}


def _what_if(flow: Flow, position: Position) -> Iterable[dict[str, str]]:
    for change in changes(flow, position.answers):
        percent = flow.by_slot[change.slot].kind == "percent"
        yield {"slot": change.slot, "answer": raw(change.value, percent=percent), "verdict": change.verdict}


def raw(value: Any, *, percent: bool = False) -> str:
    """A value as a person could type it in any language: an option's id, plain digits, a percentage."""
    if isinstance(value, tuple):
        return " ".join(cast("tuple[str, ...]", value))
    if isinstance(value, time):
        return value.isoformat("minutes")
    if not isinstance(value, Decimal):
        return value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"{(value * 100).normalize():f}%" if percent else f"{value.normalize():f}"


def rounded(value: Fraction | None, unit: str) -> int | float | None:
    """A figure as a JSON number, rounded half up to the places of its unit; null where unknown."""
    if value is None:
        return None
    amount = exact(value, PLACES[unit])
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def exact(value: Fraction, places: int) -> Decimal:
    """`value` rounded half up to `places` decimal places."""
    scaled = value * 10**places
    whole = (abs(scaled) * 2 + 1) // 2
    return Decimal(int(whole if scaled >= 0 else -whole)).scaleb(-places)
