"""Rows as CSV that a spreadsheet opens rightly: Chinese whole, numbers as numbers, and no text taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal

from dialogs.sheet import Cell, Cells

#: By this Excel knows UTF-8.
_MARK = "\N{BYTE ORDER MARK}"

_LINE_START = r"(?:\A|(?<=[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]))"
#: Signs that spreadsheets pass over before a formula: spaces of all widths, and what shows as nothing.
_PASSED_OVER = r"[\s\u00ad\u180e\u200b-\u200f\u2060\ufeff]*"
#: What a spreadsheet may take for the beginning of a formula, in either width.
_FORMULA = re.compile(_LINE_START + r"(?=" + _PASSED_OVER + r"[=+\-@\t\r＝＋－＠])")


def csv_text(rows: Iterable[Cells]) -> str:
    """The whole file; to be written as UTF-8 with its line ends as they are."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return _MARK + written.getvalue()


def guarded(text: str) -> str:
    """The text with a ' before each line that a spreadsheet might run."""
    return _FORMULA.sub("'", text.replace("\r\n", "\n"))


def _cell(cell: Cell) -> Cell:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        # A spreadsheet may read 1E+6 as text.
        return Decimal(f"{cell:f}")
    return guarded(cell) if isinstance(cell, str) else cell
