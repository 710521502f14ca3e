"""What people see of the bot before they talk: the menu of commands and the descriptions, in every language."""

from __future__ import annotations

import re

from bot.gateways.telegram_client import Profile
from bot.serving import Parts
from dialogs.wording import LANGUAGES

#: Telegram knows a language by two letters alone: those who write traditional characters see the general one, too.
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


def _profile(parts: Parts, tag: str, language: str) -> Profile:
    commands = [
        (name, says.fill(language)[:LONGEST_SAYS])
        for name, says in parts.book.commands.items()
        if _NAME.fullmatch(name)
    ]
    return Profile(
        language=tag,
        commands=commands[:MOST_COMMANDS],
        description=parts.texts["description"].fill(language)[:LONGEST_DESCRIPTION],
        short=parts.texts["short-description"].fill(language)[:LONGEST_SHORT],
    )
