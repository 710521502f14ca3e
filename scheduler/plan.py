"""What is to be sent when, for a contract or for all of an owner's, from the terms and what has happened so far.

Pure and repeatable: planning twice plans the same, and after a change of the terms `changes` says what that means for
what was planned before. Not its job: keeping, claiming or wording reminders.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from operator import attrgetter

from scheduler.due import due_at
from scheduler.ladder import ending_ladder, first_due, review_ladder
from scheduler.late import late_ending, late_review
from scheduler.quarters import ONE_DAY, Quarter, last_day, quarters
from scheduler.reminder import UNTOUCHED, Key, Progress, Reminder
from scheduler.rules import Rules
from scheduler.terms import Terms

#: A quarter that ended longer ago has no reminders any more: the next one's have begun.
LOOK_BACK = timedelta(days=220)
#: How far the next dates are looked for.
HORIZON = timedelta(days=3660)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a new plan means for what was planned before: keys to cancel, reminders to add and to move."""

    cancel: tuple[Key, ...]
    add: tuple[Reminder, ...]
    move: tuple[Reminder, ...]


def plan(terms: Terms, now: datetime, until: datetime, rules: Rules, progress: Progress = UNTOUCHED) -> list[Reminder]:
    """What is still to be sent for a contract before `until`, in order of time.

    What fell due before `now` and was not sent gives one late reminder at most, see `late`.
    """
    if progress.muted:
        return []
    found = [*_reviews(terms, now, until, rules, progress), *_endings(terms, now, rules, progress)]
    return sorted((one for one in found if one.due.at < until), key=_order)


def plan_owner(
    contracts: Sequence[tuple[Terms, Progress]], now: datetime, until: datetime, rules: Rules
) -> list[Reminder]:
    """The same for all contracts of one owner: their late reminders come on different days, never in a burst."""
    planned = [one for terms, progress in contracts for one in plan(terms, now, until, rules, progress)]
    taken = {day for _, progress in contracts for day in progress.sent.values()}
    spaced = [_on_a_free_day(one, taken, rules) if one.late else one for one in sorted(planned, key=_order)]
    return sorted((one for one in spaced if one.due.at < until), key=_order)


def upcoming(
    contracts: Sequence[tuple[Terms, Progress]], now: datetime, rules: Rules, count: int = 8
) -> list[Reminder]:
    """The next dates of an owner: a review's first reminder (or a late one), and every one of an ending."""
    days = timedelta(days=400)
    while True:
        planned = plan_owner(contracts, now, now + days, rules)
        dates = [one for one in planned if one.kind == "ending" or one.nth == 1 or one.late]
        if len(dates) >= count or days > HORIZON:
            return dates[:count]
        days *= 3


def missed_reviews(terms: Terms, now: datetime, rules: Rules, progress: Progress = UNTOUCHED) -> list[str]:
    """The quarters that are over and not reviewed, oldest first: what a reminder says besides its own quarter."""
    over = takewhile(lambda quarter: quarter.ends_on < now.date() + ONE_DAY, quarters(terms))
    return [
        quarter.period
        for quarter in over
        if quarter.period not in progress.reviewed
        and (progress.since or _EVER) <= first_due(terms, quarter, rules).at < now
    ]


def schedule(terms: Terms, since: datetime, until: datetime, rules: Rules) -> Iterator[Reminder]:
    """All that would be sent from `since` and before `until` if nobody answered; reviews first, then the ending."""
    first = since.date() - (LOOK_BACK if rules.blackouts else LOOK_BACK / 4)
    ladders = [review_ladder(terms, quarter, rules) for quarter in _some(terms, first, until)]
    for one in _until_the_next(ladders):
        if since <= one.due.at < until:
            yield one
    end = last_day(terms)
    if end is not None and first <= end <= until.date() + LOOK_BACK:
        yield from (one for one in ending_ladder(terms, rules) if since <= one.due.at < until)


def changes(stored: Iterable[Reminder], planned: Iterable[Reminder]) -> Changes:
    """What to do with reminders that are stored and not yet sent, so that what is planned now stands there."""
    before = {one.key: one for one in stored}
    after = {one.key: one for one in planned}
    return Changes(
        cancel=tuple(key for key in before if key not in after),
        add=tuple(one for key, one in after.items() if key not in before),
        move=tuple(one for key, one in after.items() if key in before and before[key] != one),
    )


_order = attrgetter("due.at", "owner", "contract", "period", "nth")
_EVER = datetime.fromisoformat("0001-01-02T00:00+00:00")


def _some(terms: Terms, since: date, until: datetime) -> Iterator[Quarter]:
    last = until.date() + ONE_DAY
    return takewhile(lambda quarter: quarter.ends_on <= last, quarters(terms, since))


def _reviews(terms: Terms, now: datetime, until: datetime, rules: Rules, progress: Progress) -> Iterator[Reminder]:
    some = list(_some(terms, now.date() - LOOK_BACK, until))
    over = [quarter for quarter in some if first_due(terms, quarter, rules).at < now]
    ladders = [late_review(terms, quarter, now, rules, progress) for quarter in over[-1:]]
    for quarter in some[len(over) :]:
        sent = progress.sent_of(quarter.period, "review")
        ladder = review_ladder(terms, quarter, rules, progress, sent)
        ladders.append([] if quarter.period in progress.reviewed else [one for one in ladder if one.nth not in sent])
    return _until_the_next(ladders)


def _endings(terms: Terms, now: datetime, rules: Rules, progress: Progress) -> list[Reminder]:
    return late_ending(terms, ending_ladder(terms, rules, progress), now, rules, progress)


def _until_the_next(ladders: Iterable[list[Reminder]]) -> Iterator[Reminder]:
    """The reminders of one quarter fall silent when those of the next begin."""
    held: list[Reminder] = []
    for ladder in ladders:
        if not ladder:
            continue
        first = ladder[0].due.at
        yield from (one for one in held if one.due.at < first)
        held = ladder
    yield from held


def _on_a_free_day(late: Reminder, taken: set[date], rules: Rules) -> Reminder:
    due = late.due
    while due.day in taken:
        due = due_at(due.day + ONE_DAY, due.hour, due.zone, rules)
    taken.add(due.day)
    return replace(late, due=due)
