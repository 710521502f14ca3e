"""The command that puts offers side by side: which ones, and what can be brought in. The words are `comparing`'s."""

from __future__ import annotations

from collections.abc import Sequence

from dialogs import presses
from dialogs.kinds.normalize import plain
from dialogs.message import Button
from dialogs.offers.agencies import compared_flow
from dialogs.offers.comparing import Comparison, name
from dialogs.offers.vetted import MOST, Offer, offers
from dialogs.talk import Talk, Turn

#: Before a record's number in an argument; a number alone is a place in the list.
_RECORD = "r"


def compare(talk: Talk, argument: str = "") -> Turn:
    """The offers that the argument names, by place in the list or by name; without one the latest."""
    flow = compared_flow(talk)
    listed = offers(flow, talk.owner) if flow is not None else ()
    if flow is None or not listed:
        return talk.menu(talk.speaker.line("agencies-none"))
    chosen, stray = named(listed, argument.split())
    if stray:
        return talk.say("compare-unknown", name=stray[:40])
    compared = chosen[-MOST:]
    if len(listed) < 2:
        return talk.say("compare-one")
    if len(compared) < 2:
        return talk.say("compare-one-named", name=name(talk.speaker, compared[0]))
    too_many = len(chosen) > MOST
    before = [talk.speaker.line("compare-too-many", "quiet", most=str(MOST))] if too_many else []
    comparison = Comparison(talk.speaker, flow, compared)
    return talk.turn(*comparison.messages(before, _buttons(talk, listed, compared, comparison.ordered)))


def named(listed: Sequence[Offer], words: Sequence[str]) -> tuple[Sequence[Offer], str]:
    """The offers that are meant, in the order of the list, and the first word that means none; no word means all."""
    if not words:
        return listed, ""
    meant = {word: _meant(listed, word) for word in words}
    stray = next((word for word, found in meant.items() if not found), "")
    numbers = {one.number for found in meant.values() for one in found}
    return [one for one in listed if one.number in numbers], stray


def _meant(listed: Sequence[Offer], word: str) -> Sequence[Offer]:
    digits = word.removeprefix(_RECORD)
    if digits.isascii() and digits.isdigit() and len(digits) <= 6:
        if word.startswith(_RECORD):
            return [one for one in listed if one.number == int(digits)]
        return listed[int(digits) - 1 : int(digits)] if int(digits) else ()
    wanted = plain(word)
    return [one for one in listed if wanted and wanted in plain(one.name)][:1]


def _buttons(
    talk: Talk, listed: Sequence[Offer], compared: Sequence[Offer], ordered: Sequence[Offer]
) -> tuple[tuple[Button, ...], ...]:
    """Each that is left out can come in; it takes the place of the last where there is no more room."""
    staying = ordered[: MOST - 1]
    numbers = {one.number for one in compared}
    speaker = talk.speaker
    rows = [
        (Button(label=speaker.phrase("act-compare-also", name=name(speaker, one)), press=_press([*staying, one])),)
        for one in listed
        if one.number not in numbers
    ]
    document = presses.command("document", f"compare {' '.join(f'{_RECORD}{one.number}' for one in ordered)}")
    rows.append((Button(label=speaker.phrase("act-document"), press=document),))
    rows.append((Button(label=speaker.phrase("act-agencies"), press=presses.command("agencies")),))
    return tuple(rows)


def _press(together: Sequence[Offer]) -> str:
    return presses.command("compare", " ".join(f"{_RECORD}{one.number}" for one in together))
