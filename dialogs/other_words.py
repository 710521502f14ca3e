"""Whether an answer speaks of what another question asks: 没有提成 at the margin is no answer to it.

Not its job: which words belong to a question (`called` and `units` in the YAML).
"""

from __future__ import annotations

import re

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
    return max((word for word in map(plain, among) if _stands_in(read, word)), key=len, default="")


def _stands_in(read: str, word: str) -> bool:
    if not word.isascii():
        return word in read
    return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", read) is not None
