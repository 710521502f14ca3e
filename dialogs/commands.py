"""What each slash command does. Their names and texts stand in `bot/commands.yaml`; here is one function a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from dialogs import presses, saving, yours
from dialogs.conversing import begin, conclude, go_on, open_conversation, take
from dialogs.effects import PlanReminders
from dialogs.flow import Flow, Question
from dialogs.free_text import consulting, digressing
from dialogs.kinds import words
from dialogs.kinds.normalize import plain
from dialogs.loop import contracting, contracts, late_vetting, leaving, letters, reminding, reviewing, stopping
from dialogs.loop.waiting import waiting
from dialogs.message import Button, Line, Message
from dialogs.offers import agencies, compare_command
from dialogs.owner import Conversation
from dialogs.short_asks import short
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
        turn, effects=(*others, replace(last, message=replace(message, buttons=(*message.buttons, (button,)))))
    )


def _start(talk: Talk, argument: str) -> Turn:
    """Who was away, and wanted to hear nothing, is told once what fell due."""
    turn = _the_menu(talk, _introduction(talk))
    messages, effects = reminding.missed_meanwhile(talk)
    if not effects and contracts.contracts(talk.owner):
        effects = (PlanReminders(),)
    return replace(turn, effects=(*effects, *turn.effects, *talk.turn(*messages).effects))


def _resume(talk: Talk, argument: str) -> Turn:
    """What a returning person sees: what fell due, then his pending question, or the menu."""
    conversation = talk.current
    if conversation is None or conversation.ended:
        return _welcomed(talk)
    messages, effects = reminding.missed_meanwhile(talk)
    turn = take_up(talk, conversation)
    # The question comes last: what is typed next is its answer.
    before = talk.turn(*(replace(one, buttons=()) for one in messages), effects=effects)
    return replace(turn, effects=(*before.effects, *turn.effects))


def _welcomed(talk: Talk) -> Turn:
    """What fell due, the last of it with its buttons; else the menu."""
    known = bool(talk.owner.conversations)
    line = talk.speaker.line("welcome-back") if known else _introduction(talk)
    messages, effects = reminding.missed_meanwhile(talk)
    if not messages:
        return _the_menu(talk, line)
    *earlier, last = messages
    menu = (Button(label=talk.speaker.phrase("act-menu"), press=presses.command("menu")),)
    last = replace(last, buttons=(*last.buttons, menu))
    return talk.turn(Message(lines=(line,)), *(replace(one, buttons=()) for one in earlier), last, effects=effects)


def _introduction(talk: Talk) -> Line:
    return talk.speaker.line("welcome", where=talk.speaker.phrase("where-kept"))


def _menu(talk: Talk, argument: str) -> Turn:
    return _the_menu(talk)


def _the_menu(talk: Talk, *before: Line) -> Turn:
    """With what waits for the owner at its head."""
    return talk.menu(*before, first=waiting(talk))


def _help(talk: Talk, argument: str) -> Turn:
    speaker = talk.speaker
    lines = [
        speaker.line("command-line", "item", name=name, says=speaker.text(says))
        for name, says in talk.book.commands.items()
    ]
    return talk.turn(
        Message(lines=(speaker.line("help-heading", "heading"), *lines, speaker.line("help-words", "quiet")))
    )


def in_dialog(act: Callable[[Talk, Conversation, str], Turn]) -> Callable[[Talk, str], Turn]:
    """For commands that need a conversation in focus."""

    def command(talk: Talk, argument: str) -> Turn:
        conversation = talk.current
        if conversation is None:
            return _the_menu(talk, talk.speaker.line("nothing-open"))
        return act(talk, conversation, argument)

    return command


def _cancel(talk: Talk, argument: str) -> Turn:
    """Put the dialog aside; with none open "stop" may well mean the reminders, whose switches are shown."""
    conversation = talk.current
    open_ = conversation is not None and not conversation.ended
    if not open_ and contracts.contracts(talk.owner):
        return reminding.dates(talk, talk.speaker.line("nothing-open-stop"))
    return in_dialog(cancel)(talk, argument)


def back(talk: Talk, conversation: Conversation, argument: str = "") -> Turn:
    """To the question before: its answer is taken back and offered again."""
    stand = talk.stand(conversation)
    order = [question.id for question in stand.asked]
    until = len(order) if stand.pending is None else order.index(stand.pending.id)
    answered = [slot for slot in order[:until] if slot in stand.answers or slot in stand.open]
    if not answered:
        return go_on(talk, conversation, [talk.speaker.line("nothing-before", "quiet")])
    return edit(talk, conversation, answered[-1])


def edit(talk: Talk, conversation: Conversation, slot: str) -> Turn:
    """Ask an answered question again, or one that is still open before its turn; all other answers stay."""
    stand = talk.stand(conversation)
    order = [question.id for question in stand.asked]
    before = order[: order.index(slot)] if slot in order and slot not in stand.answers else []
    passed = [earlier for earlier in before if earlier not in stand.answers and earlier not in stand.open]
    left = [talk.answer(earlier, "later") for earlier in passed]
    return take(talk, conversation, [*left, talk.answer(slot, "withdrawn")])


def later(talk: Talk, conversation: Conversation, argument: str = "") -> Turn:
    """Leave the pending question open and go on."""
    pending = talk.stand(conversation).pending
    if pending is None:
        return go_on(talk, conversation)
    line = talk.speaker.line("echo-later", "quiet")
    return take(talk, conversation, [talk.answer(pending.id, "later")], [line])


def why(talk: Talk, conversation: Conversation, argument: str = "") -> Turn:
    """What stands behind the pending question, and the question again."""
    pending = talk.stand(conversation).pending
    if pending is None:
        return go_on(talk, conversation)
    speaker = talk.speaker
    lines = [speaker.line("why-asked", "heading", topic=speaker.topic(pending.why))]
    told = talk.book.whys.get(pending.why)
    lines += [Line(text=speaker.text(told))] if told is not None else []
    return consulting.why(talk, pending.why, lines)


def finish(talk: Talk, conversation: Conversation, argument: str = "") -> Turn:
    """The result over what is known; what is open counts as not sure, and may be answered later."""
    return conclude(talk, conversation)


def cancel(talk: Talk, conversation: Conversation, argument: str = "") -> Turn:
    """Put the dialog aside; nothing is lost."""
    title = talk.speaker.text(talk.flow(conversation).title)
    return _the_menu(talk.unfocused(), talk.speaker.line("put-aside", title=title))


def take_up(talk: Talk, conversation: Conversation, argument: str = "") -> Turn:
    """Go on where a conversation was left."""
    title = talk.speaker.text(talk.flow(conversation).title)
    return go_on(talk, conversation, [talk.speaker.line("resumed", "quiet", title=title)])


def reopen(talk: Talk, conversation: Conversation, argument: str = "") -> Turn:
    """Ask again what is unknown: not sure, later, never asked."""
    unknown = [question.id for question in talk.stand(conversation).unknown]
    return take(talk, conversation, [talk.answer(slot, "withdrawn") for slot in unknown])


def answers(talk: Talk, conversation: Conversation, argument: str = "") -> Turn:
    """The answers given so far, each with a button to change it; an argument names the one to change at once."""
    stand, speaker = talk.stand(conversation), talk.speaker
    flow = talk.flow(conversation)
    # Figures come in any order: those of a quarter that are still open can be chosen, too.
    given = [question for question in stand.asked if flow.trend or question.id in stand.answers]
    if not stand.answers:
        return go_on(talk, conversation, [speaker.line("nothing-answered", "quiet")])
    if argument:
        chosen = _chosen(given, argument)
        if chosen is None:
            return talk.say("no-such-answer", name=argument[:40])
        return edit(talk, conversation, chosen.id)
    lines = [speaker.line("your-answers", "heading")]
    buttons: list[tuple[Button, ...]] = []
    for question in given:
        name, value = short(question, speaker.language), speaker.value(question, stand.answers)
        value = value if question.id in stand.answers else speaker.phrase("answer-open")
        text = speaker.phrase("answered", question=name, value=value)
        buttons.append((Button(label=text, press=presses.control(conversation.number, question.id, "edit")),))
    return talk.turn(Message(lines=tuple(lines), buttons=tuple(buttons), numbered=True))


def _chosen(given: list[Question], argument: str) -> Question | None:
    """By its place in the list or by its slot."""
    named = plain(argument)
    places = {str(place): question for place, question in enumerate(given, 1)}
    return places.get(named) or next((question for question in given if question.id == named), None)


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
        return _the_menu(switched, line)
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
    "start": _start,
    "resume": _resume,
    "menu": _menu,
    "help": _help,
    "language": _language,
    "back": in_dialog(back),
    "later": in_dialog(later),
    "why": in_dialog(why),
    "summary": in_dialog(finish),
    "answers": in_dialog(answers),
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
    "forget": yours.forget,
}
