"""What of a question is kept for whoever keeps the books: shortened, and without its digits."""

from __future__ import annotations

import re

#: Characters of a question that are kept.
LONGEST = 200
_DIGIT = re.compile(r"\d")


def shortened(text: str) -> str:
    """The beginning of the text on one line; each digit gives way to #, so that no number of anybody's is kept."""
    return _DIGIT.sub("#", " ".join(text.split())[:LONGEST])
