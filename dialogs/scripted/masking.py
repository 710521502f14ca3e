"""Masks the answers of a conversation so that nobody is known by it: other names, other sums, no words of the owner's.

What a kind does not call harmless itself is masked: a text becomes a name, a sum another sum, anything else an example.

Sums are replaced by others of like size, drawn until the verdict (and, if it can be, every flag) stays what it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from dialogs.decide import Deduction
from dialogs.flow import Flow, Question
from dialogs.fold import position
from dialogs.kinds import KINDS, menu
from dialogs.kinds.base import Circumstance, Read, is_harmless
from dialogs.kinds.normalize import plain
from dialogs.outcome import raw
from dialogs.owner import Answer
from dialogs.wording import Wording

#: A sum becomes one between these shares of itself, with so many digits.
_LEAST, _MOST, _DIGITS = 0.6, 1.6, 2
_DRAWS = 60
#: Nobody is known by a text as short as this.
_SHORT = 5


#: The case before in a series, as it was and as it is masked.
Before = tuple[Deduction | None, Deduction | None]
#: Other sums by slot and sum.
_Sums = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """What to type for each answer (by its place in the list, "" where nothing was given), and what was done."""

    typed: tuple[str, ...]
    #: The same in our words, for where the owner's own depend on what was before (unchanged).
    plain: tuple[str, ...]
    notes: tuple[str, ...]


def mask(
    flow: Flow, answers: tuple[Answer, ...], phrases: Mapping[str, Wording], language: str, random: Random,
    before: Before = (None, None),
) -> Masked:  # fmt: skip
    """The answers, masked; those to questions that the flow does not have are left empty."""
    sums, verdicts = _sums(flow, answers, random, before)
    names = _names(flow, answers, phrases["some-agency"].fill(language))
    typed = [_typed(flow, answer, names, sums, language) for answer in answers]
    told = [
        _told(flow.by_slot[answer.slot], answer, language) if _is_worded(flow, answer) else text
        for answer, text in zip(answers, typed, strict=True)
    ]
    reworded = any(
        answer.raw not in ("", text) and _kind(flow, answer) not in ("", "text", "money")
        for answer, text in zip(answers, typed, strict=True)
    )
    notes = [phrases["masked-name"].fill(language, {"name": ", ".join(names.values())})] if names else []
    notes += _about_sums(flow, verdicts, phrases, language) if sums else []
    notes += [phrases["masked-words"].fill(language)] if reworded else []
    return Masked(typed=tuple(typed), plain=tuple(told), notes=tuple(notes))


def _kind(flow: Flow, answer: Answer) -> str:
    """The kind of what was given; empty where nothing was, or the flow does not have the question any more."""
    question = flow.by_slot.get(answer.slot)
    return "" if answer.how != "given" or question is None else question.kind


def _is_worded(flow: Flow, answer: Answer) -> bool:
    """It can be said in our words, since nobody is known by it."""
    return is_harmless(_kind(flow, answer))


def _names(flow: Flow, answers: Iterable[Answer], name: str) -> Mapping[str, str]:
    """Another name for each text that was given, in their order."""
    given = dict.fromkeys(str(answer.value) for answer in answers if _kind(flow, answer) == "text")
    return {text: f"{name} {place}" if place > 1 else name for place, text in enumerate(given, 1)}


def _typed(flow: Flow, answer: Answer, names: Mapping[str, str], sums: _Sums, language: str) -> str:
    value = str(answer.value)
    match _kind(flow, answer):
        case "":
            return ""
        case "text":
            return names[value]
        case "money":
            return sums.get((answer.slot, value), value)
        case kind if is_harmless(kind):
            return _harmless(flow.by_slot[answer.slot], answer, language)
        case _:
            return _example(flow.by_slot[answer.slot], answer, language)


def _example(question: Question, answer: Answer, language: str) -> str:
    """An example of the question's in place of what was typed; empty where it has none that is another answer."""
    circumstance = Circumstance(language=language, today=answer.at.date())
    for text in question.examples:
        reading = KINDS[question.kind].read(text, question, circumstance)
        if isinstance(reading, Read) and KINDS[question.kind].encode(reading.value) != answer.value:
            return text
    return ""


def _harmless(question: Question, answer: Answer, language: str) -> str:
    """What was typed where it is short or an option's own name; else the value in our words."""
    read = plain(answer.raw)
    if question.options and menu.exactly(read, menu.menu(question.options)):
        return answer.raw
    # A day may be meant from the day on which it was said.
    if 0 < len(read) <= _SHORT and not question.options and question.kind != "date":
        return answer.raw
    return _told(question, answer, language)


def _told(question: Question, answer: Answer, language: str) -> str:
    """The value as anybody could type it; empty where the question does not have it any more."""
    try:
        value = KINDS[question.kind].decode(answer.value, question)
    except ValueError:
        return ""
    if question.kind in ("choice", "many"):
        return KINDS[question.kind].say(value, question, Circumstance(language=language, today=answer.at.date()))
    return raw(value, percent=question.kind == "percent")


def _sums(flow: Flow, answers: tuple[Answer, ...], random: Random, before: Before) -> tuple[_Sums, tuple[str, str]]:
    """Other sums by slot and sum, and the verdict with the owner's and with these."""
    money = {
        (answer.slot, str(answer.value))
        for answer in answers
        if _kind(flow, answer) == "money" and Decimal(str(answer.value))
    }
    was = _follows(flow, answers, {}, before[0])
    best: tuple[int, _Sums, str] | None = None
    for _ in range(_DRAWS if money else 0):
        drawn = {key: _other(Decimal(key[1]), random) for key in sorted(money)}
        now = _follows(flow, answers, drawn, before[1])
        likeness = (now[0] == was[0]) + (now == was)
        if best is None or likeness > best[0]:
            best = (likeness, drawn, now[0])
        if likeness == 2:
            break
    return ({}, (was[0], was[0])) if best is None else (best[1], (was[0], best[2]))


def _other(amount: Decimal, random: Random) -> str:
    """A round sum of like size that is not this one."""
    while True:
        drawn = amount * Decimal(random.uniform(_LEAST, _MOST))
        rounded = drawn.quantize(Decimal(1).scaleb(max(drawn.adjusted() - _DIGITS + 1, -2)))
        if rounded != amount and rounded > 0:
            return f"{rounded:f}"


def _follows(
    flow: Flow, answers: Iterable[Answer], sums: _Sums, previous: Deduction | None
) -> tuple[str, frozenset[str]]:
    """The verdict and the flags over what is known at the end."""
    masked = (_with(answer, sums.get((answer.slot, str(answer.value)))) for answer in answers)
    deduction = Deduction(flow, position(flow, masked).answers, previous)
    return deduction.rule.verdict, frozenset(flag.id for flag in deduction.flags)


def _with(answer: Answer, value: str | None) -> Answer:
    return answer if value is None else Answer(slot=answer.slot, how=answer.how, value=value, at=answer.at)


def _about_sums(flow: Flow, verdicts: tuple[str, str], phrases: Mapping[str, Wording], language: str) -> list[str]:
    before, after = (flow.verdicts[id].title.fill(language) for id in verdicts)
    if before == after:
        return [phrases["masked-sums"].fill(language)]
    return [phrases["masked-sums-verdict"].fill(language, {"before": before, "after": after})]
