"""What is said to an owner who comes in: the welcome, what fell due meanwhile, the menu, the help.

Not its job: what the buttons under it do (`pressing`), going on in a dialog (`steering`).
"""

from __future__ import annotations

from dataclasses import replace

from dialogs import presses, steering
from dialogs.effects import PlanReminders
from dialogs.loop import contracts, reminding, waiting
from dialogs.message import Button, Line, Message
from dialogs.talk import Talk, Turn, in_passing


def start(talk: Talk, argument: str) -> Turn:
    """Who was away, and wanted to hear nothing, is told once what fell due."""
    turn = waiting.menu(talk, _introduction(talk))
    messages, effects = reminding.missed_meanwhile(talk)
    if not effects and contracts.contracts(talk.owner):
        effects = (PlanReminders(),)
    return replace(turn, effects=(*effects, *turn.effects, *talk.turn(*messages).effects))


def resume(talk: Talk, argument: str) -> Turn:
    """What a returning person sees: what fell due, then his pending question, or the menu."""
    conversation = talk.current
    if conversation is None or conversation.ended:
        return _welcomed(talk)
    messages, effects = reminding.missed_meanwhile(talk)
    turn = steering.take_up(talk, conversation)
    # The question comes last: what is typed next is its answer.
    before = talk.turn(*(replace(one, buttons=()) for one in messages), effects=effects)
    return replace(turn, effects=(*before.effects, *turn.effects))


def _welcomed(talk: Talk) -> Turn:
    """What fell due, the last of it with its buttons; else the menu."""
    known = bool(talk.owner.conversations)
    line = talk.speaker.line("welcome-back") if known else _introduction(talk)
    messages, effects = reminding.missed_meanwhile(talk)
    if not messages:
        return waiting.menu(talk, line)
    *earlier, last = messages
    menu = (Button(label=talk.speaker.phrase("act-menu"), press=presses.command("menu")),)
    last = replace(last, buttons=(*last.buttons, menu))
    return talk.turn(Message(lines=(line,)), *(replace(one, buttons=()) for one in earlier), last, effects=effects)


def _introduction(talk: Talk) -> Line:
    return talk.speaker.line("welcome", where=talk.speaker.phrase("where-kept"))


def menu(talk: Talk, argument: str) -> Turn:
    """What can be done."""
    return in_passing(waiting.menu(talk))


def help_(talk: Talk, argument: str) -> Turn:
    """Every command with what it does."""
    speaker = talk.speaker
    lines = [
        speaker.line("command-line", "item", name=name, says=speaker.text(says))
        for name, says in talk.book.commands.items()
    ]
    told = Message(lines=(speaker.line("help-heading", "heading"), *lines, speaker.line("help-words", "quiet")))
    return in_passing(talk.turn(told))
