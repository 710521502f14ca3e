"""Writes the tally as Prometheus reads it. The only door to prometheus_client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import accumulate
from typing import get_args

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.alarms import NAMES
from bot.gateways.base import Delivery
from bot.gateways.telegram_incoming import Sort
from bot.tally import BESIDES, BOUNDS, DELIVERIES, POLL_FAILURES, Spread, Tally
from knowledge.search import Kind
from storage.schema import HEAD

CONTENT_TYPE = CONTENT_TYPE_LATEST

#: Labels that are there from the start, so that a first time is seen as a step from 0.
_UPDATES = (*get_args(Sort), *BESIDES)
_SENDS = tuple(kind.__name__.lower() for kind in get_args(Delivery))
_MATCHED = get_args(Kind)


def written(tally: Tally) -> bytes:
    """The whole page."""
    registry = CollectorRegistry()
    registry.register(_Written(tally))
    return generate_latest(registry)


class _Written(Collector):
    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def collect(self) -> Iterable[Metric]:
        """Each number with its sentence."""
        yield from _program(self._tally)
        yield from _traffic(self._tally)
        yield from _waiting(self._tally)
        yield from _database(self._tally)


def _program(tally: Tally) -> Iterator[Metric]:
    build = GaugeMetricFamily("lampwise_build_info", "What runs, as labels.", labels=["version", "schema"])
    build.add_metric([version("lampwise"), HEAD], 1)
    yield build
    yield GaugeMetricFamily("lampwise_start_time_seconds", "When it started, since 1970.", tally.started)
    alarms = GaugeMetricFamily("lampwise_alarm", "Whether something stands still or is to be seen to.", labels=["what"])
    for what in sorted({*NAMES, *tally.alarms}):
        alarms.add_metric([what], what in tally.alarms)
    yield alarms


def _traffic(tally: Tally) -> Iterator[Metric]:
    yield _counted("lampwise_updates", "Updates that came in, by what they are.", "kind", tally.updates, _UPDATES)
    yield _counted(
        "lampwise_deliveries", "What Telegram delivered, by outcome.", "outcome", tally.deliveries, DELIVERIES
    )
    yield _counted("lampwise_polls_failed", "Polls that failed, by why.", "reason", tally.failed_polls, POLL_FAILURES)
    yield CounterMetricFamily("lampwise_token_refused", "Answers that refused the token.", tally.token_refused)
    yield _counted("lampwise_sends", "Messages that were sent, by what became of them.", "outcome", tally.sends, _SENDS)
    yield _given_up(tally)
    yield _counted(
        "lampwise_matched", "Questions to the books, by what was decided.", "decision", tally.matched, _MATCHED
    )
    yield CounterMetricFamily("lampwise_failed_events", "Events that could not be answered.", tally.failed_events)
    yield _spread("lampwise_step_seconds", "Answering one event, without the database.", tally.steps)


def _given_up(tally: Tally) -> Metric:
    family = CounterMetricFamily(
        "lampwise_given_up", "Messages that are tried no more though they were wanted.", labels=["lane", "why"]
    )
    for (lane, why), count in sorted(tally.given_up.items()):
        family.add_metric([lane, why], count)
    return family


def _waiting(tally: Tally) -> Iterator[Metric]:
    yield GaugeMetricFamily("lampwise_sends_in_flight", "Messages on their way.", tally.in_flight)
    yield GaugeMetricFamily("lampwise_outbox_depth", "Messages still to be sent.", tally.outbox_depth)
    yield GaugeMetricFamily("lampwise_outbox_age_seconds", "How long the oldest that is due waits.", tally.outbox_age)
    yield GaugeMetricFamily("lampwise_reminders_due", "Reminders whose time has come.", tally.reminders_due)
    yield GaugeMetricFamily("lampwise_reminders_late", "Of these, an hour ago or more.", tally.reminders_late)


def _database(tally: Tally) -> Iterator[Metric]:
    yield CounterMetricFamily("lampwise_storage_errors", "Rounds that the database refused.", tally.storage_errors)
    yield _spread("lampwise_round_seconds", "From the first event of a round to its being on the disk.", tally.rounds)
    yield GaugeMetricFamily("lampwise_database_bytes", "The size of the database.", tally.database_bytes)
    yield GaugeMetricFamily("lampwise_disk_free_bytes", "The room on its disk.", tally.disk_free)
    yield GaugeMetricFamily("lampwise_backup_age_seconds", "Since the last backup; +Inf for never.", tally.backup_age)
    yield GaugeMetricFamily("lampwise_lease_epoch", "How often the lease has changed hands.", tally.lease_epoch)
    yield GaugeMetricFamily("lampwise_lease_seconds", "How long the lease still lasts.", tally.lease_seconds)


def _counted(name: str, says: str, label: str, counts: dict[str, int], known: Iterable[str]) -> Metric:
    family = CounterMetricFamily(name, says, labels=[label])
    for kind, count in sorted({**dict.fromkeys(known, 0), **counts}.items()):
        family.add_metric([kind], count)
    return family


def _spread(name: str, says: str, spread: Spread) -> Metric:
    return HistogramMetricFamily(name, says, buckets=list(_buckets(spread)), sum_value=spread.seconds)


def _buckets(spread: Spread) -> Iterator[tuple[str, float]]:
    return zip([*map(str, BOUNDS), "+Inf"], accumulate(map(float, spread.counts)), strict=True)
