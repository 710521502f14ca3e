"""Any number of the question's options, none included; the value is a tuple of ids in the question's order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, cast

from dialogs.flow import Option, Question
from dialogs.kinds import menu, words
from dialogs.kinds.base import Circumstance, Note, Read, Reading, Unclear, Unread, register
from dialogs.kinds.choice import label
from dialogs.kinds.normalize import plain, shown
from dialogs.kinds.phrases import phrase

#: Nobody names more things than this; the rest is not read.
_PIECES = 40
_HARD = re.compile(r"[、,;/|\n+.]")
#: Between options, but in some names, too; the later of these only where the earlier leave something that is none.
_SOFT = (re.compile(r"和|跟|及|与|以及|还有|同埋|&|\band\b"), re.compile(r"和|跟|及|与|以及|还有|同埋|&|\band\b| "))
_SPAN = re.compile(r"([0-9]{1,2}) ?(?:-|~|到|至|to) ?([0-9]{1,2})")
_RUN = re.compile(r"[1-9]{2,9}")
#: With more options than this, 12 is the twelfth and not the first and second.
_SINGLE_DIGITS = 9


class Many:
    """The answer names options one by one, by numbers (1 3 5, 1-3), or all, none, all but some."""

    name = "many"
    harmless = True

    def read(self, text: str, question: Question, circumstance: Circumstance) -> Reading:
        """Understand what a person typed. Never raises, on any text."""
        read = plain(text.replace("\n", ","))
        options = question.options
        if not read:
            return Unread(note=Note(key="empty"))
        whole = menu.exactly(read, menu.menu(options))
        if whole:
            return Read(value=(whole,))
        if read in words.known("nothing"):
            return Read(value=())
        if read in words.known("all"):
            every = tuple(option.id for option in options)
            return (
                Read(value=every)
                if question.all_at_once
                else Unclear(candidates=(every,), note=Note(key="all-of-these"))
            )
        left_out = _exception(read)
        return _pieces(left_out, options, _without) if left_out else _pieces(read, options, _in_order)

    def take(self, raw: object, question: Question) -> Reading:
        """A JSON list of what a person would type for each; the empty list is none of them."""
        if not isinstance(raw, list):
            return Unread(note=Note(key="no-such-option"))
        pieces = cast("list[object]", raw)
        chosen: set[str] = set()
        for piece in pieces:
            ids = menu.meant(piece, question.options) if isinstance(piece, str) else ()
            if len(ids) != 1:
                return Unread(note=_unknown(piece if isinstance(piece, str) else "?"))
            chosen.update(ids)
        return Read(value=_in_order(chosen, question.options))

    def encode(self, value: Any) -> list[str]:
        """The ids."""
        return list(value)

    def decode(self, kept: Any, question: Question) -> tuple[str, ...]:
        """The ids from JSON; ValueError where one is no option any more."""
        pieces = cast("list[object]", kept) if isinstance(kept, list) else [None]
        present = [menu.present(piece, question.options) for piece in pieces]
        if None in present:
            raise ValueError(f"{question.id}: no such option")
        return _in_order((id for id in present if id is not None), question.options)

    def say(self, value: Any, question: Question, circumstance: Circumstance) -> str:
        """The labels, or "none of these"."""
        if not value:
            return phrase("none-of-these", circumstance.language)
        labels = [label(piece, question, circumstance) for piece in value]
        sign = phrase("list-sign", circumstance.language)
        if any(sign in name for name in labels):
            sign = phrase("list-sign-wide", circumstance.language)
        return sign.join(labels)


def _unknown(piece: str) -> Note:
    return Note(key="unknown-piece", values={"piece": shown(piece)[:20]})


def _in_order(chosen: Iterable[str], options: tuple[Option, ...]) -> tuple[str, ...]:
    ids = set(chosen)
    return tuple(option.id for option in options if option.id in ids)


def _without(left_out: Iterable[str], options: tuple[Option, ...]) -> tuple[str, ...]:
    ids = set(left_out)
    return tuple(option.id for option in options if option.id not in ids)


def _exception(read: str) -> str | None:
    """What stands between 除了 and 都要."""
    opening = next((word for word in words.listed("except", "before") if read.startswith(word)), None)
    if opening is None:
        return None
    rest = read[len(opening) :].strip()
    for closing in words.listed("except", "after") * 2:
        rest = rest.removesuffix(closing).strip(" ,")
    return rest or None


_Result = Callable[[set[str], tuple[Option, ...]], tuple[str, ...]]


def _pieces(read: str, options: tuple[Option, ...], result: _Result) -> Reading:
    """Each piece on its own; one that fits several options is asked back, one that fits none is named."""
    chosen: set[str] = set()
    unclear: list[tuple[str, ...]] = []
    for piece in _split(read, options)[:_PIECES]:
        ids = _numbers(piece, options) or menu.meant(piece, options)
        if not ids:
            return Unread(note=_unknown(piece))
        if len(ids) > 1 and not _numbers(piece, options):
            unclear.append(ids)
        else:
            chosen.update(ids)
    if not unclear:
        return Read(value=result(chosen, options)) if chosen else Unread(note=Note(key="no-such-option"))
    if len(unclear) > 1:
        return Unread(note=Note(key="one-by-one"))
    ways = tuple(result({*chosen, one}, options) for one in unclear[0])
    return Unclear(candidates=ways, note=Note(key="several-options"))


def _split(read: str, options: tuple[Option, ...]) -> list[str]:
    """First at commas; a piece that is no name is cut at 和 and spaces, too."""
    pieces: list[str] = []
    for piece in (part.strip() for part in _HARD.split(read)):
        whole = not piece or _SPAN.fullmatch(piece) or menu.exactly(piece, menu.menu(options))
        parts = [piece] if whole else _soft_parts(piece, options)
        pieces += [part for part in parts if part]
    return pieces


def _soft_parts(piece: str, options: tuple[Option, ...]) -> list[str]:
    cuts = [[part.strip() for part in signs.split(piece) if part.strip()] for signs in _SOFT]
    if all(menu.exactly(part, menu.menu(options)) for part in cuts[0]):
        return cuts[0]
    understood = all(_numbers(part, options) or menu.meant(part, options) for part in cuts[1])
    return cuts[1] if understood or len(menu.meant(piece, options)) != 1 else [piece]


def _numbers(piece: str, options: tuple[Option, ...]) -> tuple[str, ...]:
    """1-3, and 135 where there are no more than nine options."""
    span = _SPAN.fullmatch(piece)
    if span:
        low, high = int(span[1]), int(span[2])
        return tuple(option.id for option in options[low - 1 : high]) if 1 <= low < high <= len(options) else ()
    if len(options) > _SINGLE_DIGITS or not _RUN.fullmatch(piece) or len(set(piece)) < len(piece):
        return ()
    places = [int(digit) for digit in piece]
    return tuple(options[place - 1].id for place in places) if max(places) <= len(options) else ()


MANY = register(Many())
