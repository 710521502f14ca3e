"""An export holds all of one owner and nothing of another."""

from __future__ import annotations

import json

from storage.export import export
from storage.store import Store
from storage.tables import METADATA
from tests.storage.sample import NOW, said, step, typed


def test_case_57_an_export_has_every_table_of_an_owner_and_every_row(store: Store) -> None:
    store.apply([typed(1, "record"), typed(2, "boom"), typed(3, "remind"), typed(4, "other", chat="li")], step)
    exported = export(store.engine, "terminal", "wang", NOW)
    assert exported is not None
    assert (exported["owner"], exported["exported_at"]) == ("terminal:wang", NOW.isoformat())
    kept = exported["kept"]
    assert set(kept) == {table.name for table in METADATA.sorted_tables} - {
        "installation",
        "lease",
        "salt",
        "tombstone",
    }
    assert [answer["raw"] for answer in kept["conversation"][0]["answers"]] == ["record", "remind"]
    assert [row["result"] for row in kept["record"]] == [{"score": 1.5}]
    assert [row["raw"]["text"] for row in kept["inbox"]] == ["record", "boom", "remind"]
    assert len(kept["outbox"]) == 3
    assert kept["owner"][0]["created_at"] == NOW.isoformat()
    assert "other" not in json.dumps(kept)


def test_an_export_is_json_whatever_is_kept(store: Store) -> None:
    store.apply([typed(1, '"\\\n\x00\ud800<灯>')], step)
    assert json.loads(json.dumps(export(store.engine, "terminal", "wang", NOW))) is not None


def test_case_51_nobody_is_no_owner(store: Store) -> None:
    store.apply([typed(1)], step)
    assert export(store.engine, "terminal", "Wang", NOW) is None
    assert export(store.engine, "telegram", "wang", NOW) is None


def test_an_export_changes_nothing(store: Store) -> None:
    store.apply([typed(1)], step)
    export(store.engine, "terminal", "wang", NOW)
    (claimed,) = store.claim(NOW, "me", 1)
    assert said(claimed.message) == "10"
