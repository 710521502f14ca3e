"""Vets an agency whose contract is on record already: its terms are known, and only the rest is asked."""

from __future__ import annotations

from dialogs.conversing import begin
from dialogs.flow import Flow
from dialogs.loop import contracts, naming
from dialogs.talk import Talk, Turn


def vet(talk: Talk, flow: Flow, argument: str) -> Turn | None:
    """By "=1", its contract; None: the dialog begins by itself."""
    number = argument.removeprefix("=")
    if number == argument or not number.isdigit():
        return None
    one = contracts.contract(talk.owner, int(number))
    if one is None:
        return talk.say("contract-gone")
    known = {flow.subject or "": naming.own_name(one.signed) or None, **one.terms(talk.speaker.today)}
    answers = tuple(
        talk.answer(question.id, "given", known[question.id])
        for question in flow.questions
        if known.get(question.id) is not None
    )
    return begin(talk, flow, answers=answers)
