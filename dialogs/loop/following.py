"""What follows when a dialog about a contract is through: what is kept besides, planned anew, said and offered next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from dialogs import presses
from dialogs.decide import Deduction
from dialogs.effects import CancelReminders, Effect, PlanReminders, Record
from dialogs.flow import Flow
from dialogs.loop import abouts, contracts, naming, quarter_names, series, signing
from dialogs.loop.abouts import About
from dialogs.loop.contracts import CHANGE, CONTRACT, DUTIES, EXIT, REVIEW, Contract
from dialogs.loop.reminding import heading, with_record
from dialogs.loop.wishes import KIND, wishes
from dialogs.message import Button, Line, Message
from dialogs.owner import Conversation
from dialogs.speaking import Speaker
from dialogs.talk import Talk

Rows = tuple[tuple[Button, ...], ...]
#: The next dates that are said at once.
SOON = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What comes besides the result itself."""

    messages: tuple[Message, ...] = ()
    effects: tuple[Effect, ...] = ()
    buttons: Rows = ()


def previous(talk: Talk, conversation: Conversation) -> Deduction | None:
    """The case before, of a dialog that is a series."""
    return series.last(series.before(talk.flow(conversation), talk.owner, conversation.about))


def subject(talk: Talk, conversation: Conversation) -> str:
    """The agency of the contract that the conversation is about; empty where it is about none, or has no name."""
    about = abouts.read(conversation.about)
    one = None if about is None else contracts.contract(talk.owner, about.contract)
    return "" if one is None else naming.own_name(one.signed)


def kept_besides(talk: Talk, conversation: Conversation, named: str) -> dict[str, Any]:
    """What the result keeps besides what the rules say: what it is about, and how the agency was vetted."""
    besides = abouts.with_about({}, conversation.about)
    if conversation.flow != CONTRACT or conversation.about:
        return besides
    before = next(
        (one for one in talk.owner.records if (one.kind, one.number) == (CONTRACT, conversation.record)), None
    )
    kept = None if before is None else before.result.get(signing.ADVISED)
    signed_on = contracts.day_of(talk.stand(conversation).answers.get("signed_on"))
    told = signing.advised(talk.owner, talk.book.flows.get("vet"), named, signed_on, kept)
    return besides if told is None else {**besides, signing.ADVISED: told}


def following(talk: Talk, conversation: Conversation, record: Record) -> Following:
    """What comes after the result of this conversation, once `record` is kept."""
    after = _AFTER.get(conversation.flow)
    if after is None:
        return Following()
    return after(
        replace(talk, owner=naming.named(talk.book, with_record(talk, record))), record, abouts.read(conversation.about)
    )


def _contract(talk: Talk, record: Record, about: About | None) -> Following:
    number = record.number if about is None else about.contract
    one = contracts.contract(talk.owner, number)
    effects: list[Effect] = []
    if not any((kept.kind, kept.number) == (KIND, number) for kept in talk.owner.records):
        # What was due before the contract was entered is not made up for.
        effects.append(replace(wishes(talk.owner, number), since=talk.at.isoformat()).record())
        talk = replace(talk, owner=with_record(talk, effects[0])) if isinstance(effects[0], Record) else talk
    rows = [_button(talk, "act-contract-card", presses.record(CONTRACT, number, "card"))]
    if one is not None:
        rows = [*_past_quarters(talk, one), *rows, *signing.offered_vetting(talk, one)]
    return Following(messages=_dates(talk, number), effects=(*effects, PlanReminders()), buttons=tuple(rows))


def _dates(talk: Talk, number: int) -> tuple[Message, ...]:
    """When they will be reminded next, or that they will not be: the contract is over by its dates."""
    planned = [one for one in talk.book.calendar.planned(talk.owner, talk.at) if one.contract == number]
    if not planned:
        return tuple(_over(talk, number))
    found = [one for one in planned if one.nth == 1]
    lines = [
        talk.speaker.line("contract-date", "item", day=one.at.date().isoformat(), what=heading(talk, one))
        for one in islice(found, SOON)
    ]
    return (Message(lines=(talk.speaker.line("contract-dates", "heading"), *lines)),) if lines else ()


def _over(talk: Talk, number: int) -> Iterable[Message]:
    one = contracts.contract(talk.owner, number)
    last = None if one is None else talk.book.calendar.ends_on(one)
    if last is not None and last < talk.speaker.today:
        yield Message(lines=(talk.speaker.line("contract-over", day=last.isoformat()),))


def _past_quarters(talk: Talk, one: Contract) -> Iterable[tuple[Button, ...]]:
    """The oldest quarter that is over and not reviewed."""
    today, done = talk.speaker.today, contracts.reviewed(talk.owner, one.number)
    for quarter in talk.book.calendar.quarters(one, today):
        if quarter.ends_on < today and quarter.period not in done:
            name = quarter_names.short(talk.speaker, quarter.period)
            press = presses.command(REVIEW, f"{one.number} {quarter.period}")
            yield _button(talk, "act-review-quarter", press, quarter=name)
            return


