"""What becomes of a conversation when its dialog changes under it: asked again, asked newly, put aside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dialogs.flow import Flow
from dialogs.fold import position
from dialogs.owner import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Slots, each in the order of the new dialog; `dropped` are those whose answer does not count any more."""

    again: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def is_touched(self) -> bool:
        """Its owner will notice."""
        return bool(self.again or self.new or self.dropped)


def carried(old: Flow, new: Flow | None, answers: Iterable[Answer]) -> Carried:
    """What the change from `old` to `new` does to these answers; None: the dialog is gone, and all of them with it."""
    given = tuple(answers)
    before = position(old, given)
    if new is None:
        return Carried(dropped=tuple(before.answers))
    after = position(new, given)
    known = {former: question.id for question in new.questions for former in question.was}
    answered = {known.get(slot, slot) for slot in before.answers}
    asked = [question.id for question in after.asked]
    asked_before = {known.get(question.id, question.id) for question in before.asked}
    return Carried(
        again=tuple(slot for slot in asked if slot in answered and slot not in after.answers),
        new=tuple(slot for slot in asked if slot not in asked_before and slot not in after.answers),
        dropped=tuple(sorted(answered - set(asked))),
    )
