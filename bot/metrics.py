"""Writes the tally as Prometheus reads it. The only door to prometheus_client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.tally import BOUNDS, Spread, Tally

CONTENT_TYPE = CONTENT_TYPE_LATEST


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
        tally = self._tally
        yield _counted("lampwise_updates", "Updates that came in, by what they are.", "kind", tally.updates)
        yield _counted("lampwise_polls_failed", "Polls of Telegram that failed, by why.", "reason", tally.failed_polls)
        yield _counted("lampwise_sends", "Messages that were sent, by what became of them.", "outcome", tally.sends)
        yield CounterMetricFamily("lampwise_failed_events", "Events that could not be answered.", tally.failed_events)
        yield CounterMetricFamily("lampwise_storage_errors", "Rounds that the database refused.", tally.storage_errors)
        yield _counted("lampwise_matched", "Questions to the books, by what was decided.", "decision", tally.matched)
        yield _spread("lampwise_step_seconds", "Answering one event, without the database.", tally.steps)
        yield _spread(
            "lampwise_round_seconds", "From the first event of a round to its being on the disk.", tally.rounds
        )
        yield GaugeMetricFamily("lampwise_sends_in_flight", "Messages on their way.", tally.in_flight)
        yield GaugeMetricFamily("lampwise_outbox_depth", "Messages still to be sent.", tally.outbox_depth)
        yield GaugeMetricFamily(
            "lampwise_outbox_age_seconds", "How long the oldest that is due waits.", tally.outbox_age
        )
        yield GaugeMetricFamily("lampwise_reminders_due", "Reminders whose time has come.", tally.reminders_due)
        yield GaugeMetricFamily(
            "lampwise_reminders_late", "Of these, those whose time came an hour ago or more.", tally.reminders_late
        )
        alarms = GaugeMetricFamily("lampwise_alarm", "What stands still (1).", labels=["what"])
        for what in sorted(tally.alarms):
            alarms.add_metric([what], 1)
        yield alarms


def _counted(name: str, says: str, label: str, counts: dict[str, int]) -> Metric:
    family = CounterMetricFamily(name, says, labels=[label])
    for kind, count in sorted(counts.items()):
        family.add_metric([kind], count)
    return family


def _spread(name: str, says: str, spread: Spread) -> Metric:
    return HistogramMetricFamily(name, says, buckets=list(_buckets(spread)), sum_value=spread.seconds)


def _buckets(spread: Spread) -> Iterator[tuple[str, float]]:
    return zip([*map(str, BOUNDS), "+Inf"], accumulate(map(float, spread.counts)), strict=True)
