"""What an owner may know of and do with what is kept on him: the first note, /privacy, /export, /forget.

Not its job: removing or writing anything (`storage`, `bot`), the sheet itself (`sheet`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dialogs import presses
from dialogs.effects import ForgetOwner
from dialogs.kinds.normalize import plain
from dialogs.message import Button, Line, Message
from dialogs.owner import Owner
from dialogs.sure import ask_whether
from dialogs.talk import Talk, Turn
from dialogs.wording import Wording

#: The document that a message of /export wishes for: the channel makes it when it sends the message.
EXPORT = "export"

#: What a text names that tells of what is kept.
PRIVACY = "/privacy"

#: What the button that confirms /forget carries.
_STAMP = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def noted(talk: Talk, intro: Wording) -> tuple[Talk, Sequence[Message]]:
    """Where he has not been told before, that his answers are kept and what he can do about it.

    A message of its own: a question gives way to the next one, and this is to stay. None where the `intro` of the
    dialog tells of /privacy itself.
    """
    if talk.owner.privacy_shown:
        return talk, ()
    told, speaker = replace(talk, owner=replace(talk.owner, privacy_shown=True)), talk.speaker
    if PRIVACY in speaker.text(intro):
        return told, ()
    what = speaker.line("first-note", "quiet", where=speaker.phrase("where-kept"))
    return told, [Message(lines=(what, speaker.line("first-note-yours", "quiet")))]


def privacy(talk: Talk, argument: str = "") -> Turn:
    """What is kept, why, where and for how long."""
    told, speaker = replace(talk, owner=replace(talk.owner, privacy_shown=True)), talk.speaker
    lines = [
        speaker.line("privacy-heading", "heading"),
        speaker.line("privacy-what", "item", **_counts(talk.owner)),
        speaker.line("privacy-address", "item"),
        speaker.line("privacy-for-a-time", "item", days=str(talk.book.keep_days)),
        *([speaker.line("privacy-questions", "item")] if talk.book.keep_gaps else []),
        speaker.line("privacy-where", where=speaker.phrase("where-kept")),
        speaker.line("privacy-not"),
        speaker.line("privacy-yours"),
    ]
    buttons = [
        (Button(label=speaker.phrase(f"act-{act}"), press=presses.command(act)),) for act in ("export", "forget")
    ]
    return told.turn(Message(lines=tuple(lines), buttons=tuple(buttons), numbered=True))


def export(talk: Talk, argument: str = "") -> Turn:
    """All of it as files; the channel writes them."""
    return talk.turn(Message(lines=(talk.speaker.line("export-ready"),), document=EXPORT))


def forget(talk: Talk, argument: str = "") -> Turn:
    """Says what goes and asks; with the word for yes, or by a button that is not out of date, it is done."""
    given = plain(argument)
    if given in (*_yes(talk), _stamp(talk.owner)) or not (talk.owner.conversations or talk.owner.records):
        return _farewell(talk)
    by_button = bool(_STAMP.fullmatch(argument))
    return _sure(talk, [talk.speaker.line("forget-changed", "quiet")] if by_button else [])


def _sure(talk: Talk, before: list[Line]) -> Turn:
    speaker = talk.speaker
    label, word = speaker.phrase("act-forget"), speaker.phrase("forget-word")
    lines = [
        *before,
        speaker.line("forget-heading", "heading"),
        speaker.line("forget-what", "plain", **_counts(talk.owner)),
        speaker.line("forget-not"),
        speaker.line("forget-how", "quiet", label=label, word=word),
    ]
    sure = Button(label=label, press=presses.command("forget", _stamp(talk.owner)))
    rather_not = Button(label=speaker.phrase("act-forget-not"), press=presses.command("forget", "no"))
    return ask_whether(talk, tuple(lines), sure, rather_not)


def _farewell(talk: Talk) -> Turn:
    """Whoever writes after this is a stranger, so that is what the turn leaves."""
    stranger = Owner(
        channel=talk.owner.channel, chat=talk.owner.chat, language=talk.owner.language, timezone=talk.owner.timezone
    )
    line = talk.speaker.line("forgotten")
    return replace(talk, owner=stranger).turn(Message(lines=(line,)), effects=(ForgetOwner(),))


def _counts(owner: Owner) -> dict[str, str]:
    """How much is kept, in numbers."""
    answers = sum(len({answer.slot for answer in one.answers}) for one in owner.conversations.values())
    counted = {"conversations": len(owner.conversations), "answers": answers, "records": len(owner.records)}
    return {name: str(count) for name, count in counted.items()}


def _stamp(owner: Owner) -> str:
    """Changes with all that is said: so the button of an old message, which named less, is known as old."""
    said = sum(len(one.answers) for one in owner.conversations.values())
    return f"{len(owner.conversations)}.{said}.{len(owner.records)}"


def _yes(talk: Talk) -> set[str]:
    word = talk.book.phrases["forget-word"]
    return {plain(text) for text in (word.zh_hans, word.zh_hant, word.en)}
