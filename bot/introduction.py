"""What people see of the bot before they talk: the menu of commands and the descriptions, in every language."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress

from bot.gateways.telegram_client import Profile
from bot.gateways.telegram_incoming import CHANNEL
from bot.serving import Parts
from dialogs.wording import LANGUAGES
from storage.errors import StorageError

#: Telegram knows a language by two letters alone: who writes traditional characters has a menu in his own chat.
_TAGS = {"zh-Hans": "zh", "en": "en"}
#: Telegram's limits on commands.
MOST_COMMANDS, LONGEST_SAYS, LONGEST_DESCRIPTION, LONGEST_SHORT = 100, 256, 512, 120
_NAME = re.compile(r"[a-z0-9_]{1,32}")


def profiles(parts: Parts) -> list[Profile]:
    """One for everybody, in the language of the settings, and one for each language that Telegram tells apart."""
    return [
        _profile(parts, "", parts.settings.lang),
        *(_profile(parts, _TAGS[one], one) for one in LANGUAGES if one in _TAGS),
    ]


async def introduce(parts: Parts) -> None:
    """Set them; what fails stays as it was."""
    for profile in profiles(parts):
        await parts.client.introduce(profile)


async def introduce_in(parts: Parts, chat: str) -> None:
    """Set the menu of one chat in its owner's language: Telegram's two letters do not tell traditional characters."""
    with suppress(StorageError):
        owner = await asyncio.to_thread(parts.store.snapshot, CHANNEL, chat)
        await parts.client.menu(chat, _commands(parts, owner.language))


def _profile(parts: Parts, tag: str, language: str) -> Profile:
    return Profile(
        language=tag,
        commands=_commands(parts, language),
        description=parts.texts["description"].fill(language)[:LONGEST_DESCRIPTION],
        short=parts.texts["short-description"].fill(language)[:LONGEST_SHORT],
    )


def _commands(parts: Parts, language: str) -> Sequence[tuple[str, str]]:
    commands = [
        (name, says.fill(language)[:LONGEST_SAYS])
        for name, says in parts.book.commands.items()
        if _NAME.fullmatch(name)
    ]
    return commands[:MOST_COMMANDS]
