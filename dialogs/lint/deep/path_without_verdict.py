"""Answers that give no result at all: something in the flow cannot be worked out with them."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.lint.deep.base import Bench, rule
from dialogs.lint.deep.cases import typed
from knowledge.finding import Finding


@rule
def check(bench: Bench) -> Iterable[Finding]:
    """Every path ends in a verdict; the first that does not is told."""
    for _ in bench.cases():
        if bench.failed:
            break
    if bench.failed:
        failed = bench.failed[0]
        yield bench.document.finding(
            ("decide",), "path-without-verdict", reason=failed.error, answers=typed(failed.case)
        )
    else:
        bench.claim(proved=False)
