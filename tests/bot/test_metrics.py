"""The page of numbers: what is there from the start, what is measured, and that the docs name all of it."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from importlib.metadata import version
from math import inf, isnan
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.alarms import NAMES
from bot.measuring import measured
from bot.metrics import written
from bot.tally import BESIDES, DELIVERIES, POLL_FAILURES, Tally
from storage.errors import DatabaseBusy
from storage.installation import note_backup
from storage.schema import HEAD
from tests.bot.serving.fake import talking

ROOT = Path(__file__).resolve().parents[2]


def series(tally: Tally) -> dict[tuple[str, ...], float]:
    """The value of each, by its name and the values of its labels."""
    families = text_string_to_metric_families(written(tally).decode())
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def names() -> set[str]:
    """Those of the families, as they are written on the page; a histogram's without its ends."""
    counters = {
        family.name: family.type == "counter" for family in text_string_to_metric_families(written(Tally()).decode())
    }
    return {f"{name}_total" if counts else name for name, counts in counters.items()}


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("lampwise_updates_total", ("text", "press", "ignored", *BESIDES)),
        ("lampwise_deliveries_total", DELIVERIES),
        ("lampwise_polls_failed_total", POLL_FAILURES),
        ("lampwise_sends_total", ("sent", "unknown", "refused", "notsent", "retryafter", "blocked")),
        ("lampwise_matched_total", ("answer", "suggest", "none")),
        ("lampwise_alarm", NAMES),
    ],
)
def test_every_known_label_is_there_from_the_start(name: str, labels: tuple[str, ...]) -> None:
    """With 0, so that a first time is a step that an alert rule sees."""
    found = series(Tally())
    assert [label for label in labels if found.get((name, label)) != 0] == []


def test_what_happens_is_counted_beside_what_is_known() -> None:
    """An alarm is 1, a label that nobody foresaw is added."""
    tally = Tally(alarms={"storage"}, token_refused=2)
    tally.failed_polls["502"] += 1
    found = series(tally)
    assert found["lampwise_alarm", "storage"] == 1
    assert found["lampwise_alarm", "polling"] == 0
    assert found["lampwise_polls_failed_total", "502"] == 1
    assert found["lampwise_token_refused_total",] == 2


def test_the_version_is_a_label() -> None:
    """That of the package and of its tables."""
    assert series(Tally(started=5.0))["lampwise_build_info", HEAD, version("lampwise")] == 1
    assert series(Tally(started=5.0))["lampwise_start_time_seconds",] == 5


def test_the_database_is_measured(settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size, its disk, its last backup; what cannot be measured now stays as it was."""

    async def main() -> None:
        async with talking(settings_of_ours) as talk:
            parts = talk.serving.parts
            tally = parts.tally
            measured(parts)
            assert tally.database_bytes >= settings_of_ours.stat().st_size > 0
            assert tally.disk_free > 0
            assert tally.backup_age == inf
            assert isnan(tally.lease_epoch)
            parts.client.token_seen.refused(401)
            note_backup(parts.store.engine, parts.clock() - timedelta(hours=2))
            note_backup(parts.store.engine, parts.clock() - timedelta(hours=1))
            measured(parts)
            assert tally.backup_age == 3600
            assert tally.token_refused == 1

            def busy(*_: object) -> None:
                raise DatabaseBusy

            monkeypatch.setattr("storage.measures.measure", busy)
            monkeypatch.setattr("storage.installation.last_backup", busy)
            measured(parts)
            assert tally.backup_age == 3600

    asyncio.run(main())


def test_the_docs_name_every_number_and_no_other() -> None:
    """Both ways, in docs/operations.md."""
    told = re.findall(r"`(lampwise_\w+)(?:\{\w+(?:,\w+)*\})?`", (ROOT / "docs" / "operations.md").read_text("utf-8"))
    assert set(told) == names()
