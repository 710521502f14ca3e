"""Whether somebody really means to delete: the question, and whether what is typed next is a no to it.

Not its job: what a no is told (`keeping`), what a yes does; that takes a button, or the word that was asked for.
"""

from __future__ import annotations

from dataclasses import replace

from dialogs.kinds import words
from dialogs.kinds.normalize import plain
from dialogs.message import Button, Line, Message
from dialogs.talk import Talk, Turn

#: Kept as the topic that was told last: what is typed next may follow up on it.
ASKED = "are-you-sure"


def ask_whether(talk: Talk, lines: tuple[Line, ...], sure: Button, rather_not: Button) -> Turn:
    """The question, with its two buttons."""
    asked = replace(talk, owner=replace(talk.owner, last_topic=ASKED))
    return asked.turn(Message(lines=lines, buttons=((sure,), (rather_not,)), numbered=True))


def is_asked(talk: Talk) -> bool:
    """Whether it was asked in the turn before."""
    return talk.owner.last_topic == ASKED


def settled(talk: Talk) -> Talk:
    """Whatever a person does next, the question does not stand any longer."""
    return replace(talk, owner=replace(talk.owner, last_topic="")) if is_asked(talk) else talk


def says_no(text: str) -> bool:
    """A plain no, or any wording of leaving it."""
    read = plain(text)
    return words.says_no(read) or words.bare(read) in words.known("keep_it") or read in words.known("keep_it")
