"""The conversations that are not through yet, of all owners, for maintainers who change a dialog under them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine, select

from dialogs.owner import Conversation
from storage.engine import reading
from storage.snapshot import Place, conversation_of
from storage.tables import ADDRESS, CONVERSATION


def half_done(engine: Engine) -> Iterator[tuple[Place, Conversation]]:
    """Each with the place where its owner is met, in the order of the owners; those without an answer are left out."""
    found = (
        select(ADDRESS.c.channel, ADDRESS.c.chat, CONVERSATION)
        .join_from(CONVERSATION, ADDRESS, ADDRESS.c.owner == CONVERSATION.c.owner)
        .where(CONVERSATION.c.ended == "")
        .order_by(ADDRESS.c.channel, ADDRESS.c.chat, CONVERSATION.c.number)
    )
    with reading(engine) as connection:
        for row in connection.execute(found).mappings():
            conversation = conversation_of(row)
            if conversation.answers:
                yield (row["channel"], row["chat"]), conversation
