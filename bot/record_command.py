"""`lampwise record OWNER`: an owner's latest conversation as a talk file on the standard output, masked.

Not its job: what is masked and how the talk is told (`dialogs.scripted.record`).
"""

from __future__ import annotations

import sys
from random import Random, SystemRandom

from bot.database import refused
from bot.given import built
from bot.refusal import DONE, Refusal
from bot.settings import Settings
from bot.talk_command import TERMINAL, talk_phrases
from dialogs.compile import Book
from dialogs.message import Message
from dialogs.owner import Conversation, Owner
from dialogs.scripted.record import recorded
from dialogs.scripted.scene import Stage
from storage import schema
from storage.opening import is_there, opened
from storage.store import Store


def run(settings: Settings, owner: str, language: str, number: int | None = None, random: Random | None = None) -> int:
    """Print the talk; `number` is that of the conversation. Raises Refusal where there is none of it."""
    phrases = talk_phrases()
    channel, _, chat = (part.strip() for part in owner.partition(":"))
    if not channel or not chat:
        raise Refusal(phrases["record-no-owner"].fill(language, {"found": owner[:40]}))
    book, table = built(settings, TERMINAL, language)
    met = _met(settings, channel, chat)
    conversation = None if met is None else _meant(book, met, number)
    if met is None or conversation is None:
        raise Refusal(phrases["record-nothing"].fill(language, {"found": owner[:80]}))
    stage = Stage(book=book, folder=settings.dialogs, named=table.named)
    # By chance: a seed that anybody knows would give the sums back.
    text = recorded(stage, met, conversation, phrases, random or SystemRandom())
    # Whatever the terminal's encoding, a talk file is UTF-8.
    sys.stdout.buffer.write(text.encode())
    return DONE


def _meant(book: Book, owner: Owner, number: int | None) -> Conversation | None:
    """The conversation of this number, or the latest one with an answer; only of a dialog that there still is."""
    told = [
        one
        for one in owner.conversations.values()
        if one.answers and one.flow in book.flows and number in (None, one.number)
    ]
    return max(told, key=lambda one: (one.number == owner.focus, one.number), default=None)


def _met(settings: Settings, channel: str, chat: str) -> Owner | None:
    """The owner as he is kept; None where there is no database."""
    url = settings.database_url
    with refused():
        if not is_there(url):
            return None
        with opened(url) as engine:
            schema.ensure(engine)
            # Nothing is applied here, so nothing can fail that an apology were due for.
            return Store(engine=engine, apology=lambda _: Message(lines=())).snapshot(channel, chat)
