"""What a Chinese keyboard, a tab key and a hurried hand do to YAML, found by looking at the lines.

The parser tells of these in riddles, mostly a line too late. Not its job: parsing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

_KEY = r"[A-Za-z][A-Za-z0-9_-]*"
_BEFORE = r"^ *(?:- +)*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A slip of the pen; `line` and `column` count from 1. `mended` is the line as it was meant, None where unclear."""

    line: int
    column: int
    code: str
    sign: str = ""
    mended: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Riddle:
    """What the parser says: its problem, where it noticed it, and where the thing began that it was reading."""

    problem: str
    context: str
    line: int
    column: int
    context_line: int
    context_column: int


#: Never right outside a block text: (code, pattern whose group 1 is the slip).
_ALWAYS = (
    ("tab", re.compile(r"^ *(\t)")),
    ("wide-space", re.compile(r"^ *([\u3000\u00a0])\s*(?:- *)?[A-Za-z“\"'-]")),
    ("dash-space", re.compile(r"^ *(-)(?![-\s\d.])(?!--)")),
    ("wide-bar", re.compile(rf"^ *(?:- +)*{_KEY}: *([｜﹥＞])[-+－]?\s*$")),
)

#: Wrong only where the parser stumbles: (code, pattern, what the line was meant to be).
_SOMETIMES = (
    ("wide-quotes", re.compile(rf"({_BEFORE})([“”‘’])({_KEY})[“”‘’]\s*[:：]\s*"), r"\1\3: "),
    ("wide-colon", re.compile(rf"({_BEFORE}[\"']?{_KEY}[\"']?\s*)(：)\s*"), r"\1: "),
    ("wide-dash", re.compile(r"^( *)([－—–﹣])\s*"), r"\1- "),
    ("colon-space", re.compile(rf"({_BEFORE}{_KEY})(:)(?!//)(?=\S)"), r"\1: "),
)

_BLOCK = re.compile(r"(?:^|[:：-])\s*[|>](?:[+-]?\d?|\d[+-])\s*(?:#.*)?$")


def outside_blocks(lines: Sequence[str]) -> tuple[bool, ...]:
    """For each line whether YAML reads it; inside a block text (after `|-` or `>-`) everything is allowed."""
    outside: list[bool] = []
    block: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and line.strip() and indent <= block:
            block = None
        outside.append(block is None)
        if block is None and _BLOCK.search(line):
            block = indent
    return tuple(outside)


def sure_slips(lines: Sequence[str]) -> Iterator[Slip]:
    """Slips that are wrong wherever they stand."""
    for number, (line, read) in enumerate(zip(lines, outside_blocks(lines), strict=True), 1):
        if not read or (line[:1] not in " \t\u3000\u00a0-" and line.isascii()):
            continue
        for code, pattern in _ALWAYS:
            found = pattern.match(line)
            if found:
                yield Slip(line=number, column=found.start(1) + 1, code=code)
                break


_LANGUAGES = frozenset(("zh-Hans", "zh-Hant", "en"))
_CHINESE = re.compile("[\u3400-\u9fff]")


def is_cut(path: Sequence[str | int], value: str, rest: str) -> bool:
    """Whether what stands behind a value, from a space and a # on, was meant as a part of it.

    Under a language it always was. Elsewhere a text with Chinese characters may have a remark, set off as remarks are:
    two spaces, a # and a space.
    """
    if not _LANGUAGES.isdisjoint(path):
        return True
    return _CHINESE.search(value) is not None and not rest.startswith(("  # ", "\t# "))


#: So many quotation marks are tried for being the open one.
_TRIED = 3
#: How far above the place where the parser stumbles a slip is looked for.
_REACH = 8


def meanings(lines: Sequence[str], riddle: Riddle) -> Iterator[Slip]:
    """What may have been done wrong, in the words of our codes, likeliest first; none where the parser alone knows."""
    line = lines[riddle.line - 1] if riddle.line <= len(lines) else ""
    yield from _in_the_text(lines, line, riddle)
    yield from _above(lines, riddle)
    yield from _in_the_shape(lines, line, riddle)


def _in_the_text(lines: Sequence[str], line: str, riddle: Riddle) -> Iterator[Slip]:
    """A text that needs quotes because of a sign in it."""
    sign = line[riddle.column - 1 : riddle.column]
    if riddle.problem.startswith(("mapping keys", "block sequence entries")) and sign in ("?", "-"):
        yield Slip(line=riddle.line, column=riddle.column, code="quote-needed", sign=sign)
    if "cannot start any token" in riddle.problem:
        yield Slip(line=riddle.line, column=riddle.column, code="quote-needed", sign=sign)
    for context, code in (("anchor", "alias"), ("alias", "alias"), ("tag", "tag")):
        if riddle.context.endswith(context):
            yield Slip(line=riddle.context_line, column=riddle.context_column, code=code, sign=_sign(lines, riddle))
    if "escape character" in riddle.problem:
        yield Slip(line=riddle.line, column=riddle.column, code="backslash")
    key = re.match(rf"{_BEFORE}[\"']?{_KEY}[\"']?: +\S", line[: riddle.column - 1])
    if riddle.problem.startswith("mapping values") and key:
        yield Slip(line=riddle.line, column=riddle.column, code="colon-in-text")


