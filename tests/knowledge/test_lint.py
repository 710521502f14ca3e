"""Each rule of the books is shown to bite by one edit of a sound folder, with its line; the shipped books are sound."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import knowledge
from dialogs.check import sentences
from dialogs.compile import SHIPPED as SENTENCES
from knowledge.lint import check_books, entries_in
from knowledge.lint_figures import figures
from knowledge.lint_wordings import elsewhere
from knowledge.loader import SHIPPED
from knowledge.synonyms import read_synonyms
from knowledge.yaml_reader import read_document

TODAY = date(2026, 12, 1)
DIALOGS = {"vet", "assess", "contract", "review", "exit"}

ENTRY = """\
topic: fees
area: money
title:
  zh-Hans: 费用
  en: Fees
wordings:
  zh-Hans: [多少钱, 贵不贵]
  en: [what does it cost]
short:
  zh-Hans: 先算 30% 的毛利。
  en: Reckon first.
long:
  zh-Hans: 发 /vet 看一家。
  en: Send /vet.
facts: [F1]
sources: [S0, S1]
views:
  - kind: conflict
    conflict: C1
    says:
      zh-Hans: 一个说贵，一个说便宜。
      en: One says dear, one cheap.
dated:
  - what:
      zh-Hans: 报价
      en: The quotes
    as_of: 2026-01-01
    look_again: 2027-01-01
related: [terms]
dialog: vet
"""
SOURCES = """\
sources:
  S0:
    name: {zh-Hans: 甲, en: A}
    kind: press
    date: "2020"
    address: https://example.com/a
    interest: {zh-Hans: 登广告的, en: It prints advertisements.}
  S1:
    name: {zh-Hans: 乙, en: B}
    kind: vendor
    interest: {zh-Hans: 卖服务的, en: It sells.}
"""
VENDORS = """\
    kind: vendor
    interest: {zh-Hans: 卖服务的, en: It sells.}
  S2: {name: {zh-Hans: 丙, en: C}, kind: vendor, interest: {zh-Hans: 卖服务的, en: It sells.}}
  S3: {name: {zh-Hans: 丁, en: D}, kind: vendr, interest: {zh-Hans: 卖服务的, en: It sells.}}
  S4:
    name: {zh-Hans: 法, en: Law}
    kind: law"""
OTHER = ENTRY.replace("topic: fees", "topic: terms").replace("[terms]", "[fees]").replace("多少钱, 贵不贵", "签几年")
OTHER = OTHER.replace("what does it cost", "how long is it")


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """A sound folder of two entries."""
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "fees.yaml").write_text(ENTRY, "utf-8")
    (tmp_path / "entries" / "terms.yaml").write_text(OTHER, "utf-8")
    (tmp_path / "sources.yaml").write_text(SOURCES, "utf-8")
    return tmp_path


def found(books: Path) -> list[tuple[str, int, str, str]]:
    findings = check_books(books, lambda path: path.name, DIALOGS, DIALOGS, TODAY)
    return [(one.file, one.line, one.code, one.level) for one in findings]


def test_a_sound_folder_has_no_findings(books: Path) -> None:
    assert found(books) == []


@pytest.mark.parametrize(
    ("find", "put", "line", "code", "level"),
    [
        ("[S0, S1]", "[]", 16, "source-missing", "error"),
        ("[S0, S1]", "[S0, S9]", 16, "source-unknown", "error"),
        ("[S0, S1]", "[S0]", 18, "conflict-one-side", "error"),
        ("kind: conflict", "kind: quarrel", 18, "view-kind-unknown", "error"),
        ("[terms]", "[termz]", 29, "related-unknown", "error"),
        ("[terms]", "[fees]", 29, "related-unknown", "error"),
        ("dialog: vet", "dialog: vat", 30, "entry-dialog-unknown", "warning"),
        ("发 /vet", "发 /vat", 13, "command-not-there", "warning"),
        ("as_of: 2026-01-01", "as_of: 2026-12-02", 27, "date-in-future", "error"),
        ("    as_of", "    opened: 2026-12-02\n    as_of", 27, "date-in-future", "error"),
        ("as_of: 2026-01-01", "as_of: 2027", 27, "date-in-future", "error"),
        ("look_again: 2027-01-01", "look_again: 2025-01-01", 28, "look-again-too-early", "error"),
        ("look_again: 2027-01-01", "look_again: 2026-11-30", 28, "look-again-past", "warning"),
        ("先算 30%", "先算 130%", 10, "percent-over-100", "warning"),
        ("先算 30% 的", "2031 年的", 10, "year-in-future", "warning"),
        ("先算 30% 的", "654.38+ 万的", 10, "figure-garbled", "error"),
        ("贵不贵", "签几年？", 7, "wording-in-two-entries", "error"),
        ("贵不贵", "多少钱！", 7, "wording-twice", "warning"),
        ("  en: Fees\n", "", 3, "language-missing", "error"),
        ("  en: Fees\n", "  eng: Fees\n", 5, "language-unknown", "error"),
        ("area: money", "aera: money", 2, "entry-key-unknown", "error"),
        ("    as_of: 2026-01-01", "    as_off: 2026-01-01", 27, "entry-key-unknown", "error"),
        ("    as_of: 2026-01-01\n", "", 24, "entry-key-missing", "error"),
        ("[多少钱, 贵不贵]", "[{多少钱: 贵不贵}]", 7, "book-text-wanted", "error"),
        ("[多少钱, 贵不贵]", '[多少钱, ""]', 7, "book-text-wanted", "error"),
        ("[S0, S1]\n", "[S0, S1]\nviewz: []\n", 17, "entry-key-unknown", "error"),
        ("views:\n", "views:\n  - conflict\n", 18, "book-keys-wanted", "error"),
        ("facts: [F1]", "facts: F1", 15, "entry-shape", "error"),
    ],
)
def test_each_rule_bites(books: Path, find: str, put: str, line: int, code: str, level: str) -> None:
    """At its line; collisions are told where the second stands."""
    assert ENTRY.count(find) == 1
    (books / "entries" / "fees.yaml").write_text(ENTRY.replace(find, put), "utf-8")
    told = found(books)
    if code == "wording-in-two-entries":
        assert [(file, one) for file, _, one, _ in told] == [("terms.yaml", code)]
    else:
        assert ("fees.yaml", line, code, level) in told
        assert {one for _, _, one, _ in told} == {code}


@pytest.mark.parametrize(
    ("find", "put", "code"),
    [
        ("https://example.com/a", "example.com/a", "address-unreadable"),
        ("https://example.com/a", '"https://exam ple.com"', "address-unreadable"),
        ("https://example.com/a", '"http://[::1"', "address-unreadable"),
        ('"2020"', '"2027"', "date-in-future"),
        ('"2020"', '"2027-01"', "date-in-future"),
        ("    kind: press", "    kind: press\n    read: skimmed", "source-read-unknown"),
        ("    kind: press", "    kind: press\n    copy: example.com", "address-unreadable"),
        ('"2020"', "2020年", "source-date-unreadable"),
        ('"2020"', '"2020-13"', "source-date-unreadable"),
        ("    kind: press", "    knid: press", "entry-key-unknown"),
        ("    kind: vendor", VENDORS, "source-kind-alone"),
        ("sources:", "source:", "sources-not-there"),
    ],
)
def test_sources_are_looked_at(books: Path, find: str, put: str, code: str) -> None:
    """Nothing is fetched."""
    (books / "sources.yaml").write_text(SOURCES.replace(find, put), "utf-8")
    assert [(file, one) for file, _, one, _ in found(books)] == [("sources.yaml", code)]


WORDS = """\
plain:
  怎么办: [咋办, 咋整]
  怎么回事: [咋回事]
