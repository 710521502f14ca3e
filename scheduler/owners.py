"""The calendar of an owner, out of what is kept on him: his contracts, his wishes, what went out, what is reviewed.

Pure. Not its job: keeping the plan (`storage.reminders`), letting time pass (`runner`), words (`dialogs.reminding`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo

from dialogs.loop import calendar, contracts
from dialogs.loop.calendar import Date, Noted
from dialogs.loop.contracts import Contract
from dialogs.loop.wishes import ALL, wishes
from dialogs.owner import Owner
from scheduler import standing
from scheduler.blackouts import offered_blackouts, own_blackout
from scheduler.kept import progress_of, terms_of
from scheduler.plan import missed_reviews, plan_owner, upcoming
from scheduler.quarters import Quarter, last_day, quarters
from scheduler.reminder import Progress, Reminder
from scheduler.rules import Rules, Spread
from scheduler.terms import Terms
from storage.reminders import Planned

#: How far ahead is planned: at least the next quarter of every contract lies within it.
AHEAD = timedelta(days=400)
#: What is sent so much after its hour still counts as on time.
GRACE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersCalendar:
    """Answers what dialogs ask of a calendar. `spread` and `installation`, its random id, are the installation's."""

    spread: Spread = field(default_factory=Spread)
    #: Asked for when a file is made; "" where nothing is kept, such as in a scripted talk.
    installation: Callable[[], str] = str

    def quarters(self, contract: Contract, until: date) -> Sequence[calendar.Quarter]:
        """Those that begin at or before `until`, oldest first; none where the start is not known."""
        terms = terms_of("", contract)
        if terms is None:
            return ()
        return [_told(one) for one in takewhile(lambda quarter: quarter.starts_on <= until, quarters(terms))]

    def quarter(self, contract: Contract, period: str) -> calendar.Quarter | None:
        """The one of this name; None where the contract has none."""
        terms = terms_of("", contract)
        found = () if terms is None else quarters(terms)
        return next((_told(one) for one in found if one.period == period), None)

    def ends_on(self, contract: Contract) -> date | None:
        """The last day in force; None: not known."""
        terms = terms_of("", contract)
        return None if terms is None else last_day(terms)

    def upcoming(self, owner: Owner, now: datetime, count: int) -> Sequence[Date]:
        """The next dates of all the owner's contracts."""
        rules = self._rules(owner)
        found = {_thing(one): one for one in upcoming(planned_by(owner), now, rules, count)}
        # What was put off, or told before, comes again with its next one.
        for one in reversed(self._plan(owner, now)):
            found[_thing(one)] = one
        return [_date(one) for one in sorted(found.values(), key=_by_time)[:count]]

    def planned(self, owner: Owner, now: datetime) -> Sequence[Date]:
        """All that is to be sent within AHEAD, in order of time."""
        return [_date(one) for one in self._plan(owner, now)]

    def due(self, owner: Owner, now: datetime) -> Sequence[Date]:
        """What may and should be sent at this moment: nothing on a day or at an hour that is not allowed."""
        rules = self._rules(owner)
        # What is late now may not have been an hour ago, when it was night.
        planned = self._until(now, owner, now - GRACE) or self._until(now, owner, now)
        # Of reviews the one of the last quarter speaks for those before it.
        last = {(one.contract, one.kind): one.period for one in planned}
        wanted = [one for one in planned if one.kind != "review" or one.period == last[one.contract, one.kind]]
        return [_date(one) for one in wanted if _allowed(one, now, rules)]

    def fell_due(self, owner: Owner, now: datetime) -> Sequence[Date]:
        """What to tell one who has come by himself: nobody minds the hour then."""
        return [_date(one) for one in self._plan(owner, now) if one.late or one.due.at <= now]

    def missed(self, owner: Owner, number: int, now: datetime) -> Sequence[str]:
        """The periods of a contract that are over and not reviewed, oldest first."""
        contract = contracts.contract(owner, number)
        terms = None if contract is None else terms_of(_name(owner), contract, owner.timezone)
        if contract is None or terms is None:
            return []
        return missed_reviews(terms, now, self._rules(owner), progress_of(owner, contract))

    def blackouts(self) -> Sequence[str]:
        """The names of the weeks that an owner is offered to keep free."""
        return tuple(offered_blackouts())

    def file(self, owner: Owner, noted: Iterable[Noted], name: str, now: datetime) -> bytes:
        """The dates as a file for a phone's calendar."""
        # Only now: the library is slow to load.
        from scheduler.calendar_file import Entry, calendar_file, fingerprint

        worded = {(one.date.contract, one.date.period, one.date.kind, one.date.nth): one for one in noted}
        entries = [
            Entry(reminder=one, heading=told.heading, text=told.text)
            for one in self._plan(owner, now)
            if (told := worded.get((one.contract, one.period, one.kind, one.nth))) is not None
        ]
        return calendar_file(entries, name, now, fingerprint(self.installation(), _name(owner)))

    def rows(self, owner: Owner, now: datetime) -> Sequence[Planned]:
        """The plan as it is kept."""
        return [_row(one) for one in self._plan(owner, now)]

    def _plan(self, owner: Owner, now: datetime) -> list[Reminder]:
        rules = self._rules(owner)
        found = [*plan_owner(planned_by(owner), now, now + AHEAD, rules), *standing.reminders(owner, now, rules)]
        return sorted(found, key=_by_time)

    def _until(self, until: datetime, owner: Owner, now: datetime) -> list[Reminder]:
        return [one for one in self._plan(owner, now) if one.due.at <= until]

    def _rules(self, owner: Owner) -> Rules:
        return rules_of(owner, self.spread)


