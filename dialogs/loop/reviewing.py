"""Begins the review of a contract's quarter, or goes on with it: the oldest that is open, or a chosen one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dialogs import presses
from dialogs.conversing import begin, go_on, open_conversation
from dialogs.flow import Flow
from dialogs.loop import contracts, quarter_names
from dialogs.loop.abouts import About
from dialogs.loop.calendar import Quarter
from dialogs.loop.contracts import Contract
from dialogs.message import Button, Line, Message
from dialogs.owner import Conversation
from dialogs.talk import Talk, Turn

#: So many quarters are offered to choose from, the latest.
MOST = 8


def review(talk: Talk, flow: Flow, argument: str) -> Turn | None:
    """By "1" (its contract) or "1 Q2"; None where there is no contract, so that the dialog begins by itself."""
    number, _, period = argument.partition(" ")
    listed = contracts.contracts(talk.owner)
    if not listed or number == "new":
        return None
    if number.isdigit():
        contract = contracts.contract(talk.owner, int(number))
        return talk.say("contract-gone") if contract is None else _of(talk, flow, contract, period.strip())
    if open_conversation(talk, flow) is not None:
        return None
    return _of(talk, flow, listed[0], "") if len(listed) == 1 else _which(talk, listed)


def _which(talk: Talk, listed: Sequence[Contract]) -> Turn:
    rows = [(Button(label=one.name, press=presses.command(contracts.REVIEW, str(one.number))),) for one in listed]
    return talk.turn(Message(lines=(talk.speaker.line("review-which"),), buttons=tuple(rows), numbered=True))


def _of(talk: Talk, flow: Flow, contract: Contract, period: str) -> Turn:
    quarters = talk.book.calendar.quarters(contract, talk.speaker.today)
    if period == "all" or not quarters:
        return _choose(talk, contract, quarters) if quarters else talk.say("review-no-quarters", name=contract.name)
    chosen = next((one for one in quarters if one.period == period), None)
    if chosen is None and period:
        return _choose(talk, contract, quarters)
    chosen = chosen or next(iter(unreviewed(talk, contract)), None)
    return _choose(talk, contract, quarters) if chosen is None else _start(talk, flow, contract, chosen)


def unreviewed(talk: Talk, contract: Contract) -> Iterable[Quarter]:
    """The quarters that are over and not reviewed, oldest first."""
    done = contracts.reviewed(talk.owner, contract.number)
    today = talk.speaker.today
    return (
        one for one in talk.book.calendar.quarters(contract, today) if one.ends_on < today and one.period not in done
    )


def _choose(talk: Talk, contract: Contract, quarters: Sequence[Quarter]) -> Turn:
    speaker, kept = talk.speaker, contracts.reviews(talk.owner, contract.number)
    rows: list[tuple[Button, ...]] = []
    for one in reversed(quarters[-MOST:]):
        told = str(kept[one.period].result.get("verdict")) if one.period in kept else ""
        verdict = talk.book.flows[contracts.REVIEW].verdicts.get(told)
        key = "review-open" if one.ends_on < speaker.today else "review-running"
        state = speaker.phrase(key) if verdict is None else speaker.text(verdict.title)
        label = speaker.phrase(
            "review-quarter", quarter=quarter_names.quarter(speaker, contract, one.period), state=state
        )
        rows.append((Button(label=label, press=presses.command(contracts.REVIEW, f"{contract.number} {one.period}")),))
    heading = speaker.line("review-choose", "heading", name=contract.name)
    return talk.turn(Message(lines=(heading,), buttons=tuple(rows), numbered=True))


def _start(talk: Talk, flow: Flow, contract: Contract, quarter: Quarter) -> Turn:
    about = About(contract=contract.number, period=quarter.period).text()
    mine = [one for one in talk.owner.conversations.values() if (one.flow, one.about) == (flow.id, about)]
    last = max(mine, key=lambda one: one.number, default=None)
    name = quarter_names.quarter(talk.speaker, contract, quarter.period)
    heading = talk.speaker.line("review-of", "heading", name=contract.name, quarter=name)
    if last is None:
        before = (heading, *_early(talk, quarter), *_amended(talk, contract, quarter))
        return begin(talk, flow, about=about, before=before)
    if not last.ended:
        return go_on(talk, last, [heading, talk.speaker.line("review-goes-on", "quiet")])
    return _done(talk.focused(last), last, heading)


def _early(talk: Talk, quarter: Quarter) -> Iterable[Line]:
    if quarter.ends_on >= talk.speaker.today:
        yield talk.speaker.line("review-early", "quiet", last=quarter.ends_on.isoformat())


def _amended(talk: Talk, contract: Contract, quarter: Quarter) -> Iterable[Line]:
    """The terms of its first day count for a quarter; that they changed within it is said."""
    for since in contract.amended_on:
        if quarter.starts_on.isoformat() < since <= quarter.ends_on.isoformat():
            yield talk.speaker.line("review-amended", "quiet", since=since)


def _done(talk: Talk, conversation: Conversation, heading: Line) -> Turn:
    """It was reviewed before: nothing is asked again by itself."""
    speaker = talk.speaker
    acts = [("act-result", "result"), ("act-answers", "answers")]
    if talk.stand(conversation).unknown:
        acts.append(("act-continue", "continue"))
    rows = [
        (Button(label=speaker.phrase(key), press=presses.control(conversation.number, "", act)),) for key, act in acts
    ]
    line = speaker.line("review-done")
    here = replace(talk, owner=replace(talk.owner, focus=conversation.number))
    return here.turn(Message(lines=(heading, line), buttons=tuple(rows), numbered=True))
