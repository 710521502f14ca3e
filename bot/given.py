"""What commands are given, made into what they use; raises Refusal for what is wrong."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from bot import beside
from bot.book import BookBroken, build
from bot.command_table import CommandTable
from bot.refusal import Refusal
from bot.settings import BadSetting, Settings, cache_folder, load
from dialogs.compile import Book
from dialogs.kinds import words
from dialogs.wording import LANGUAGES


def settings() -> Settings:
    """The settings of this start."""
    try:
        return load()
    except BadSetting as error:
        raise Refusal(str(error)) from error


def meant_language(text: str) -> str:
    """One of LANGUAGES, by its id or by another name of it."""
    language = words.meant_language(text)
    if language is None:
        raise Refusal(f"--lang: there is no language {text[:20]!r}; choose one of {', '.join(LANGUAGES)}")
    return language


def built(settings: Settings, channel: str, language: str) -> tuple[Book, CommandTable]:
    """The book of the settings and the commands of `channel`; what is broken is told as `lampwise check` tells it."""
    try:
        book, table = build(settings.dialogs, settings.knowledge, channel, learnt_file(settings.knowledge))
    except BookBroken as broken:
        # Only now: the rules of the check are slow to load, and a book that is sound needs none.
        from dialogs.check import sentences, tell

        phrases = sentences()
        raise Refusal("\n".join(tell(finding, language, phrases) for finding in broken.findings)) from broken
    beside.days_or_refusal(language)
    return replace(book, keep_days=settings.keep_days, keep_gaps=settings.keep_gaps), table


def learnt_file(knowledge: Path) -> Path:
    """Where what is learnt from this folder of books is kept for the next start."""
    return cache_folder() / f"learnt-{sha256(str(knowledge.absolute()).encode()).hexdigest()[:12]}.json"
