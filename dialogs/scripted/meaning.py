"""What a difference means to the sense of a talk: a verdict or a noted answer is another, or its answers went astray.

Texts that are merely worded otherwise mean nothing. Not its job: finding the differences (`expects`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from dialogs.flow import Question
from dialogs.scripted.expects import Difference, echoed_in, share, spaced
from dialogs.scripted.scene import Scene
from dialogs.speaking import Speaker
from dialogs.talk import Talk

#: `text`: worded otherwise. `verdict`, `noted`: an advice, or what was understood, is another. `astray`: the answers
#: that follow no longer meet the questions they were written for.
Meaning = Literal["text", "verdict", "noted", "astray"]
#: The share of an expected text that at least stands in a question that it was the text of.
_OF_QUESTION = 0.8
#: How much nearer another question must be than the one that is asked.
_NEARER = 0.15
#: Differences after which a talk cannot go on.
_STOPS = frozenset(("talk-no-such-button", "talk-edit-failed", "talk-no-result"))


def meaning(difference: Difference, scene: Scene) -> Meaning:
    """What the difference means; `scene` stands where it was found."""
    if difference.code in _STOPS:
        return "astray"
    if difference.trail[:2] == ("ends", "verdict"):
        return "verdict"
    if difference.trail[-1] == "noted":
        return "astray" if difference.instead is None else "noted"
    if difference.trail[0] not in ("we", "buttons"):
        return "text"
    if _names_another(difference, _verdicts(scene)):
        return "verdict"
    if _echoes_another(difference, scene.speaker):
        return "noted"
    return "astray" if _of_another_question(difference.wanted, scene) else "text"


def _verdicts(scene: Scene) -> frozenset[str]:
    """The titles of all verdicts, as the owner reads them."""
    flows = scene.book.flows.values()
    return frozenset(scene.speaker.text(verdict.title) for flow in flows for verdict in flow.verdicts.values())


def _names_another(difference: Difference, titles: Iterable[str]) -> bool:
    """Whether the text told one verdict and what would be written there tells another."""
    wanted, instead = spaced(difference.wanted), difference.instead or ""
    before, after = ({title for title in titles if title in text} for text in (wanted, instead))
    return bool(before and after and not before & after)


def _echoes_another(difference: Difference, speaker: Speaker) -> bool:
    """Whether the text said what was noted and what would be written there says that something else was."""
    texts = (spaced(difference.wanted), difference.instead or "")
    wanted, instead = (next(echoed_in(text, speaker), None) for text in texts)
    return wanted is not None and instead is not None and wanted != instead


def _of_another_question(wanted: str, scene: Scene) -> bool:
    """Whether the text belongs to a question that is not the one that is asked now."""
    talk = Talk(book=scene.book, owner=scene.owner, at=scene.at)
    current = talk.current
    pending = None if current is None else talk.stand(current).pending
    flows = scene.book.flows.values() if current is None else (talk.flow(current),)
    asked = 0.0 if pending is None else _share(wanted, pending, scene.speaker)
    others = (question for flow in flows for question in flow.questions if question is not pending)
    nearest = max((_share(wanted, question, scene.speaker) for question in others), default=0.0)
    return nearest >= _OF_QUESTION and nearest > asked + _NEARER


def _share(wanted: str, question: Question, speaker: Speaker) -> float:
    return max((share(spaced(wanted), spaced(text)) for text in _texts(question, speaker)), default=0.0)


def _texts(question: Question, speaker: Speaker) -> Iterator[str]:
    yield speaker.text(question.ask)
    if question.hint is not None:
        yield speaker.text(question.hint)
    yield from (speaker.text(option.label) for option in question.options)
