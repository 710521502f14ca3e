"""The command that gives a result as a document. What is in it: `dialogs/documents`; writing it down: the channel."""

from __future__ import annotations

from dialogs.documents.wish import Sort, Wish, read, wish
from dialogs.message import Message
from dialogs.offers.agencies import compared_flow
from dialogs.offers.compare_command import named
from dialogs.offers.vetted import MOST, offers
from dialogs.owner import Kept
from dialogs.talk import Talk, Turn


def document(talk: Talk, argument: str = "") -> Turn:
    """The latest result; "sheet" for the meeting; "compare" and, if wished, which; or one by its record's number."""
    wished = _wish(talk, argument)
    if wished is None:
        return talk.say("document-none")
    line = talk.speaker.line("document-ready", "quiet", title=title(talk, wished))
    return talk.turn(Message(lines=(line,), document=wished.text()))


def title(talk: Talk, wished: Wish) -> str:
    """What the document is, in words."""
    return talk.speaker.phrase(f"document-{wished.sort}")


def _wish(talk: Talk, argument: str) -> Wish | None:
    first, _, rest = argument.strip().partition(" ")
    if first == "compare":
        return _compared(talk, rest)
    exact = read(argument)
    if exact is not None:
        return exact if _is_kept(talk, exact) else None
    sort: Sort = "sheet" if first == "sheet" else "result"
    latest = _latest(talk, sort)
    return None if latest is None else wish(sort, latest.kind, (latest.number,))


def _compared(talk: Talk, words: str) -> Wish | None:
    flow = compared_flow(talk)
    if flow is None:
        return None
    chosen, stray = named(offers(flow, talk.owner), words.split())
    if stray or len(chosen) < 2:
        return None
    return wish("compare", flow.id, (one.number for one in chosen[-MOST:]))


def _is_kept(talk: Talk, wished: Wish) -> bool:
    kept = {one.number for one in talk.owner.records if one.kind == wished.kind}
    return wished.kind in talk.book.flows and set(wished.numbers) <= kept


def _latest(talk: Talk, sort: Sort) -> Kept | None:
    """The result of the conversation in focus, or else the last one there is; a sheet only where there is one."""
    kept = [
        one
        for one in talk.owner.records
        if one.kind in talk.book.flows and (sort != "sheet" or talk.book.flows[one.kind].demands is not None)
    ]
    current = talk.current
    if current is not None:
        focused = [one for one in kept if one.kind == current.flow and one.number == current.record]
        kept = focused or kept
    # Several of one moment, as a clock that stands still gives them: the one that was made last.
    return max(kept, key=lambda one: (one.at, one.number), default=None)
