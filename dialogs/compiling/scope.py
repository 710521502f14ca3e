"""What one flow's compilation shares: its document, the names that exist so far, and the findings."""

from __future__ import annotations

import difflib
import keyword
import re
from collections.abc import Iterable, Mapping

from dialogs import expression
from dialogs.derived_names import CLAUSE_COUNTS, FLAG_COUNTS, previous_name
from dialogs.expression import FUNCTIONS, NUMBER, TRUTH, UNKNOWN, Expression, ExpressionError, Sort
from knowledge.finding import Document, Finding, Trail

_RESERVED = frozenset((*FLAG_COUNTS, *CLAUSE_COUNTS, *FUNCTIONS, "unknown", "verdict"))

#: Signs that a Chinese keyboard puts where the expression language has its own.
_WIDE = "“”‘’（），。：；！＝＞＜＋－×÷≥≤≠０１２３４５６７８９％"


class Scope:
    """The names that expressions may read, which grow from part to part, and what went wrong so far."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Finding] = []
        self.sorts: dict[str, Sort] = {}

    def fail(self, trail: Trail, code: str, **values: str) -> None:
        """Note an error."""
        self.findings.append(self.document.finding(trail, code, **values))

    def enter(self, name: str, sort: Sort, trail: Trail) -> None:
        """From here on expressions may read `name`."""
        if name in _RESERVED or keyword.iskeyword(name):
            self.fail(trail, "name-reserved", name=name)
        elif name in self.sorts:
            self.fail(trail, "name-twice", name=name)
        self.sorts[name] = sort

    def add(self, *names: str) -> None:
        """The same for numbers that the engine provides."""
        self.sorts |= dict.fromkeys(names, NUMBER)

    def look_back(self, formulas: Iterable[str]) -> None:
        """From here on expressions may read every name of the case before, also of what is computed further on."""
        before = {previous_name(name): sort for name, sort in self.sorts.items()}
        later = {previous_name(name): UNKNOWN for name in formulas}
        self.sorts |= {**before, **later, previous_name("verdict"): UNKNOWN}

    def once(self, trail: Trail, code: str, name: str, seen: set[str]) -> None:
        """Fail where `name` was seen before."""
        if name in seen:
            self.fail(trail, code, name=name)
        seen.add(name)

    def one_of(self, trail: Trail, code: str, name: str, known: frozenset[str]) -> None:
        """Fail where `name` is none of those known."""
        if name not in known:
            near = next(iter(difflib.get_close_matches(name, known, n=1)), "")
            self.fail(trail, code, name=name, near=near, known=", ".join(sorted(known)))

    def expression(self, text: str | None, trail: Trail, wanted: Sort | None = TRUTH) -> Expression | None:
        """The compiled expression; None where there is none or it does not compile."""
        if text is None:
            return None
        try:
            return _parsed(text, self.sorts, wanted)
        except ExpressionError as error:
            code, at = _slip(text, error)
            self.findings.append(self.document.within(trail, at, code, **_values(text, error)))
        return None


def _parsed(text: str, sorts: Mapping[str, Sort], wanted: Sort | None) -> Expression:
    comment, unknown = text.find("#"), _WITH_UNKNOWN.search(text)
    if comment >= 0:
        raise ExpressionError("expression-comment", comment)
    if unknown:
        raise ExpressionError("compares-unknown", unknown.start())
    try:
        return expression.parse(" ".join(text.split("\n")), sorts, wanted)
    except (ValueError, RecursionError):
        # A number without end, or a part too deep to be shown.
        raise ExpressionError("expression-syntax") from None


_WITH_UNKNOWN = re.compile(r"(?:[=!<>]=?|\bin)\s*unknown\b|\bunknown\s*[=!<>]")
_SINGLE_EQUALS = re.compile(r"(?<![=!<>])=(?!=)")


def _slip(text: str, error: ExpressionError) -> tuple[str, int]:
    """The code of what was really done wrong, and the index of the character where."""
    if error.code == "expression-syntax":
        wide = next((at for at, sign in enumerate(text) if sign in _WIDE), -1)
        single = _SINGLE_EQUALS.search(text)
        if wide >= 0:
            return "wide-sign", wide
        if single:
            return "single-equals", single.start()
    return error.code, _index(text, error)


def _index(text: str, error: ExpressionError) -> int:
    """The error's column as an index into `text`: Python counts characters for syntax, bytes for all else."""
    if error.code in ("expression-comment", "compares-unknown"):
        return error.column
    stripped = text.strip()
    lead = len(text) - len(text.lstrip())
    if error.code == "expression-syntax":
        return lead + min(error.column, max(len(stripped) - 1, 0))
    return lead + len(stripped.encode()[: error.column].decode(errors="ignore"))


def _values(text: str, error: ExpressionError) -> dict[str, str]:
    sign = next((sign for sign in text if sign in _WIDE), "")
    told = " ".join(text.split())[:80]
    return {"part": told, "near": "", **error.values, "sign": sign, "text": told}
