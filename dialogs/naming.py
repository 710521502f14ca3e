"""Whether a text can be the name of a company, and which part of it: 叫某某电商 names 某某电商.

A text that may be none is asked about, never refused: names are as odd as people. The words stand in `words.yaml`.
"""

from __future__ import annotations

import re
from datetime import date

from dialogs.flow import Question
from dialogs.free_text import small_talk
from dialogs.kinds import KINDS, Circumstance, Unread, words
from dialogs.kinds.normalize import plain, shown
from dialogs.wording import Wording

#: What people type instead of a name: a sum, a share, a day, an hour.
_AMOUNTS = ("money", "percent", "number", "months", "date", "time")
#: Characters of a text that is rather a sentence, where it holds no word for a company.
_LONG = 30
_DAY = date(2026, 1, 1)
_CLOSING = " 。.!！,，"


def name_in(text: str) -> str:
    """The text without what people say before a name (叫, 是, it is called) and behind it (吧)."""
    said = shown(text).strip(_CLOSING)
    for word in words.ordered_by_length("names", "before"):
        rest = said[len(word) :].strip(' :：,，“”"') if said.lower().startswith(word) else ""
        if len(rest) > 1 and (not word[-1].isascii() or said[len(word)] in ' :"“'):
            said = rest
            break
    ending = next((word for word in words.listed("names", "after") if said.endswith(word)), "")
    shorter = said[: len(said) - len(ending)] if ending else said
    return shorter if len(shorter) > 1 else said


def is_question(text: str) -> bool:
    """Whether it asks something: with a mark, or with a word for asking and none for a company."""
    return bool(re.search(r"[?？]", text)) or (small_talk.asks_in_words(text) and not _holds(plain(text), "companies"))


def is_doubtful(text: str) -> bool:
    """Whether the text may well be no name: no letters, one sign, an amount, a remark about oneself, a question."""
    read = plain(text)
    if len(read) < 2 or not any(sign.isalpha() for sign in read) or small_talk.asks_in_words(text) or _is_amount(text):
        return True
    if words.says_yes(read) or words.says_no(read) or read in words.known("nothing") or read in words.known("zero"):
        return True
    odd = len(read) > _LONG or _holds(read, "remarks") or words.meant_language(read) is not None
    return odd and not _holds(read, "companies")


def _is_amount(text: str) -> bool:
    circumstance = Circumstance(language="zh-Hans", today=_DAY)
    return any(not isinstance(KINDS[kind].read(text, _asked(kind), circumstance), Unread) for kind in _AMOUNTS)


def _asked(kind: str) -> Question:
    nothing = Wording("", None, "")
    return Question(id="asked", section="", kind=kind, ask=nothing, why="")


def _holds(read: str, among: str) -> bool:
    spoken = f" {read} "
    return any(f" {word} " in spoken if word.isascii() else word in read for word in words.listed("names", among))
