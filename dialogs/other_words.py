"""Whether an answer speaks of what another question asks: 没有提成 at the margin is no answer to it.

Not its job: which words belong to a question (`called` and `units` in the YAML).
"""

from __future__ import annotations

import re
from functools import lru_cache

from dialogs.flow import Flow, Question
from dialogs.kinds import Note, words
from dialogs.kinds.normalize import plain
from dialogs.speaking import Speaker

#: What is read as an amount takes off any word around the number, so the word has to be looked at here.
_AMOUNTS = frozenset({"money", "percent", "number", "months"})


def of_another(speaker: Speaker, text: str, question: Question, flow: Flow) -> Note | None:
    """What to say where the text has a word of another question and none of this one; None: nothing of the kind."""
    if question.kind not in _AMOUNTS:
        return None
    read = words.in_mandarin(plain(text))
    if not _word(read, flow.things):
        return None
    others = [other for other in flow.questions if other.id != question.id]
    name = speaker.title(question)
    if not _word(read, question.called):
        found = [(word, other) for other in others if (word := _word(read, other.called))]
        if found:
            word, other = max(found, key=lambda one: len(one[0]))
            return Note(key="of-another", values={"word": word, "other": speaker.title(other), "name": name})
    if question.units and not _word(read, question.units):
        word = max((_word(read, other.units) for other in others), key=len, default="")
        return Note(key="other-unit", values={"word": word, "name": name}) if word else None
    return None


def _word(read: str, among: tuple[str, ...]) -> str:
    """The longest of the words that stands in the text; Latin ones as whole words, of which a number may be part."""
    found = (word for word, whole in _plain_words(among) if word in read and (whole is None or whole.search(read)))
    return max(found, key=len, default="")


@lru_cache(maxsize=512)
def _plain_words(among: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str] | None], ...]:
    """Each word as texts are folded, and how a Latin one is looked for; the words of a flow are folded once."""
    folded = tuple(map(plain, among))
    return tuple(
        (word, re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])") if word.isascii() else None) for word in folded
    )
