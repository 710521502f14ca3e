"""Words one question: its section, the question, what it offers, its buttons and how far we are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dialogs import presses
from dialogs.compile import Book
from dialogs.flow import Flow, Question
from dialogs.fold import Position, recounted
from dialogs.former_names import of_conversation
from dialogs.kinds import KINDS, Read
from dialogs.loop.defaults import elsewhere
from dialogs.message import Button, Line, Message
from dialogs.outcome import raw
from dialogs.owner import Conversation, Owner
from dialogs.speaking import Speaker
from dialogs.wording import Wording

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A conversation at its pending question."""

    owner: Owner
    flow: Flow
    conversation: Conversation
    position: Position
    question: Question
    #: For the days of a contract; None: not known.
    book: Book | None = None


def ask(speaker: Speaker, asked: Asked, before: Iterable[Line] = (), stop: bool = False) -> Message:
    """The question as a message, after the lines `before`; `stop` offers to stop at what is known.

    It may give way only where nothing but remarks stands above it: a verdict so far or an answer of the books stays.
    """
    above = tuple(before)
    remarks = all(line.style == "quiet" for line in above)
    return Message(
        lines=(*above, *_lines(speaker, asked)),
        buttons=_buttons(speaker, asked, stop=stop),
        progress=asked.position.progress,
        replaces=True,
        gives_way=remarks,
    )


def _lines(speaker: Speaker, asked: Asked) -> Iterable[Line]:
    question = asked.question
    if _opens_section(asked):
        title = next(part.title for part in asked.flow.sections if part.id == question.section)
        yield Line(text=speaker.text(title), style="heading")
    yield Line(text=speaker.text(question.ask))
    if question.hint is not None:
        yield Line(text=speaker.text(question.hint), style="quiet")
    if question.kind == "many":
        yield speaker.line("many-hint", "quiet")
    if question.examples and asked.conversation.misses:
        examples = (_example(speaker, asked, text) for text in question.examples)
        yield speaker.line("for-example", "quiet", examples=" / ".join(examples))
    for place, (key, value) in enumerate(offers(asked)):
        # "Same" means the first of them.
        yield speaker.line(f"{key}-too" if place else key, "quiet", value=said(speaker, asked, value))


def _example(speaker: Speaker, asked: Asked, text: str) -> str:
    """An example answer for the reader: in traditional characters, or, in English, what a Chinese one comes to."""
    question = asked.question
    reading = KINDS[question.kind].read(text, question, speaker.circumstance(question, asked.position.answers))
    spoken = said(speaker, asked, reading.value) if isinstance(reading, Read) and not text.isascii() else text
    return Wording(text, None, spoken).in_language(speaker.language)


def _opens_section(asked: Asked) -> bool:
    """The first question of a section that is asked names the section."""
    first = next(one for one in asked.position.asked if one.section == asked.question.section)
    return first.id == asked.question.id


def offers(asked: Asked) -> Iterable[tuple[str, Any]]:
    """Values that the owner may simply accept, with the phrase that says where each comes from."""
    own = _before(asked)
    if own is not None:
        yield "you-said", own
    if own is None:
        for key, kept in elsewhere(asked.owner, asked.flow, asked.conversation, asked.question, asked.book):
            value = _fitting(asked.question, kept)
            if value is not None:
                yield key, value


def _before(asked: Asked) -> Any:
    """The answer that was taken back to be changed."""
    entries = of_conversation(asked.flow, asked.conversation.answers)
    if recounted(asked.question, entries):
        return None
    mine = [answer for answer in entries if answer.slot == asked.question.id]
    given = next((answer for answer in reversed(mine) if answer.how == "given"), None)
    return None if given is None else _fitting(asked.question, given.value)


def _fitting(question: Question, kept: Any) -> Any:
    if kept is None:
        return None
    try:
        return KINDS[question.kind].decode(kept, question)
    except ValueError:
        return None


def said(speaker: Speaker, asked: Asked, value: Any) -> str:
    """A value of the pending question in words."""
    answers = {**asked.position.answers, asked.question.id: value}
    return speaker.value(asked.question, answers)


def _raw(question: Question, value: Any) -> str:
    return raw(value, percent=question.kind == "percent")


#: A day or a name of somebody else's is no answer to choose; options stand there already.
_OWN = frozenset({"choice", "many", "date", "text"})


def _buttons(speaker: Speaker, asked: Asked, *, stop: bool) -> Rows:
    number, slot = asked.conversation.number, asked.question.id
    rows = [*_options(speaker, asked)]
    rows += [
        (Button(label=said(speaker, asked, value), press=presses.offered(number, slot, _raw(asked.question, value))),)
        for _, value in offers(asked)
        if asked.question.kind not in ("choice", "many", "text")
    ]
    if asked.conversation.misses > 1 and asked.question.kind not in _OWN:
        examples = [(_example(speaker, asked, text), text) for text in asked.question.examples[:3]]
        rows += [tuple(Button(label=label, press=presses.offered(number, slot, text)) for label, text in examples)]
    acts = _acts(asked, stop=stop)
    controls = [Button(label=speaker.phrase(f"act-{act}"), press=presses.control(number, slot, act)) for act in acts]
    return tuple(row for row in (*rows, tuple(controls[:3]), tuple(controls[3:])) if row)


def _acts(asked: Asked, *, stop: bool) -> Iterable[str]:
    """What the flow offers under its questions, as far as it makes sense under this one."""
    offered = [act for act in asked.flow.buttons.question if act != "not-sure" or asked.question.not_sure]
    return ["finish" if stop and act == "summary" else act for act in offered]


def _options(speaker: Speaker, asked: Asked) -> Iterable[tuple[Button, ...]]:
    number, question = asked.conversation.number, asked.question
    many = question.kind == "many"
    for option in question.options:
        label = speaker.text(option.label)
        ticked = option.id in asked.conversation.draft
        press = (
            presses.tick(number, question.id, option.id, on=not ticked)
            if many
            else presses.option(number, question.id, option.id)
        )
        yield (Button(label=f"✓ {label}" if many and ticked else label, press=press),)
    if many:
        yield (Button(label=speaker.phrase("act-done"), press=presses.control(number, question.id, "done")),)
