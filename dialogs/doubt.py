"""A doubt about an answer, as a flow's YAML writes it. Not its job: asking about it (`doubting`)."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.expression import Expression
from dialogs.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """While `when` is surely true of an answer just given, a person is asked "really?" once before it is taken."""

    when: Expression
    says: Wording
    #: What was meant more likely, as it could be typed; its places are filled as those of `says`.
    instead: str | None = None
    #: False: the answer itself cannot be taken.
    keeps: bool = True
    #: The buttons for taking it and for another answer.
    yes: Wording | None = None
    no: Wording | None = None
