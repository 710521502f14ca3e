"""Remarks in a maintainer's file that let a finding pass: `# allow: CODE reason`, on its line or the line before.

Without a reason it does not count, and one that is not needed is itself a finding: so no remark outlives its cause.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.finding import Document, Finding

_BLOCK = re.compile(r"(?:^|[\s:-])[|>][-+0-9]*\s*(?:#.*)?$")
_REMARK = re.compile(r"(?:^|\s)#\s*allow:[^\S\n]*(?P<code>[^\s#]*)[^\S\n]*(?P<reason>[^\n]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allow:
    """One remark: where it stands, for which line it is meant, and what it says."""

    line: int
    column: int
    meant: int
    code: str
    reason: str


def allows(document: Document) -> tuple[Allow, ...]:
    """The remarks of a file. One that has a line of its own is meant for the next line that is no remark."""
    lines = document.source.split("\n")
    return tuple(_allow(lines, at, found) for at in _outside_texts(lines) if (found := _REMARK.search(lines[at])))


def _outside_texts(lines: Sequence[str]) -> Iterator[int]:
    """The lines that are no part of a text in block form, where a # is nothing but a sign."""
    block: int | None = None
    for at, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if block is not None and (not line.strip() or indent > block):
            continue
        block = indent if _BLOCK.search(line) else None
        yield at


def _allow(lines: Sequence[str], at: int, found: re.Match[str]) -> Allow:
    meant = at
    while meant + 1 < len(lines) and lines[meant].lstrip().startswith("#"):
        meant += 1
    column = found.start() + 1 + (found[0][:1] != "#")
    return Allow(line=at + 1, column=column, meant=meant + 1, code=found["code"], reason=found["reason"].strip())


def settle(
    documents: Iterable[Document], findings: Iterable[Finding], judged: Collection[str], known: Collection[str]
) -> tuple[Finding, ...]:
    """What is left of the findings, and what is wrong with the remarks.

    Only of the `judged` codes is it known that there is no finding where there is none among `findings`.
    """
    left = list(findings)
    for document in documents:
        for allow in allows(document):
            passed = [one for one in left if _is_meant(allow, one, document)]
            if allow.code not in known:
                left.append(_remark(document, allow, "allow-unknown"))
            elif not allow.reason:
                left.append(_remark(document, allow, "allow-without-reason"))
            elif passed:
                left = [one for one in left if one not in passed]
            elif allow.code in judged:
                left.append(_remark(document, allow, "allow-unused"))
    return tuple(sorted(left))


def _is_meant(allow: Allow, finding: Finding, document: Document) -> bool:
    return (finding.file, finding.line, finding.code) == (document.file, allow.meant, allow.code)


def _remark(document: Document, allow: Allow, code: str) -> Finding:
    values = {"name": allow.code[:40]}
    return Finding(file=document.file, line=allow.line, column=allow.column, code=code, values=values)