def _above(lines: Sequence[str], riddle: Riddle) -> Iterator[Slip]:
    """A full-width sign, or a missing space, at or shortly above the place."""
    outside = outside_blocks(lines)
    for number in range(min(riddle.line, len(lines)), max(riddle.line - _REACH, 0), -1):
        for code, pattern, mended in _SOMETIMES if outside[number - 1] else ():
            line = lines[number - 1]
            found = pattern.match(line)
            if found:
                whole = pattern.sub(mended, line, count=1)
                yield Slip(line=number, column=found.start(2) + 1, code=code, sign=found[2], mended=whole)


def taken_as_text(text: str) -> Slip | None:
    """The slip through which YAML read a key or a list as a mere text; its column counts from the text's start."""
    for code, pattern, mended in _SOMETIMES:
        found = pattern.match(text)
        if found:
            return Slip(
                line=1, column=found.start(2) + 1, code=code, sign=found[2], mended=pattern.sub(mended, text, count=1)
            )
    return None


_CHINESE_KEY = re.compile(r"^( *[^\s:：\"'#-][^\s:：]{0,19})(：)\s*")
_OPENED = re.compile(rf"{_BEFORE}(?:{_KEY}: +)?([\"'\[{{])")
_UNCLOSED = re.compile(rf"{_BEFORE}(?:{_KEY}: +)?([\"'])(?:(?!\1).)*$")


def _in_the_shape(lines: Sequence[str], line: str, riddle: Riddle) -> Iterator[Slip]:
    """Quotes, brackets and indentation."""
    if "quoted scalar" in riddle.context:
        yield _begun(riddle, "quote-not-closed")
    elif riddle.context.endswith(("flow mapping", "flow sequence", "flow node")):
        yield _begun(riddle, "bracket-not-closed", _sign(lines, riddle))
    elif "expected ':'" in riddle.problem:
        yield from _without_colon(lines, riddle)
    yield from _quoted(lines, line, riddle)
    if riddle.problem.startswith(("mapping values", "did not find expected")):
        yield Slip(line=riddle.line, column=len(line) - len(line.lstrip(" ")) + 1, code="indentation")


def _without_colon(lines: Sequence[str], riddle: Riddle) -> Iterator[Slip]:
    """A key of Chinese characters with their colon, a line of a block text that is not further in, or no colon."""
    above, line = ("".join(lines[at : at + 1]) for at in (riddle.context_line - 2, riddle.context_line - 1))
    found = _CHINESE_KEY.match(line)
    if _BLOCK.search(above):
        yield _begun(riddle, "indentation")
    elif found:
        mended = _CHINESE_KEY.sub(r"\1: ", line, count=1)
        yield Slip(line=riddle.context_line, column=found.start(2) + 1, code="wide-colon", sign="：", mended=mended)
    else:
        yield _begun(riddle, "colon-missing")


def _begun(riddle: Riddle, code: str, sign: str = "") -> Slip:
    """A slip where the thing began that the parser was reading."""
    return Slip(line=riddle.context_line, column=riddle.context_column, code=code, sign=sign)


def _quoted(lines: Sequence[str], line: str, riddle: Riddle) -> Iterator[Slip]:
    """Quotes that end too early or too late, and a text that opens with a bracket."""
    if re.search("[\"']", line[: riddle.column]):
        yield from _unclosed(lines, riddle)
    opened = _OPENED.match(line)
    if opened and riddle.column > opened.end():
        code = "text-after-quote" if opened[1] in "\"'" else "quote-needed"
        yield Slip(line=riddle.line, column=opened.start(1) + 1, code=code, sign=opened[1])


def _sign(lines: Sequence[str], riddle: Riddle) -> str:
    return "".join(lines[riddle.context_line - 1 : riddle.context_line])[
        riddle.context_column - 1 : riddle.context_column
    ]


def _unclosed(lines: Sequence[str], riddle: Riddle) -> Iterator[Slip]:
    """The nearest lines above that open a quotation mark and do not close it: it was closed by one of another text."""
    above = ((number, _UNCLOSED.match(lines[number - 1])) for number in range(riddle.line - 1, 0, -1))
    for number, found in islice(((number, found) for number, found in above if found), _TRIED):
        mended = lines[number - 1].rstrip() + found[1]
        yield Slip(line=number, column=found.start(1) + 1, code="quote-not-closed", mended=mended)
