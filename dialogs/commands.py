"""What each slash command does. Their names and texts stand in `bot/commands.yaml`; here is one function a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from dialogs import greeting, keeping, presses, saving, steering, yours
from dialogs.conversing import begin, go_on, open_conversation
from dialogs.flow import Flow
from dialogs.free_text import digressing
from dialogs.kinds import words
from dialogs.loop import contracting, contracts, late_vetting, leaving, letters, reminding, reviewing, stopping, waiting
from dialogs.message import Button, Message
from dialogs.offers import agencies, compare_command
from dialogs.owner import Conversation
from dialogs.talk import Talk, Turn
from dialogs.wording import LANGUAGES


def run(talk: Talk, name: str, argument: str = "") -> Turn:
    """Do what the command says; a flow's id starts or resumes that flow."""
    flow = talk.book.flows.get(name)
    if flow is not None:
        entered = ENTRIES[name](talk, flow, argument) if name in ENTRIES else None
        return enter_flow(talk, flow, argument) if entered is None else entered
    command = COMMANDS.get(name)
    return command(talk, argument) if command is not None else _unknown(talk, name)


def _unknown(talk: Talk, name: str) -> Turn:
    near = get_close_matches(name[:40], talk.book.commands, n=1)
    if near:
        return talk.say("unknown-command-near", name=name[:40], near=near[0])
    return talk.say("unknown-command", name=name[:40])


def enter_flow(talk: Talk, flow: Flow, argument: str = "") -> Turn:
    """Go on with the open conversation of a flow, or begin one; "new" always begins."""
    unfinished = open_conversation(talk, flow)
    if unfinished is None or argument == presses.ANEW:
        return begin(talk, flow)
    turn = go_on(talk, unfinished, [talk.speaker.line("already-open", "quiet")])
    return _with_button(
        talk, turn, Button(label=talk.speaker.phrase("act-anew"), press=presses.command(flow.id, presses.ANEW))
    )


def _with_button(talk: Talk, turn: Turn, button: Button) -> Turn:
    *others, last = turn.effects
    message = getattr(last, "message", None)
    if not isinstance(message, Message):
        return turn
    return replace(
        turn,
        effects=(
            *others,
            replace(last, message=replace(message, buttons=(*message.buttons, (button,)), gives_way=False)),
        ),
    )


def _in_dialog(act: Callable[[Talk, Conversation, str], Turn]) -> Callable[[Talk, str], Turn]:
    """For commands that need a conversation in focus."""

    def command(talk: Talk, argument: str) -> Turn:
        conversation = talk.current
        if conversation is None:
            return waiting.menu(talk, talk.speaker.line("nothing-open"))
        return act(talk, conversation, argument)

    return command


def _cancel(talk: Talk, argument: str) -> Turn:
    """Put the dialog aside; with none open "stop" may well mean the reminders, whose switches are shown."""
    conversation = talk.current
    open_ = conversation is not None and not conversation.ended
    if not open_ and contracts.contracts(talk.owner):
        return reminding.dates(talk, talk.speaker.line("nothing-open-stop"))
    return _in_dialog(steering.cancel)(talk, argument)


def _language(talk: Talk, argument: str) -> Turn:
    chosen = words.meant_language(argument)
    if not argument:
        buttons = tuple(
            (Button(label=talk.speaker.phrase(f"language-{name.lower()}"), press=presses.command("language", name)),)
            for name in LANGUAGES
        )
        return talk.turn(Message(lines=(talk.speaker.line("choose-language"),), buttons=buttons, numbered=True))
    if chosen is None:
        return talk.say("unknown-language", name=argument[:40])
    switched = replace(talk, owner=replace(talk.owner, language=chosen))
    conversation = switched.current
    line = switched.speaker.line("language-set", "quiet")
    if conversation is None or conversation.ended:
        return waiting.menu(switched, line)
    return go_on(switched, conversation, [line])


#: How dialogs about a contract are entered; None where the dialog begins as any other.
ENTRIES: Mapping[str, Callable[[Talk, Flow, str], Turn | None]] = {
    "vet": late_vetting.vet,
    "contract": contracting.listed,
    "review": reviewing.review,
    "exit": leaving.leave,
    "collaborate": leaving.month,
}

COMMANDS: Mapping[str, Callable[[Talk, str], Turn]] = {
    "start": greeting.start,
    "resume": greeting.resume,
    "menu": greeting.menu,
    "help": greeting.help_,
    "language": _language,
    "back": _in_dialog(steering.back),
    "later": _in_dialog(steering.later),
    "why": _in_dialog(steering.why),
    "summary": _in_dialog(steering.finish),
    "answers": _in_dialog(steering.answers),
    "cancel": _cancel,
    "ask": digressing.ask,
    "agencies": agencies.agencies,
    "compare": compare_command.compare,
    "document": saving.document,
    "letter": letters.letter,
    "remind": reminding.remind,
    "mute": stopping.stop,
    "privacy": yours.privacy,
    "export": yours.export,
    "forget": keeping.forget,
}
