"""A question shortened to a name for it: 广告费谁出 for 广告费（推广费）谁出？没有就填 0."""

from __future__ import annotations

import re

from dialogs.flow import Question

_END = re.compile(r"[？?。]")
_ASIDE = re.compile(r"（[^）]*）|\s*\([^)]*\)")


def short(question: Question, language: str) -> str:
    """The question up to its mark, without what stands in brackets."""
    ask = question.ask.in_language(language)
    return _END.split(_ASIDE.sub("", ask), maxsplit=1)[0].strip() or ask
