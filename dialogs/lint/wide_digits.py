"""Full-width digits where the file holds a number: they would be read, yet nobody finds them when searching."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from dialogs.flow import Flow
from dialogs.lint.asked import leaves
from dialogs.lint.base import Around, rule
from knowledge.finding import Document, Finding

#: The keys that hold a number.
_NUMBERS = ("min", "max", "months", "points", "score_from", "value", "year")
_WIDE = re.compile(r"[０-９．－＋]")


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Each number of the file; those inside expressions are refused where they are compiled."""
    for trail, written in leaves(document.content):
        if trail[-1] in _NUMBERS and _WIDE.search(written):
            narrow = unicodedata.normalize("NFKC", written)
            yield document.finding(trail, "wide-digits", found=written[:40], narrow=narrow[:40])