def rules_of(owner: Owner, spread: Spread) -> Rules:
    """The rules for this owner: without the weeks that he keeps free."""
    return rules_for(wishes(owner, ALL).blackouts, spread)


def planned_by(owner: Owner) -> list[tuple[Terms, Progress]]:
    """What the reminders of each of his contracts depend on; not of those that cannot be planned by."""
    found = [(terms_of(_name(owner), one, owner.timezone), one) for one in contracts.contracts(owner)]
    return [(terms, progress_of(owner, one)) for terms, one in found if terms is not None]


@lru_cache(maxsize=1 << 10)
def rules_for(blackouts: tuple[str, ...], spread: Spread) -> Rules:
    """One for all who wish the same, since the days that were found are remembered by it."""
    found = (offered_blackouts().get(name) or own_blackout(name) for name in sorted(blackouts))
    return Rules(blackouts=tuple(one for one in found if one is not None), spread=spread)


def _thing(one: Reminder) -> tuple[int, str, str, int]:
    """What a date stands for in a list: a quarter once, of an ending each."""
    return one.contract, one.period, one.kind, one.nth if one.kind == "ending" else 0


def _allowed(reminder: Reminder, now: datetime, rules: Rules) -> bool:
    local = now.astimezone(ZoneInfo(reminder.due.zone))
    return rules.allows(local.date()) and not rules.quiet.covers(local.time())


def _name(owner: Owner) -> str:
    return f"{owner.channel}:{owner.chat}"


def _by_time(reminder: Reminder) -> tuple[datetime, int, str, int]:
    return reminder.due.at, reminder.contract, reminder.period, reminder.nth


def _told(quarter: Quarter) -> calendar.Quarter:
    return calendar.Quarter(period=quarter.period, starts_on=quarter.starts_on, ends_on=quarter.ends_on)


def _date(one: Reminder) -> Date:
    return Date(
        contract=one.contract, period=one.period, kind=one.kind, nth=one.nth, at=one.due.local(), late=one.late,
        stale=one.due.stale,
    )  # fmt: skip


def _row(one: Reminder) -> Planned:
    return Planned(
        contract=one.contract, period=one.period, kind=one.kind, nth=one.nth, day=one.due.day.isoformat(),
        hour=one.due.hour.isoformat("minutes"), zone=one.due.zone, due=one.due.at,
    )  # fmt: skip