cantonese-marks: 唔
fillers: [请问]
concepts:
  fee:
    zh: [服务费]
    en: [fee]
"""


@pytest.mark.parametrize(
    ("find", "put", "line", "code"),
    [
        ("[咋回事]", "[咋回事, 咋办]", 3, "synonym-in-two"),
        ("[咋办, 咋整]", "[咋办，咋整]", 2, "names-run-together"),
        ("[咋回事]", "咋回事", 3, "entry-shape"),
        ("plain:", "plian:", 1, "entry-key-unknown"),
        ("    en: [fee]", "    eng: [fee]", 9, "entry-key-unknown"),
        ("怎么回事: [", "怎么回事：[", 3, "wide-colon"),
        ("[请问]", "[]", 0, ""),
        ("[咋办, 咋整]", "[咋办, 咋办]", 0, ""),
    ],
)
def test_synonyms_are_looked_at(books: Path, find: str, put: str, line: int, code: str) -> None:
    """And a part in which something is wrong is left out when they are read."""
    assert WORDS.count(find) == 1
    (books / "synonyms.yaml").write_text(WORDS.replace(find, put), "utf-8")
    assert found(books) == ([("synonyms.yaml", line, code, "error")] if code else [])
    known = read_synonyms(books / "synonyms.yaml")
    assert known.concepts.written.names or code in ("entry-key-unknown", "wide-colon")
    assert known.words.plain or code in ("entry-key-unknown", "wide-colon", "entry-shape")


def test_questions_from_outside_are_looked_at(books: Path) -> None:
    """They are lists by language."""
    for text, told in (("en: [what]\n", []), ("en: what\n", ["entry-shape"]), ("eng: [what]\n", ["language-unknown"])):
        (books / "outside.yaml").write_text(text, "utf-8")
        assert [code for _, _, code, _ in found(books)] == told


def test_who_gains_by_a_source_is_named(books: Path) -> None:
    """But of a law or a court; that is what the product promises."""
    (books / "sources.yaml").write_text(
        SOURCES.replace("    interest: {zh-Hans: 卖服务的, en: It sells.}\n", ""), "utf-8"
    )
    assert found(books) == [("sources.yaml", 8, "source-without-interest", "error")]
    (books / "sources.yaml").write_text(SOURCES.replace("卖服务的", "").replace("It sells.", ""), "utf-8")
    assert found(books) != []
    law = SOURCES.replace("    interest: {zh-Hans: 卖服务的, en: It sells.}\n", "").replace("vendor", "law")
    (books / "sources.yaml").write_text(law, "utf-8")
    assert found(books) == []


def test_a_fact_is_known_where_the_folder_lists_them(books: Path) -> None:
    """A folder without a list is not asked."""
    (books / "facts.yaml").write_text("F: [F2]\n", "utf-8")
    assert {(one[1], one[2]) for one in found(books)} == {(15, "fact-unknown")}
    (books / "facts.yaml").write_text("F: [F1]\n", "utf-8")
    assert found(books) == []


def test_an_area_that_only_one_entry_has(books: Path) -> None:
    """It is a slip where it looks like another one, and new where it does not."""
    for area, codes in (("monye", {"area-alone"}), ("lighting", set[str]())):
        (books / "entries" / "fees.yaml").write_text(ENTRY.replace("area: money", f"area: {area}"), "utf-8")
        assert {code for _, _, code, _ in found(books)} == codes


def test_what_speaks_of_the_program_needs_no_source(books: Path) -> None:
    ours = ENTRY.replace("[S0, S1]", "[]").replace("area: money", "area: bot-help")
    (books / "entries" / "fees.yaml").write_text(ours, "utf-8")
    assert found(books) == []


def test_a_wording_that_finds_another_entry(books: Path) -> None:
    """It is told at its place; the entry that it finds is named."""
    read = entries_in(books, lambda path: path.name)
    findings = list(elsewhere(read, lambda text, k: [("terms" if text == "贵不贵" else "fees", 0.9)][:k]))
    assert (findings[0].file, findings[0].code) == ("fees.yaml", "wording-nearer-elsewhere")
    assert findings[0].values == {"name": "terms"}
    assert {one.file for one in findings[1:]} == {"terms.yaml"}


@pytest.mark.parametrize(
    "text",
    [
        "2027 年 3 月 31 日",
        "until 31 March 2027",
        "2027-03-31",
        "5%–30%",
        "100%",
        "1,000,000 元",
        "2026 年",
        "2021-10-29",
        "8.5%",
        "5,000–15,000 元",
        "20310 元",
        "2031.5",
    ],
)
def test_figures_that_are_possible(text: str) -> None:
    assert list(figures(text, 2026)) == []


@pytest.mark.parametrize("text", ["2027 年", "2028 年 3 月 31 日", "in 2027", "2028-03-31"])
def test_a_year_to_come_is_possible_in_a_whole_day_of_the_next(text: str) -> None:
    """A rule or a term may have such a day; a figure of a year to come, or of a day years ahead, is a slip."""
    assert [one.code for one in figures(text, 2026)] == ["year-in-future"]


def test_the_day_to_look_again_comes_after_the_source_was_opened(books: Path) -> None:
    """Whether or not the material bears a date."""
    text = ENTRY.replace("as_of: 2026-01-01", "as_of: undated\n    opened: 2026-11-30")
    for again, codes in (("2026-11-30", ["look-again-too-early"]), ("2026-12-01", []), ("2027-11-30", [])):
        (books / "entries" / "fees.yaml").write_text(text.replace("look_again: 2027-01-01", f"look_again: {again}"))
        assert [code for _, _, code, _ in found(books)] == codes


def test_the_days_on_which_the_shipped_books_age_are_told() -> None:
    """The day after the term of old certificates ends, their entry is named."""
    findings = check_books(SHIPPED, lambda path: path.name, DIALOGS, DIALOGS, date(2027, 1, 1))
    assert "ccc-certification.yaml" in {one.file for one in findings if one.code == "look-again-past"}


def test_the_shipped_books_are_sound() -> None:
    """Apart from what is due to be looked at again."""
    findings = check_books(SHIPPED, lambda path: path.name, DIALOGS, DIALOGS, TODAY)
    allowed = {"look-again-past", "command-not-there"}
    assert [one for one in findings if one.code not in allowed] == []


def test_every_code_has_its_sentence() -> None:
    """And every sentence a code; codes are literals of the loader and of the rules."""
    folder = Path(knowledge.__path__[0])
    source = "".join(
        file.read_text("utf-8") for file in (folder / "loader.py", folder / "fitting.py", *folder.glob("lint*.py"))
    )
    codes = set(re.findall(r'"([a-z]+(?:-[a-z0-9]+)+)"', source)) - {
        "zh-hans",
        "bot-help",
        "cantonese-marks",
        "outside-votes",
    }
    assert set(sentences()) & codes == codes
    told = set(read_document(SENTENCES / "texts" / "check_books.yaml").content["texts"])
    assert told == codes
