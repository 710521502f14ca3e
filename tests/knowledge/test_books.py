"""The shipped books are complete: every topic, fact, language, source and way to ask."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.entry import Entry
from knowledge.loader import read_books
from knowledge.yaml_reader import read_document

BOOKS, FINDINGS = read_books()
FACTS: dict[str, list[str]] = read_document(Path(__file__).with_name("facts.yaml")).content
DIALOGS = {"assess", "vet", "contract", "review", "exit", None}
EACH = pytest.mark.parametrize("entry", BOOKS.entries.values(), ids=BOOKS.entries.keys())


def test_nothing_is_wrong_in_the_files() -> None:
    """No entry is left out for a finding."""
    assert list(FINDINGS) == []


def test_every_topic_has_its_entry() -> None:
    """The entries are those that the table of facts asks for."""
    assert set(BOOKS.entries) == set(FACTS)


@EACH
def test_every_fact_is_carried(entry: Entry) -> None:
    """No fact gets lost in an edit."""
    assert set(FACTS[entry.topic]) <= set(entry.facts)


@EACH
def test_an_entry_is_complete(entry: Entry) -> None:
    """Twenty wordings, a short answer that is short, and nothing that leads nowhere."""
    assert sum(map(len, entry.wordings.values())) >= 20
    assert {"zh-Hans", "zh-Hant", "en"} <= set(entry.wordings)
    assert all(0 < len(text) < 300 for text in entry.short.values())
    assert set(entry.related) <= set(BOOKS.entries) - {entry.topic}
    assert set(entry.sources) <= set(BOOKS.sources)
    assert entry.dialog in DIALOGS
    assert all(dated.look_again.isoformat() > (dated.as_of or "") for dated in entry.dated)


@EACH
def test_a_law_is_named_by_its_official_place(entry: Entry) -> None:
    """A community copy is named as where the text was read, never as where the law stands."""
    laws = [BOOKS.sources[name] for name in entry.sources if BOOKS.sources[name].kind == "law"]
    assert all(one.address and one.address.split("/")[2].endswith(".gov.cn") for one in laws)
    assert all(one.read is not None for one in laws)


def test_no_fact_is_called_checked_before_the_books_were_begun() -> None:
    """The days of publication stand in `as_of`; in `opened` stands a day on which a person could look."""
    opened = [dated.opened for entry in BOOKS.entries.values() for dated in entry.dated if dated.opened]
    assert opened
    assert min(opened) >= date(2026, 11, 23)


@pytest.mark.parametrize(
    ("topic", "says", "never"),
    [
        ("ccc-certification", "2026 年 12 月 31 日", ""),
        ("energy-label", "平板灯", "没法断定"),
        ("fake-orders", "2025 年 10 月 15 日", "20 万到 100 万"),
        ("returns-seven-days", "普通款要退就得收", ""),
        ("unit-economics", "广告、人工、退货", "15%"),
        ("ad-claims", "虚假广告", ""),
    ],
)
def test_what_is_urgent_stands_in_the_short_answer(topic: str, says: str, never: str) -> None:
    """The short answer is what an owner reads before they act."""
    short = BOOKS.entries[topic].short["zh-Hans"]
    assert says in short
    assert not never or never not in short


def test_the_parts_of_a_lamp_add_up() -> None:
    """The example of the unit economics says what its own items leave."""
    left = 149 - 78 - 149 * 0.05 - 12 - 3
    long = BOOKS.entries["unit-economics"].long
    assert all(f"{left:.2f}" in text and f"{left / 149:.1%}" in text for text in long.values())


def test_no_wording_stands_in_two_entries() -> None:
    """A wording means one topic."""
    owners: dict[str, set[str]] = {}
    for topic, entry in BOOKS.entries.items():
        for wording in entry.ways_to_ask():
            owners.setdefault(wording, set()).add(topic)
    assert {wording: topics for wording, topics in owners.items() if len(topics) > 1} == {}


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (("area: pitfalls\n", ""), "entry-key-missing"),
        (("area:", "aria: x\narea:"), "entry-key-unknown"),
        (("topic: a", "topic: b"), "entry-topic-not-its-file"),
        (("  en: Title", "  fr: Titre"), "language-missing"),
        (("facts: [F1]", "facts: F1"), "entry-shape"),
        (("short:\n  zh-Hans: x\n  en: x", "short: x"), "texts-not-by-language"),
        (("look_again: 2027-01-01", "look_again: soon"), "date-unreadable"),
        (("as_of: 2026-01-01", "as_of: lately"), "date-unreadable"),
        (("    as_of", "    opened: yesterday\n    as_of"), "date-unreadable"),
    ],
)
def test_a_broken_entry_is_a_finding(tmp_path: Path, edit: tuple[str, str], code: str) -> None:
    """What is wrong is told by its code, and the entry is left out."""
    whole = (
        "topic: a\narea: pitfalls\ntitle:\n  zh-Hans: x\n  en: Title\nwordings:\n  en: [how]\n"
        "short:\n  zh-Hans: x\n  en: x\n"
        "long:\n  zh-Hans: x\n  en: x\nfacts: [F1]\nsources: []\nrelated: []\ndated:\n  - what:\n      zh-Hans: x\n"
        "      en: x\n    as_of: 2026-01-01\n    look_again: 2027-01-01\n"
    )
    (tmp_path / "entries").mkdir()
    (tmp_path / "sources.yaml").write_text("sources:\n", "utf-8")
    (tmp_path / "outside.yaml").write_text("en: [what]\n", "utf-8")
    (tmp_path / "entries" / "a.yaml").write_text(whole, "utf-8")
    assert read_books(tmp_path)[1] == []
    (tmp_path / "entries" / "a.yaml").write_text(whole.replace(*edit), "utf-8")
    books, findings = read_books(tmp_path)
    assert code in {finding.code for finding in findings}
    assert books.entries == {}
