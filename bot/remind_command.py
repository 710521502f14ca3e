"""`lampwise remind`: the plan of reminders as it would unfold if nobody ever answered; sends and keeps nothing."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from zoneinfo import ZoneInfo

from bot import beside
from bot.clock import ClockUnreadable, clock_for
from bot.database import refused
from bot.refusal import DONE, Refusal, say
from bot.settings import Settings
from dialogs.loop.wishes import ALL, wishes
from scheduler.dry_run import dry_run
from scheduler.made_up import MadeUpContracts
from scheduler.owners import planned_by, rules_for
from scheduler.rules import Rules, spread_for
from scheduler.terms import Terms
from scheduler.working_days import shipped_working_days
from storage.opening import is_there

#: No more are made up: a list of them is for looking at.
MOST_OWNERS = 10_000_000


def run(settings: Settings, since: str | None, until: str, owners: int | None, *, as_json: bool) -> int:
    """Print what would be sent from `since` (now where it is None) and before the end of `until`."""
    beside.days_or_refusal(settings.lang)
    try:
        now = clock_for(settings.clock_file)()
    except ClockUnreadable as error:
        raise Refusal(str(error)) from error
    zone = ZoneInfo(settings.timezone)
    begins = now if since is None else datetime.combine(_day("--from", since), time(), zone)
    ends = datetime.combine(date.fromordinal(_day("--until", until).toordinal() + 1), time(), zone)
    groups = _groups(settings, begins.astimezone(zone).date(), owners)
    plans = (dry_run(begins.astimezone(UTC), ends.astimezone(UTC), terms, rules) for rules, terms in groups)
    write = _json_line if as_json else _readable
    for told in merge(*plans, key=lambda one: datetime.fromisoformat(str(one["due"]))):
        sys.stdout.write(write(told))
    known = shipped_working_days()
    if not as_json and known.stale((ends - timedelta(days=1)).date()):
        say(f"no notice of holidays after {known.last} is out yet: weekdays count, but for the days off by law")
    return DONE


def _groups(settings: Settings, around: date, owners: int | None) -> list[tuple[Rules, Iterable[Terms]]]:
    """The contracts, by the rules that hold for their owners."""
    if owners is None:
        return _kept(settings)
    if not 1 <= owners <= MOST_OWNERS:
        raise Refusal(f"--owners: {owners} is out of bounds; give a number from 1 to {MOST_OWNERS}")
    return [(Rules(spread=spread_for(owners)), MadeUpContracts(owners=owners, around=around))]


def _kept(settings: Settings) -> list[tuple[Rules, Iterable[Terms]]]:
    """The contracts that are kept and not muted, of all owners; none where there is no database yet."""
    if not is_there(settings.database_url):
        return []
    # Only now: without a database none of this is needed.
    from bot.given import built
    from dialogs.former_names import of_owner
    from storage.owners import each_owner

    book, _ = built(settings, "remind", settings.lang)
    found, people = dict[tuple[str, tuple[str, ...]], list[Terms]](), Counter[str]()
    with refused():
        for owner in each_owner(settings.database_url):
            now = of_owner(book.flows, owner)
            people[now.channel] += 1
            alike = found.setdefault((now.channel, wishes(now, ALL).blackouts), [])
            alike.extend(terms for terms, progress in planned_by(now) if not progress.muted)
    return [(rules_for(free, spread_for(people[channel])), terms) for (channel, free), terms in found.items()]


def _day(option: str, text: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refusal(f"{option}: {text[:40]!r} is no date; write it like 2026-12-31") from error
    if not 1970 <= day.year <= 2200:
        raise Refusal(f"{option}: {day} is out of bounds; give a day from 1970 to 2200")
    return day


def _json_line(told: dict[str, str | int]) -> str:
    return json.dumps(told, ensure_ascii=False) + "\n"


def _readable(told: dict[str, str | int]) -> str:
    return "{due}  {kind:6}  {period:10}  {nth}  {owner}  {contract}\n".format_map(told)
