"""The sheet that people open: complete, readable, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.csv_text import csv_text, guarded
from dialogs.sheet import COLUMNS, Cell, Cells, sheet
from dialogs.speaking import Speaker
from dialogs.wording import LANGUAGES
from tests.dialogs.test_yours import book

DANGEROUS = "=+-@\t\r"
AT = "2026-11-23T01:02:03+00:00"


def row_of(*cells: Cell) -> str:
    return csv_text([cells]).removeprefix("\ufeff").removesuffix("\r\n")


def rows(kept: dict[str, list[dict[str, Any]]], language: str = "en") -> list[Cells]:
    return list(sheet(Speaker(book(), language, date(2026, 11, 23)), "Asia/Shanghai", kept))[1:]


def conversation(*answers: dict[str, Any], flow: str = "vet") -> dict[str, list[dict[str, Any]]]:
    told = [{"how": "given", "value": None, "raw": "", "at": AT, **answer} for answer in answers]
    return {"conversation": [{"number": 1, "flow": flow, "answers": told}]}


@pytest.mark.parametrize("sign", DANGEROUS)
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "  \u00a0 ", "\u3000", "\ufeff", "\u200b"])
def test_case_56_what_could_be_a_formula_is_made_text(sign: str, before: str) -> None:
    assert guarded(f"{before}{sign}cmd") == f"'{before}{sign}cmd"
    for line_end in ("\n", "\r\n", "\n\n", "\u2028"):
        assert f"'{before}{sign}cmd" in guarded(f"lamp{line_end}{before}{sign}cmd")


def test_case_56_so_are_the_wide_signs() -> None:
    assert [guarded(text)[0] for text in ("＝1", "＋1", "－1", "＠a")] == ["'"] * 4


@pytest.mark.parametrize("text", ["灯", "a=b", "3-5", "x@y.z", "30%", "a\tb", "", " ", "a\nb", "'=1"])
def test_case_56_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_case_56_numbers_are_numbers_also_below_zero_and_text_is_quoted() -> None:
    cells = row_of(-5, Decimal(400000), Decimal("-1E+6"), 0.25, None, "-5", '灯 "A", B')
    assert cells == '-5,400000,-1000000,0.25,"","\'-5","灯 ""A"", B"'


def test_case_56_excel_knows_the_file_as_utf_8() -> None:
    assert csv_text([("灯",)]).encode().startswith(b"\xef\xbb\xbf")


@given(st.text(st.sampled_from("=+-@\t\r\n '\",;灯a1\u00a0\u3000＝\u2028"), max_size=12))
def test_case_56_no_line_of_any_cell_begins_a_formula(text: str) -> None:
    (read,) = csv.reader(io.StringIO(row_of(text), newline=""))
    for line in read[0].splitlines():
        shown = "".join(sign for sign in unicodedata.normalize("NFKC", line) if not sign.isspace())
        assert shown[:1] not in (*"=+-@",), (text, line)
    assert read[0][:1] not in ("\t", "\r")


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_stand_beside_their_questions_in_words_and_as_numbers(language: str) -> None:
    (row,) = rows(conversation({"slot": "guarantee", "value": "400000", "raw": "40万"}), language)
    told = dict(zip(COLUMNS, row, strict=True))
    assert told["item"] == book().flows["vet"].by_slot["guarantee"].ask.fill(language)
    assert (told["amount"], told["typed"], told["at"]) == (Decimal(400000), "40万", "2026-11-23 09:02")
    assert "40" in str(told["value"])


def test_not_sure_later_and_taken_back_are_told_apart() -> None:
    told = rows(conversation(*({"slot": "guarantee", "how": how} for how in ("not-sure", "later", "withdrawn"))))
    assert [row[4] for row in told] == ["not sure", "left open", "taken back"]


def test_what_the_flows_no_longer_have_is_shown_as_it_was_kept() -> None:
    gone = rows(conversation({"slot": "hats", "value": ["a", "b"], "raw": "a b"}, flow="milliner"))
    assert gone[0][2:5] == ("milliner", "hats", '["a", "b"]')
    assert rows(conversation({"slot": "fee_period", "value": "fortnight"}))[0][4] == "fortnight"


def test_a_result_is_told_figure_by_figure() -> None:
    result = {"verdict": "walk-away", "figures": {"exposure": 12.5, "take": None}, "flags": [{"id": "trap"}]}
    entry = {"kind": "vet", "number": 2, "subject": "Guangming", "answers": {"guarantee": None}, "result": result}
    told = {str(row[3]): row[4:6] for row in rows({"record": [{**entry, "at": AT}]})}
    verdict = book().flows["vet"].verdicts["walk-away"].title.en
    assert told["verdict"] == (verdict, None)
    assert told["figures.exposure"] == ("", 12.5)
    assert told["figures.take"] == ("", None)
    assert told["flags.1.id"] == ("trap", None)
    assert ("not sure", None) in told.values()


def test_a_table_that_the_sheet_does_not_know_is_in_it_all_the_same() -> None:
    assert rows({"reminder": [{"number": 3, "due": "2026-12-01", "muted": False}]}) == [
        ("reminder", 3, "", "number", "", 3, "", ""),
        ("reminder", 3, "", "due", "2026-12-01", None, "", ""),
        ("reminder", 3, "", "muted", "False", None, "", ""),
    ]
