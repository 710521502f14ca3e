"""A small dialog of our own, so that these tests hold whatever the shipped dialogs ask."""

from __future__ import annotations

from pathlib import Path

import pytest

LAMPS = """\
flow: lamps
title: {zh-Hans: 灯怎么卖, en: Selling lamps}
intro: {zh-Hans: 三个问题。, en: Three questions.}
sections:
  - id: you
    title: {zh-Hans: 您, en: You}
    questions:
      - id: trade
        kind: choice
        ask: {zh-Hans: 您做哪一行？, en: Which trade?}
        why: ad-claims
        options:
          - {id: factory, label: {zh-Hans: 工厂, en: Factory}}
          - {id: dealer, label: {zh-Hans: 批发商, en: Dealer}}
      - id: sales
        kind: money
        per: month
        ask: {zh-Hans: 一个月卖多少？, en: What sales a month?}
        why: no-such-topic
        examples: [10万]
      - id: shops
        kind: many
        ask: {zh-Hans: 开了哪些店？, en: Which shops?}
        why: ad-claims
        options:
          - {id: tmall, label: {zh-Hans: 天猫, en: Tmall}}
          - {id: jd, label: {zh-Hans: 京东, en: JD}}
verdicts:
  go:
    title: {zh-Hans: 可以开卖, en: Go and sell}
    says: {zh-Hans: 开始吧。, en: Begin.}
decide:
  - verdict: go
    because:
      - topic: ad-claims
        says: {zh-Hans: 您说了算。, en: You decide.}
"""


@pytest.fixture
def dialogs(tmp_path: Path) -> Path:
    """A folder with the one dialog `lamps`."""
    folder = tmp_path / "dialogs"
    (folder / "flows").mkdir(parents=True)
    (folder / "flows" / "lamps.yaml").write_text(LAMPS, "utf-8")
    return folder


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A folder with one entry that can be read and one that cannot."""
    entries = tmp_path / "knowledge" / "entries"
    entries.mkdir(parents=True)
    sound = "topic: ad-claims\ntitle: {zh-Hans: 宣传用语, en: Claims}\nshort: {zh-Hans: 先送检。, en: Test first.}\n"
    (entries / "ad-claims.yaml").write_text(sound, "utf-8")
    (entries / "broken.yaml").write_text("title: [\n", "utf-8")
    return entries.parent


@pytest.fixture
def settings_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dialogs: Path, knowledge: Path) -> Path:
    """The settings name these folders and an empty place for the database, whose file is given."""
    database = tmp_path / "data" / "lampwise.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAMPWISE_DATABASE_URL", f"sqlite:///{database}")
    monkeypatch.setenv("LAMPWISE_DIALOGS", str(dialogs))
    monkeypatch.setenv("LAMPWISE_KNOWLEDGE", str(knowledge))
    return database
