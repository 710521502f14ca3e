"""Lays a message out for Telegram: its HTML, the same as plain text, and the buttons under it. Pure.

Texts are counted as Telegram counts them: in UTF-16 units, without the markup. Not its job: sending.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape

from bot.gateways.terminal_wrapping import columns, printable
from dialogs import presses
from dialogs.message import Button, Line, Message

#: Telegram takes 4096; the rest is for what we add.
MOST_UNITS = 4000
#: A document's caption is shorter.
MOST_CAPTION = 1000
#: More buttons than this are refused.
MOST_BUTTONS = 100
#: Columns that fit side by side in the narrowest phones; a longer label alone in its row is cut by Telegram.
ROW_COLUMNS = 34
LONGEST_LABEL = 120

_BULLET = "• "
#: Telegram refuses a message without a character that can be seen.
_NOTHING = "…"
_CLOSE = frozenset(
    {("item", "item"), ("item", "heading"), ("plain", "heading"), ("quiet", "heading"), ("quiet", "quiet")}
)
#: Where a text that is too long is best cut, the best first.
_CUTS = ("\n", "。", ". ", "；", "，", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One message as Telegram takes it. `plain` says the same as `html` without markup."""

    html: str
    plain: str
    buttons: tuple[tuple[Button, ...], ...] = ()


def page(message: Message) -> Page:
    """The message as it is shown; it must be short enough (`parts`)."""
    html, plain, before = "", "", ""
    for line in message.lines:
        gap = "" if not before else "\n" if (line.style, before) in _CLOSE else "\n\n"
        marked, said = _line(line)
        html, plain, before = html + gap + marked, plain + gap + said, line.style
    if message.progress is not None:
        done, all_of_them = message.progress
        html, plain = f"{html}\n\n<i>{done} / {all_of_them}</i>", f"{plain}\n\n{done} / {all_of_them}"
    if not plain.strip():
        html = plain = _NOTHING
    return Page(html=html, plain=plain, buttons=_keyboard(message.buttons) if message.buttons else ())


def escaped(text: str) -> str:
    """The text so that Telegram's HTML shows it as it is; controls and signs that turn a line are left out."""
    return escape(printable(text), quote=True)


def units(text: str) -> int:
    """How many UTF-16 units the text takes."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2


def parts(message: Message, most: int = MOST_UNITS) -> tuple[Message, ...]:
    """The message as several that are each short enough, cut between paragraphs; the last has the buttons."""
    if sum(units(line.text) + len(_BULLET) + 2 for line in message.lines) <= most:
        return (message,)
    pages: list[list[Line]] = [[]]
    used = 0
    for line in (piece for whole in message.lines for piece in _pieces(whole, most - 100)):
        wide = units(line.text) + len(_BULLET) + 2
        if pages[-1] and used + wide > most - 50:
            pages.append([])
            used = 0
        pages[-1].append(line)
        used += wide
    *first, last = (tuple(lines) for lines in pages)
    # Only the first can take the place of another message; cut in parts, none gives way itself.
    head = [Message(lines=lines, replaces=message.replaces and not place) for place, lines in enumerate(first)]
    return (*head, replace(message, lines=last, replaces=False, gives_way=False))


def _line(line: Line) -> tuple[str, str]:
    said = printable(line.text)
    marked = escape(said, quote=True)
    if line.link is not None:
        marked, said = f'<a href="{escape(line.link, quote=True)}">{marked}</a>', f"{said} {line.link}"
    if not said.strip():
        return marked, said
    if line.style == "heading":
        return f"<b>{marked}</b>", said
    if line.style == "quiet":
        return f"<i>{marked}</i>", said
    return (_BULLET + marked, _BULLET + said) if line.style == "item" else (marked, said)


def _pieces(line: Line, most: int) -> Iterator[Line]:
    rest = line.text
    while units(rest) > most:
        cut = _cut(rest, most)
        yield replace(line, text=rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    yield replace(line, text=rest)


def _cut(text: str, most: int) -> int:
    """Where to cut: at most `most` units from the start, behind a sentence or a word if one ends in the second half."""
    fitting = _fitting(text, most)
    for sign in _CUTS:
        found = text.rfind(sign, fitting // 2, fitting)
        if found >= 0:
            return found + len(sign)
    return fitting


def _fitting(text: str, most: int) -> int:
    used = 0
    for place, sign in enumerate(text):
        used += 1 if ord(sign) < 0x10000 else 2
        if used > most:
            return place
    return len(text)


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> tuple[tuple[Button, ...], ...]:
    shown: list[tuple[Button, ...]] = []
    for row in rows:
        fit = tuple(_labelled(button) for button in row if _can_be_pressed(button))
        if len(fit) > 1 and any(_width(button.label) > ROW_COLUMNS // len(fit) for button in fit):
            shown.extend((button,) for button in fit)
        elif fit:
            shown.append(fit)
    return _fewer(shown)


def _fewer(rows: list[tuple[Button, ...]]) -> tuple[tuple[Button, ...], ...]:
    """What Telegram takes; the last rows, which lead on, stay."""
    while sum(map(len, rows)) > MOST_BUTTONS:
        rows.pop(MOST_BUTTONS // 2)
    return tuple(rows)


def _labelled(button: Button) -> Button:
    label = _label(button.label)
    return button if label == button.label else replace(button, label=label)


@lru_cache(4096)
def _label(said: str) -> str:
    """Without line breaks and controls, and not too long. The same few labels come again and again."""
    label = " ".join(printable(said).split()) or _NOTHING
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + _NOTHING


_width = lru_cache(4096)(columns)


def _can_be_pressed(button: Button) -> bool:
    press = button.press
    return 1 <= (len(press) if press.isascii() else len(press.encode("utf-8", "replace"))) <= presses.MAX_BYTES
