"""Made-up owners with contracts, always the same ones: for dry runs and measurements, never kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from hashlib import blake2b

from scheduler.terms import QuarterRule, Terms

#: Most merchants are at home; the others show that hours are local.
ZONES = ("Asia/Shanghai",) * 7 + ("Asia/Hong_Kong", "Europe/Berlin", "America/New_York")
HOURS = (time(10),) * 6 + (time(9, 30), time(11), time(15), time(20, 30))
MONTHS = (12, 12, 12, 24, 36, 6, 18)
RULES: tuple[QuarterRule, ...] = ("contract", "contract", "contract", "calendar")
#: Days before the given one on which contracts may have started, and all the days on which they may start.
STARTED_BEFORE = 730
START_DAYS = 913


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpContracts:
    """The contracts of owners made-up:1 to made-up:`owners`, one each, every tenth has two.

    They start within the two years before `around` or the half year after it.
    """

    owners: int
    around: date

    def __iter__(self) -> Iterator[Terms]:
        """The same contracts each time; those of an owner do not depend on how many owners there are."""
        for number in range(1, self.owners + 1):
            for contract in range(1, 3 if number % 10 == 0 else 2):
                yield _contract(f"made-up:{number}", contract, self.around)


def _contract(owner: str, contract: int, around: date) -> Terms:
    drawn = blake2b(f"{owner}:{contract}".encode(), digest_size=8).digest()
    return Terms(
        owner=owner,
        contract=contract,
        starts_on=around + timedelta(days=int.from_bytes(drawn[:4], "big") % START_DAYS - STARTED_BEFORE),
        term_months=MONTHS[drawn[4] % len(MONTHS)],
        quarters=RULES[drawn[5] % len(RULES)],
        remind_at=HOURS[drawn[6] % len(HOURS)],
        timezone=ZONES[drawn[7] % len(ZONES)],
    )