def _change(talk: Talk, record: Record, about: About | None) -> Following:
    if about is None:
        return Following()
    rows = [_button(talk, "act-contract-card", presses.record(CONTRACT, about.contract, "card"))]
    since = record.answers.get("effective_from")
    if record.answers.get("what") == "terms" and since is not None:
        press = presses.record(CONTRACT, about.contract, f"terms.{since}")
        rows = [_button(talk, "act-terms", press, since=str(since)), *rows]
    if record.answers.get("what") == "ended":
        rows = [_button(talk, "act-exit", presses.command(EXIT, str(about.contract))), *rows]
    effects = (CancelReminders(contract=about.contract), PlanReminders())
    return Following(messages=_dates(talk, about.contract), effects=effects, buttons=tuple(rows))


def _review(talk: Talk, record: Record, about: About | None) -> Following:
    one = None if about is None else contracts.contract(talk.owner, about.contract)
    if about is None or one is None:
        return Following()
    flow, number = talk.book.flows[REVIEW], str(about.contract)
    rows = list(_past_quarters(talk, one))
    if record.result.get("verdict") in ("exit", "renegotiate"):
        rows.append(_button(talk, "act-exit", presses.command(EXIT, number)))
        rows.append(_button(talk, "act-letters", presses.command("letter", number)))
    rows += [
        _button(talk, f"act-{sort}", presses.command("document", f"{sort} {CONTRACT} {number}"))
        for sort in ("picture", "table")
    ]
    effects: tuple[Effect, ...] = (PlanReminders(),)
    if about.period in contracts.reviewed(talk.owner, about.contract):
        effects = (CancelReminders(contract=about.contract), *effects)
    return Following(messages=_judged_before(talk, flow, one, about), effects=effects, buttons=tuple(rows))


def _judged_before(talk: Talk, flow: Flow, one: Contract, about: About) -> tuple[Message, ...]:
    """The quarters in a row, and the advice at signing beside today's."""
    successor = About(contract=about.contract, period=_next(about.period)).text()
    cases = series.before(flow, talk.owner, successor)
    lines = [*_trend(talk.speaker, flow, cases)]
    vet, quarter = talk.book.flows.get("vet"), talk.book.calendar.quarter(one, about.period)
    first = quarter.starts_on if quarter is not None else one.starts_on
    if vet is not None and first is not None and cases:
        lines += signing.now(talk.speaker, talk.owner, vet, one, first, cases[-1].deduction)
    return (Message(lines=tuple(lines)),) if lines else ()


def _trend(speaker: Speaker, flow: Flow, cases: Iterable[series.Case]) -> Iterable[Line]:
    listed = list(cases)
    if len(listed) < 2:
        return
    yield speaker.line("trend-heading", "heading")
    units = {figure.id: figure.unit for figure in flow.figures}
    for case in listed:
        figures = {name: speaker.figure(case.deduction[name], units[name]) for name in flow.trend}
        verdict = speaker.text(flow.verdicts[case.deduction.rule.verdict].title)
        name = quarter_names.short(speaker, case.period)
        yield speaker.line("trend-line", "item", quarter=name, verdict=verdict, **figures)


def _next(period: str) -> str:
    year, _, number = period.rpartition("Q")
    return f"{year}Q{int(number) + 1}" if number.isdigit() else period


def _exit(talk: Talk, record: Record, about: About | None) -> Following:
    press = presses.command("document", f"letter-handover {EXIT} {record.number}")
    rows = [_button(talk, "act-letter-handover", press)]
    if about is not None and record.answers.get("leave"):
        told = presses.command("document", f"letter-notice {CONTRACT} {about.contract}")
        rows.append(_button(talk, "act-letter-notice", told))
    if record.result.get("verdict") != "clean":
        rows = [_button(talk, "act-exit-tick", presses.command(EXIT, f"={EXIT}-{record.number}")), *rows]
    return Following(effects=(PlanReminders(),), buttons=tuple(rows))


def _duties(talk: Talk, record: Record, about: About | None) -> Following:
    return Following() if about is None else Following(effects=(PlanReminders(),))


def _button(talk: Talk, key: str, press: str, **values: str) -> tuple[Button, ...]:
    return (Button(label=talk.speaker.phrase(key, **values), press=press),)


_AFTER: Mapping[str, Callable[[Talk, Record, About | None], Following]] = {
    CONTRACT: _contract, CHANGE: _change, REVIEW: _review, EXIT: _exit, DUTIES: _duties,
}  # fmt: skip
