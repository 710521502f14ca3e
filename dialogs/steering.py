"""What an owner does within one dialog: back, later, why, the result early, aside, on again, and his answers to change.

Not its job: which command or button means it (`commands`, `pressing`).
"""

from __future__ import annotations

from dialogs import presses
from dialogs.conversing import conclude, go_on, take
from dialogs.flow import Question
from dialogs.free_text import consulting
from dialogs.kinds.normalize import plain
from dialogs.loop import waiting
from dialogs.message import Button, Line, Message
from dialogs.owner import Conversation
from dialogs.short_asks import short
from dialogs.talk import Talk, Turn


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
    return waiting.menu(talk.unfocused(), talk.speaker.line("put-aside", title=title))


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
