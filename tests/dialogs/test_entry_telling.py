"""What is said of facts that may change: checked only where somebody opened the source; how far it was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import knowledge
from bot.book import build
from dialogs.compile import SHIPPED
from dialogs.free_text.entry_telling import EntryTelling
from dialogs.speaking import Speaker
from knowledge.entry import Dated, Source
from knowledge.loader import read_books

BOOKS = read_books()[0]
BOOK = build(SHIPPED, Path(knowledge.__path__[0]), "terminal")[0]
FEES = BOOKS.entries["commission-range"]
FACT = Dated(what={"zh-Hans": "报价", "en": "The quotes"}, as_of="2020-02", look_again=date(2027, 1, 1))
LAW = Source(id="law", name={"zh-Hans": "法", "en": "Law"}, kind="law", read="text", copy="https://example.com/laws")


def told(dated: Dated, language: str = "zh-Hans", today: date = date(2026, 12, 1), source: Source = LAW) -> str:
    """The long answer of an entry with this fact and source."""
    entry = replace(FEES, dated=[dated], sources=["law"])
    return "\n".join(line.text for line in EntryTelling(Speaker(BOOK, language, today), entry, {"law": source}).long())


@pytest.mark.parametrize(("language", "word"), [("zh-Hans", "核对过"), ("zh-Hant", "核對過"), ("en", "hecked on")])
def test_checked_is_said_only_with_the_day_on_which_somebody_looked(language: str, word: str) -> None:
    """The day of publication is none, before and after the day to look again."""
    for today in (date(2026, 12, 1), date(2027, 6, 1)):
        unseen = told(FACT, language, today)
        assert word not in unseen
        assert "2020-02" in unseen
        seen = told(replace(FACT, opened=date(2026, 11, 30)), language, today)
        assert word in seen
        assert "2026-11-30" in seen


def test_material_without_a_date_is_given_none() -> None:
    """And the event of the day to look again is named where there is one."""
    text = told(replace(FACT, as_of=None, event={"zh-Hans": "新法施行", "en": "a new law"}))
    assert "资料没写日期" in text
    assert "2027-01-01 前再看一遍（新法施行）" in text


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (LAW, "条文读自社区抄本 example.com/laws"),
        (replace(LAW, copy=None), "读过这几条原文"),
        (replace(LAW, read="excerpt"), "只看过摘录"),
        (replace(LAW, read="unread"), "没看到原文"),
        (replace(LAW, read=None), "法（法律法规）"),
        (replace(LAW, read="skimmed"), "法（法律法规）"),
    ],
)
def test_how_far_a_source_was_seen_is_said(source: Source, says: str) -> None:
    """A word that check does not know stops no conversation."""
    assert says in told(FACT, source=source)
