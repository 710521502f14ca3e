"""What buttons carry: short, made of ids alone, and checked when it comes back.

A press names the conversation and the question it belongs to, so that an old one is known as old.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Telegram's limit, the narrowest of the channels.
MAX_BYTES = 64

#: The argument of a dialog's command that begins it anew.
ANEW = "new"

#: answer an option, tick or untick one, take an offered value, do something about a question, about a record,
#: give a command, do something about a topic of the books.
_VERBS = {"a": 4, "t": 5, "v": 4, "c": 4, "r": 4, "m": 3, "k": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """`verb` is one letter of _VERBS. A command has no conversation; its name is `slot`, its argument `value`.

    For a topic `slot` is its id and `value` what to do. For a record `conversation` is its number, `slot` its kind.
    """

    verb: str
    conversation: int = 0
    slot: str = ""
    value: str = ""
    on: bool = False


def option(conversation: int, slot: str, value: str) -> str:
    """Answer a choice."""
    return f"a:{conversation}:{slot}:{value}"


def tick(conversation: int, slot: str, value: str, *, on: bool) -> str:
    """Set an option of a many question on or off; a repeat does no harm."""
    return f"t:{conversation}:{slot}:{value}:{int(on)}"


def offered(conversation: int, slot: str, value: str) -> str:
    """Take a value that was offered; `value` as a person would type it."""
    return f"v:{conversation}:{slot}:{value}"


def control(conversation: int, slot: str, act: str) -> str:
    """back, not-sure, later, why, summary, stop, finish, done, yes, no, edit, continue or anew."""
    return f"c:{conversation}:{slot}:{act}"


def record(kind: str, number: int, act: str) -> str:
    """card, answers, again, rename, delete or drop."""
    return f"r:{number}:{kind}:{act}"


def command(name: str, argument: str = "") -> str:
    """The same as typing /name argument."""
    return f"m:{name}:{argument}"


def topic(name: str, act: str) -> str:
    """show, more, helped or not-helped; or for no topic ("") none: none of those that were offered."""
    return f"k:{name}:{act}"


def fits(press: str) -> bool:
    """Whether every channel can carry it."""
    return len(press.encode()) <= MAX_BYTES


def read(press: str) -> Press | None:
    """What a press means; None where it is none of ours."""
    verb, _, rest = press.partition(":")
    parts = [verb, *rest.split(":", _VERBS.get(verb, 1) - 2)]
    if verb not in _VERBS or len(parts) != _VERBS[verb]:
        return None
    if verb in ("m", "k"):
        return Press(verb=verb, slot=parts[1], value=parts[2])
    number = parts[1]
    if not (number.isascii() and number.isdigit() and len(number) <= 6):
        return None
    on = verb == "t" and parts[4] == "1"
    return Press(verb=verb, conversation=int(number), slot=parts[2], value=parts[3], on=on)
