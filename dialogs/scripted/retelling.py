"""Does again in a scene what an owner did in a conversation, with his answers masked, and notes what is answered.

Not its job: which conversations (`record`), what is masked and how (`masking`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from dialogs.flow import Flow
from dialogs.fold import position
from dialogs.owner import Answer, Conversation
from dialogs.scripted.masking import Masked
from dialogs.scripted.scene import NoSuchButton, Scene

#: What happened, as a talk has it: ("you", text) or ("press", label).
Act = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One act with what was answered to it."""

    act: Act
    noted: str | None
    we: str | None


class Retelling:
    """Does again what the owner did, with the masked answers, and notes what is answered."""

    def __init__(self, scene: Scene, flow: Flow, masked: Masked) -> None:
        self.scene = scene
        self.flow = flow
        self.told: list[Told] = []
        self.left_out: list[str] = []
        self.masked = masked

    def let_pass(self, conversation: Conversation) -> None:
        """Wait for the day on which it was held, where that is still to come."""
        days = (conversation.answers[0].at - self.scene.at).days if conversation.answers else 0
        if days > 0:
            self.scene.wait(timedelta(days=days))
            self.told.append(Told(act=("wait", f"{days} days"), noted=None, we=None))

    def all(self, conversation: Conversation, opening: str) -> None:
        """The whole conversation, and its result where it came to one."""
        self._do(("you", opening))
        answers = conversation.answers
        place = _alike(self._now.answers, answers) if answers else 0
        while place < len(answers):
            taken = self._one_of(place, answers)
            if not taken:
                self.left_out.append(answers[place].slot)
            place += taken or 1
        if conversation.record and not self._now.ended:
            self._do(("you", "/summary"))

    @property
    def _now(self) -> Conversation:
        return self.scene.owner.conversations[self.scene.owner.focus]

    def _one_of(self, place: int, answers: tuple[Answer, ...]) -> int:
        """Do what leads to the answers from `place` on; to how many of them, 0 where nothing does."""
        most, best = 0, tuple[Act, ...]()
        for acts in self._ways(place, answers):
            taken = _alike(self._tried(acts)[len(self._now.answers) :], answers[place:])
            if taken > most:
                most, best = taken, acts
        if not most:
            most, best = self._doubted(place, answers)
        for act in best:
            self._do(act)
        return most

    def _ways(self, place: int, answers: tuple[Answer, ...]) -> Iterator[tuple[Act, ...]]:
        answer = answers[place]
        phrase = self.scene.speaker.phrase
        if answer.how == "given":
            for text in (self.masked.typed[place], self.masked.plain[place]):
                yield (("you", text),)
                yield ("you", f"/answers {answer.slot}"), ("you", text)
        elif answer.how == "not-sure":
            yield (("press", phrase("act-not-sure")),)
        elif answer.how == "later":
            yield (("press", phrase("act-later")),)
        else:
            yield (("press", phrase("act-back")),)
            yield (("you", f"/answers {answer.slot}"),)
            yield (("press", phrase("act-continue")),)
            yield ("you", "/summary"), ("press", phrase("act-continue"))

    def _doubted(self, place: int, answers: tuple[Answer, ...]) -> tuple[int, tuple[Act, ...]]:
        """A doubted answer, which is taken when it is said once more. Two answers are never made of it."""
        for text in (self.masked.typed[place], self.masked.plain[place]):
            acts: tuple[Act, ...] = (("you", text), ("you", text))
            if (
                answers[place].how == "given"
                and _alike(self._tried(acts)[len(self._now.answers) :], answers[place:]) == 1
            ):
                return 1, acts
        return 0, ()

    def _tried(self, acts: tuple[Act, ...]) -> tuple[Answer, ...]:
        """The answers there would be."""
        trial = self.scene.copy()
        try:
            for act in acts:
                _perform(trial, act)
        except NoSuchButton:
            return ()
        return trial.owner.conversations[self.scene.owner.focus].answers

    def _do(self, act: Act) -> None:
        _perform(self.scene, act)
        stand, speaker = position(self.flow, self._now.answers), self.scene.speaker
        given = self._now.answers[-1:]
        lines = [line.text for message in self.scene.messages for line in message.lines]
        questions = [self.flow.by_slot[one.slot] for one in given if one.how == "given"]
        said = [(question, speaker.value(question, stand.answers)) for question in questions]
        noted = next((value for question, value in said if speaker.echo(question, value) in lines), None)
        if self._now.ended:
            named = (self._now.flow, self._now.record)
            verdict = next(one for one in self.scene.owner.records if (one.kind, one.number) == named).result["verdict"]
            asked = speaker.text(self.flow.verdicts[verdict].title)
        else:
            asked = speaker.text(stand.pending.ask) if stand.pending is not None else ""
        told = next((line for line in lines if asked and asked in line), None)
        self.told.append(Told(act=act, noted=noted, we=asked if told else None))


def _alike(added: tuple[Answer, ...], wanted: tuple[Answer, ...]) -> int:
    """How many answers of `wanted` the added ones are; 0 where they are others. Asking again for one may go before."""
    if added and added[0].how == "withdrawn" and wanted[0].how != "withdrawn" and added[0].slot == wanted[0].slot:
        added = added[1:]
    same = [(one.slot, one.how) for one in added] == [(one.slot, one.how) for one in wanted[: len(added)]]
    return len(added) if same else 0


def _perform(scene: Scene, act: Act) -> None:
    kind, text = act
    if kind == "press":
        scene.press(text)
    else:
        scene.type(text)
