"""`lampwise chat`: builds the parts of a conversation in the terminal and lets it run.

Not its job: the conversation itself (`chat`).
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import TextIOWrapper
from secrets import token_hex

from bot.advisor import Advisor, apology
from bot.attachments import Attachments
from bot.chat import Chat
from bot.clock import ClockUnreadable, clock_for
from bot.gateways import terminal
from bot.gateways.terminal import Terminal
from bot.given import built, meant_language
from bot.owner_files import exports_folder, forget_history, history_file
from bot.refusal import DONE, Refusal
from bot.reload import Reload
from bot.sender import Sender
from bot.settings import Settings
from bot.texts import own_texts
from dialogs.compile import Book
from scheduler.owners import OwnersCalendar
from storage import locks
from storage.errors import AlreadyRunning, StorageError
from storage.installation import identity
from storage.opening import open_newest
from storage.retention import purge
from storage.store import Store

LONGEST_NAME = 60
#: Of a character that no name may have: controls, halves of characters, ends of lines.
_UNFIT = frozenset({"Cc", "Cs", "Zl", "Zp"})


def run(settings: Settings, name: str, language: str | None) -> int:
    """Talk as `name` until he leaves; raises Refusal for what cannot be used."""
    chosen = None if language is None else meant_language(language)
    name = checked_name(name)
    _speak_utf8(sys.stdout)
    texts = own_texts("gateways/terminal.yaml")
    screen = Terminal(texts, chosen or settings.lang, sys.stdout)
    book, table = built(settings, Terminal.channel, screen.language)
    try:
        with ExitStack() as held:
            store = _store(settings, book)
            held.callback(store.engine.dispose)
            book = replace(book, calendar=OwnersCalendar(installation=identity(store.engine, token_hex)))
            waits = partial(_waits, screen)
            lease = held.enter_context(locks.hold(settings.database_url, f"{Terminal.channel}:{name}", waits))
            store = replace(store, engine=lease.fenced(store.engine))
            clock = clock_for(settings.clock_file)
            purge(store.engine, clock(), timedelta(days=settings.keep_days))
            advisor = Advisor(book=book, store=store, on_forgotten=lambda: forget_history(settings.database_url, name))
            exports = exports_folder(settings.database_url)
            files = Attachments(book=book, store=store, clock=clock, channel=Terminal.channel, exports=exports)
            sender = Sender(store, screen, clock, files.complete)
            held.enter_context(Reload(settings, Terminal.channel, book, partial(_swap, advisor, files)).watching())
            chat = Chat(advisor, sender, screen, table, clock, name)
            _talk(settings, chat, screen, name, chosen, partial(_open_library, book))
    except AlreadyRunning as error:
        raise Refusal(texts["name-taken"].fill(screen.language, {"name": name})) from error
    except (StorageError, ClockUnreadable) as error:
        raise Refusal(str(error)) from error
    return DONE


def _waits(screen: Terminal, action: str, _code: str) -> None:
    """Whoever was here before may have been cut off: then it takes some seconds until it is certain."""
    if action == "lease-awaited":
        screen.tell("waiting-for-name")


def _swap(advisor: Advisor, files: Attachments, book: Book) -> None:
    """From the next line on."""
    advisor.book = files.book = book


def _open_library(book: Book) -> None:
    """Where a person reads what was said, the library is opened meanwhile; a pipe may never ask for it."""
    if book.library is not None and terminal.is_somebody_there():
        book.library.open_soon()


def _talk(
    settings: Settings, chat: Chat, screen: Terminal, name: str, language: str | None, meanwhile: Callable[[], None]
) -> None:
    # Whenever he leaves, all that was answered is kept already.
    with suppress(KeyboardInterrupt):
        read = _reader(settings, screen, name)
        chat.resume(language)
        # Only now, so that it takes no time from the first words.
        meanwhile()
        chat.listen(read)
    screen.tell("goodbye")


def _store(settings: Settings, book: Book) -> Store:
    """What is kept, with the newest tables: made where there are none, brought up where they are older."""
    engine = open_newest(settings.database_url)
    return Store(
        engine=engine, apology=lambda owner: apology(book, owner), language=settings.lang, timezone=settings.timezone,
        planner=OwnersCalendar().rows,
    )  # fmt: skip


def _reader(settings: Settings, screen: Terminal, name: str) -> Callable[[], str]:
    if not terminal.is_somebody_there():
        return terminal.piped_lines(sys.stdin.buffer)
    screen.tell("how-to-leave")
    return terminal.typed_lines(history_file(settings.database_url, name))


def checked_name(name: str) -> str:
    """The name without spaces around it; raises Refusal for one that cannot be kept."""
    stripped = name.strip()
    if any(unicodedata.category(sign) in _UNFIT for sign in stripped):
        raise Refusal("--as: the name holds a character that cannot be shown; use letters, digits and spaces")
    if not 1 <= len(stripped) <= LONGEST_NAME:
        raise Refusal(f"--as: the name has {len(stripped)} characters; use 1 to {LONGEST_NAME}")
    return stripped


def _speak_utf8(output: object) -> None:
    """A pipe gets UTF-8 whatever the locale says; a character that a terminal lacks shows as "?"."""
    if isinstance(output, TextIOWrapper):
        output.reconfigure(encoding=None if output.isatty() else "utf-8", errors="replace")
