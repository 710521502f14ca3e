"""What is no question to the books: greetings, thanks, abuse, texts that say nothing or too much.

Not its job: questions (`consulting`), answers (`hearing`). The words stand in `kinds/words.yaml`.
"""

from __future__ import annotations

import re

from dialogs.kinds import words
from dialogs.kinds.normalize import plain

#: Characters: of a longer text only both ends are read. A text of so many is a story, whatever it asks.
HUGE = 1000
OF_A_STORY = 20
#: A longer message is about something, whatever word it opens with.
_LONGEST_REMARK = 24
_SORTS = ("greeting", "thanks", "abuse", "goodbye", "self")
_SAYS_SOMETHING = re.compile(r"[^\W_]")
_ASKS = re.compile(r"[?？]")


def remark(text: str) -> str | None:
    """The phrase that answers a remark, such as small-talk-greeting; None where it is none."""
    if not _SAYS_SOMETHING.search(text):
        return "small-talk-empty"
    read = " ".join(re.sub(r"[^\w' ]+", " ", plain(text)).split())
    if len(read) > _LONGEST_REMARK:
        return None
    for sort in _SORTS:
        if read in words.known("small_talk", sort) or words.bare(read) in words.known("small_talk", sort):
            return f"small-talk-{sort}"
    return "small-talk-abuse" if _holds(read, words.listed("small_talk", "abuse_within")) else None


def asks(text: str) -> bool:
    """Whether the text looks like a question, or is as long as a story with a question in it."""
    return len(plain(text)) >= OF_A_STORY or asks_in_words(text)


def asks_in_words(text: str) -> bool:
    """Whether the text has a question mark or a word for asking."""
    return bool(_ASKS.search(text)) or _holds(plain(text), words.listed("question_words"))


def _holds(read: str, among: tuple[str, ...]) -> bool:
    spoken = f" {read} "
    return any(f" {word} " in spoken if word.isascii() else word in read for word in among)
