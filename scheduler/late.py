"""What becomes of reminders whose time passed unused: the program was off, the clock jumped, an owner switched them on.

Never a burst and never silence: of the last quarter that is over, and of the contract's end, one reminder goes out as
soon as may be, and those after it keep their distance. Quarters before that have none; the message names them
(`plan.missed_reviews`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from scheduler.due import soonest
from scheduler.ladder import APART, review_ladder
from scheduler.quarters import Quarter
from scheduler.reminder import Progress, Reminder
from scheduler.rules import Rules
from scheduler.terms import Terms


def late_review(terms: Terms, quarter: Quarter, now: datetime, rules: Rules, progress: Progress) -> list[Reminder]:
    """What is still to be sent for the last quarter that is over, the first of it late if its time has passed."""
    if quarter.period in progress.reviewed:
        return []
    sent = progress.sent_of(quarter.period, "review")
    ladder = _unsent(review_ladder(terms, quarter, rules, progress, sent), sent, progress)
    if not ladder or ladder[0].due.at >= now:
        return ladder
    late = _made_up_for(ladder[0], terms, now, rules)
    later = review_ladder(terms, quarter, rules, progress, {**sent, late.nth: late.due.day})
    return [late, *(one for one in later if one.nth > late.nth)]


def late_ending(
    terms: Terms, ladder: Sequence[Reminder], now: datetime, rules: Rules, progress: Progress
) -> list[Reminder]:
    """What is still to be sent before the contract's end; of those whose time has passed, the last one, late."""
    if not ladder:
        return []
    end = date.fromisoformat(ladder[0].period)
    unsent = _unsent(ladder, progress.sent_of(ladder[0].period, "ending"), progress)
    future = [one for one in unsent if one.due.at >= now]
    passed = unsent[: len(unsent) - len(future)]
    if not passed:
        return future
    late = _made_up_for(passed[-1], terms, now, rules)
    too_late = late.due.day > end or any(one.due.day - late.due.day < APART for one in future)
    return future if too_late else [late, *future]


def _unsent(ladder: Sequence[Reminder], sent: dict[int, date], progress: Progress) -> list[Reminder]:
    last = max(sent, default=0)
    since = progress.since
    return [one for one in ladder if one.nth > last and (since is None or one.due.at >= since)]


def _made_up_for(passed: Reminder, terms: Terms, now: datetime, rules: Rules) -> Reminder:
    hour = rules.hour(terms.remind_at, terms.owner)
    return replace(passed, due=soonest(now, hour, terms.timezone, rules), late=True)
