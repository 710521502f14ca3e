"""Lays a message out as lines of a terminal, and tells which button of it a typed line presses.

Options are numbered; the other buttons are words that can be typed. Pure. Not its job: printing and reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from bot.gateways.terminal_wrapping import printable, wrapped
from dialogs import presses
from dialogs.kinds.normalize import plain
from dialogs.message import Button, Line, Message, Style
from dialogs.wording import Wording

#: What stands before the first line of an item, and before its further lines.
_BULLET = "- "
#: A paragraph is set apart from what goes before it, unless that is its heading.
_PARAGRAPHS = frozenset({("plain", "plain"), ("plain", "item"), ("plain", "quiet"), ("quiet", "item")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line on the screen."""

    text: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Layout:
    """How messages look. `texts` are those of terminal.yaml; `width` counts columns."""

    texts: dict[str, Wording]
    language: str
    width: int

    def rows(self, message: Message) -> Iterator[Row]:
        """The message from top to bottom."""
        before: Style = "heading"
        for place, line in enumerate(message.lines):
            if place and (line.style == "heading" or (line.style, before) in _PARAGRAPHS):
                yield Row(text="")
            yield from self._line(line)
            before = line.style
        if message.numbered and before != "heading":
            yield Row(text="")
        yield from self._options(options(message))
        closing = " · ".join(self._closing(message))
        yield from self._hanging("", closing, "quiet") if closing else ()

    def say(self, key: str, **values: str) -> str:
        """A text of terminal.yaml."""
        return self.texts[key].fill(self.language, values)

    def _line(self, line: Line) -> Iterator[Row]:
        text = line.text if line.link is None else f"{line.text} {line.link}"
        return self._hanging(_BULLET if line.style == "item" else "", text, line.style)

    def _options(self, buttons: tuple[Button, ...]) -> Iterator[Row]:
        digits = len(str(len(buttons)))
        for number, button in enumerate(buttons, 1):
            yield from self._hanging(f"  {number:>{digits}}. ", button.label, "plain")

    def _closing(self, message: Message) -> Iterator[str]:
        if message.progress is not None:
            done, all_of_them = message.progress
            yield self.say("progress", done=str(done), all=str(all_of_them))
        words = [printable(button.label) for button in _words(message)]
        if words:
            listed = reduce(lambda before, after: self.say("between-words", before=before, after=after), words)
            yield self.say("typed-words", words=listed)
        elif message.numbered and message.buttons:
            yield self.say("choose-number")

    def _hanging(self, lead: str, text: str, style: Style) -> Iterator[Row]:
        for place, part in enumerate(wrapped(text, self.width - len(lead))):
            yield Row(text=(" " * len(lead) if place else lead) + part, style=style)


def pressed(message: Message | None, text: str) -> str | None:
    """The press of the button that the typed line means: by its number, where numbers mean buttons, or by its label."""
    if message is None:
        return None
    typed = plain(text)
    places = {str(number): button for number, button in enumerate(options(message), 1)} if message.numbered else {}
    button = places.get(typed) or next((one for one in _by_label(message) if plain(one.label) == typed), None)
    return None if button is None else button.press


def options(message: Message) -> tuple[Button, ...]:
    """The buttons that get a number, in the order that the question reads numbers by."""
    buttons = tuple(_all(message))
    return buttons if message.numbered else tuple(button for button in buttons if _is_option(button))


def _words(message: Message) -> tuple[Button, ...]:
    numbered = options(message)
    return tuple(button for button in _all(message) if button not in numbered and not _is_for_ticks(button))


def _by_label(message: Message) -> Iterable[Button]:
    """Options go first. Ticks are for channels where one taps: here the whole answer is typed at once."""
    tapped = (*options(message), *_words(message))
    return (button for button in tapped if not _is_tick(button))


def _all(message: Message) -> Iterator[Button]:
    return (button for row in message.buttons for button in row)


def _is_option(button: Button) -> bool:
    read = presses.read(button.press)
    return read is not None and read.verb in ("a", "t")


def _is_tick(button: Button) -> bool:
    read = presses.read(button.press)
    return read is not None and read.verb == "t"


def _is_for_ticks(button: Button) -> bool:
    read = presses.read(button.press)
    return read is not None and (read.verb, read.value) == ("c", "done")
