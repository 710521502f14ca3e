"""What a pressed button does. An old button never changes anything silently."""

from __future__ import annotations

from dataclasses import replace

from dialogs import commands, presses, steering
from dialogs.asking import Asked, ask
from dialogs.asking_back import no_longer
from dialogs.conversing import go_on
from dialogs.flow import Question
from dialogs.former_names import option_of, slot_of
from dialogs.free_text import consulting
from dialogs.hearing import accept, agreed, answer, identify, not_sure
from dialogs.loop import contracting, knowing
from dialogs.loop.contracts import CONTRACT
from dialogs.message import Button, Message
from dialogs.offers import agencies
from dialogs.owner import Conversation
from dialogs.presses import Press
from dialogs.talk import Talk, Turn


def press(talk: Talk, pressed: str) -> Turn:
    """A button that was pressed; one that is unknown or out of date changes nothing."""
    meant = presses.read(pressed)
    if meant is None:
        return talk.say("button-expired")
    if meant.verb == "m":
        return commands.run(talk, meant.slot, meant.value)
    if meant.verb == "k":
        return consulting.about(talk, meant.slot, meant.value)
    if meant.verb == "r":
        return _about_record(talk, meant)
    conversation = talk.owner.conversations.get(meant.conversation)
    if conversation is None or conversation.flow not in talk.book.flows:
        return talk.say("button-expired")
    if meant.slot == "":
        return _about_all(talk, conversation, meant)
    slot = slot_of(talk.flow(conversation), meant.slot)
    question = next((one for one in talk.stand(conversation).asked if one.id == slot), None)
    if question is None:
        return talk.say("button-expired")
    return _about_question(talk, conversation, question, meant)


def _about_record(talk: Talk, meant: Press) -> Turn:
    flow = talk.book.flows.get(CONTRACT)
    if flow is not None and meant.slot == CONTRACT:
        return contracting.act(talk, flow, meant.conversation, meant.value)
    if flow is not None and meant.value == "sign":
        named = (meant.slot, meant.conversation)
        vetted = next((one for one in talk.owner.records if (one.kind, one.number) == named), None)
        return talk.say("agency-gone") if vetted is None else contracting.sign(talk, flow, vetted)
    return agencies.act(talk, meant.slot, meant.conversation, meant.value)


def _about_all(talk: Talk, conversation: Conversation, meant: Press) -> Turn:
    acts = {
        "answers": steering.answers, "continue": steering.reopen, "result": steering.finish, "walk": agencies.walk,
        "resume": steering.take_up,
    }  # fmt: skip
    act = acts.get(meant.value)
    return talk.say("button-expired") if act is None else act(talk.focused(conversation), conversation)


def _about_question(talk: Talk, conversation: Conversation, question: Question, meant: Press) -> Turn:
    if meant.verb == "c" and meant.value == "edit":
        return steering.edit(talk, conversation, question.id)
    stand = talk.stand(conversation)
    if stand.pending is None or stand.pending.id != question.id or conversation.ended:
        return _old(talk, conversation, question)
    asked = Asked(talk.owner, talk.flow(conversation), conversation, stand, question, talk.book)
    if question.kind != "many" and (meant.verb == "t" or meant.value == "done"):
        # The question was one of several ticks when the button was made, and is not any more.
        return go_on(talk, conversation, [talk.speaker.line("button-expired", "quiet")])
    if meant.verb == "c":
        return _act(talk, asked, meant.value)
    if meant.verb == "t":
        return _tick(talk, asked, meant)
    return answer(talk, asked, meant.value)


def _old(talk: Talk, conversation: Conversation, question: Question) -> Turn:
    """A button of a question that was answered since: say what was answered and offer to change it."""
    answers = talk.stand(conversation).answers
    if question.id not in answers:
        return go_on(talk, conversation, [talk.speaker.line("button-expired", "quiet")])
    line = talk.speaker.line("old-button", value=talk.speaker.value(question, answers))
    change = Button(
        label=talk.speaker.phrase("act-edit"), press=presses.control(conversation.number, question.id, "edit")
    )
    return talk.turn(Message(lines=(line,), buttons=((change,),), numbered=talk.stand(conversation).pending is None))


def _act(talk: Talk, asked: Asked, act: str) -> Turn:
    if act == "not-sure":
        return not_sure(talk, asked)
    if act.split(".")[0] in (knowing.SAME, knowing.ANOTHER):
        return _identify(talk, asked, act)
    if act == "yes":
        return agreed(talk, asked, "")
    if act == "no":
        return no_longer(talk, asked)
    if act == "done":
        return accept(talk, asked, _in_order(asked.question, asked.conversation.draft), "")
    acts = {
        "back": steering.back,
        "later": steering.later,
        "why": steering.why,
        "summary": steering.finish,
        "finish": steering.finish,
        "stop": steering.cancel,
    }
    return acts[act](talk, asked.conversation) if act in acts else talk.say("button-expired")


def _identify(talk: Talk, asked: Asked, act: str) -> Turn:
    """Who the name that waits is; a button from before, or of what is there no more, changes nothing."""
    other = knowing.meant(talk, act)
    if len(asked.conversation.draft) != 1 or (other is None and act != knowing.ANOTHER):
        return go_on(talk, asked.conversation, [talk.speaker.line("button-expired", "quiet")])
    return identify(talk, asked, other)


def _tick(talk: Talk, asked: Asked, meant: Press) -> Turn:
    """Set an option on or off in the draft; it becomes the answer with "done"."""
    option = option_of(asked.flow, asked.question.id, meant.value)
    others = set(asked.conversation.draft) - {option}
    ticked = others | {option} if meant.on else others
    drafted = replace(asked.conversation, draft=_in_order(asked.question, tuple(ticked)))
    here = talk.focused(drafted)
    return here.turn(ask(here.speaker, replace(asked, owner=here.owner, conversation=drafted)))


def _in_order(question: Question, ticked: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(option.id for option in question.options if option.id in ticked)
