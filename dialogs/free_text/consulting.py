"""Questions to the books: what a free text is told, and what the buttons below an entry do.

Inside a dialog the pending question is asked again, once, after whatever is told; an entry never fills a slot.
Not its job: whether a text is an answer to the pending question (`hearing`), wording an entry (`entry_telling`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dialogs import presses
from dialogs.conversing import go_on
from dialogs.effects import Effect, LogUnanswered, RateEntry, SendMessage
from dialogs.free_text.entry_telling import EntryTelling, in_language
from dialogs.free_text.gaps import shortened
from dialogs.message import Button, Line, Message
from dialogs.talk import Talk, Turn, in_passing
from knowledge.entry import Entry
from knowledge.library import Answers

if TYPE_CHECKING:
    # Only to name the type: the matcher's libraries take 0.3 s to load.
    from knowledge.search import Decision

#: So many entries are offered where none is sure, and so many related ones below an entry.
OFFERED = 3

Rows = Sequence[tuple[Button, ...]]


def consult(talk: Talk, text: str, *, sure_only: bool = False) -> Turn | None:
    """What the books say to the text; None where they have nothing, or with `sure_only` no sure answer."""
    library = talk.book.library
    if library is None:
        return None
    decision = library.decide(text, talk.owner.last_topic or None)
    entry = library.entries.get(decision.topic or "")
    if entry is None and (sure_only or decision.kind == "none"):
        return None
    asked = _Question(talk, library, decision, text)
    if entry is not None:
        return tell(asked.noted(), entry, effects=asked.reworded())
    return _offer(asked.noted(), library, decision, asked.reworded())


def not_found(talk: Talk, text: str) -> tuple[Effect, ...]:
    """Keeps the text as one that the books have nothing on."""
    library = talk.book.library
    if library is None or not talk.book.keep_gaps:
        return ()
    ranked = library.decide(text, talk.owner.last_topic or None).ranked
    return (_gap(talk, "none", shortened(text), [topic for topic, _ in ranked]),)


@dataclass(frozen=True, slots=True)
class _Question:
    """A question that the books have something on."""

    talk: Talk
    library: Answers
    decision: Decision
    text: str

    def noted(self) -> Talk:
        """The owner with the question as the one asked last."""
        question = shortened(self.text) if self.talk.book.keep_gaps else ""
        return replace(self.talk, owner=replace(self.talk.owner, last_question=question))

    def reworded(self) -> tuple[Effect, ...]:
        """The question before, where this one says the same in other words: what was told to it did not help."""
        before = self.talk.owner.last_question
        if not before or not self.talk.book.keep_gaps or before == shortened(self.text):
            return ()
        topics = [topic for topic, _ in self.library.decide(before).ranked]
        same = self.decision.ranked[0][0] in topics[:OFFERED]
        return (_gap(self.talk, "reworded", before, topics),) if same else ()


def _gap(talk: Talk, why: str, text: str, topics: Sequence[str]) -> LogUnanswered:
    return LogUnanswered(why=why, text=text, language=talk.owner.language, topics=tuple(topics[:OFFERED]))


def tell(talk: Talk, entry: Entry, before: Iterable[Line] = (), effects: Iterable[Effect] = ()) -> Turn:
    """The short answer, with buttons for more; it is what a short question may follow up on."""
    told, here = _telling(talk, entry), _on(talk, entry)
    rows = [_judging(here, entry.topic, more=True), *([] if is_asking(here) else _leads(here, entry))]
    return say(here, [*before, told.title(), *told.short()], rows, effects)


def why(talk: Talk, topic: str, lines: Sequence[Line]) -> Turn:
    """What stands behind the pending question, which `lines` say, and the question again."""
    here = replace(talk, owner=replace(talk.owner, last_topic=topic))
    return say(here, lines, [_judging(here, topic, more=True)] if talk.book.library is not None else [])


def _more(talk: Talk, entry: Entry) -> Turn:
    told, here = _telling(talk, entry), _on(talk, entry)
    rows = [_judging(here, entry.topic, more=False), *_leads(here, entry)]
    return say(here, [told.title(), *told.long()], rows)


def _offer(talk: Talk, library: Answers, decision: Decision, effects: Iterable[Effect]) -> Turn:
    """The likeliest entries to choose from, and a way to say that it is none of them."""
    topics = [topic for topic, _ in decision.ranked[:OFFERED] if topic in library.entries]
    none = Button(label=talk.speaker.phrase("act-none-of-these"), press=presses.topic("", "none"))
    rows = [*(_opening(talk, library.entries[topic]) for topic in topics), (none,)]
    return in_passing(say(talk, [talk.speaker.line("did-you-mean")], rows, effects))


def about(talk: Talk, topic: str, act: str) -> Turn:
    """What a button about a topic does."""
    library = talk.book.library
    if library is None:
        return talk.say("button-expired")
    if act == "none":
        return _declined(talk)
    entry = library.entries.get(topic)
    if entry is None or act not in _ACTS:
        return talk.say("button-expired")
    return _ACTS[act](_settled(talk), entry)


def _declined(talk: Talk) -> Turn:
    """None of those that were offered: kept, so that a maintainer can add what is missing."""
    question, library = talk.owner.last_question, talk.book.library
    effects: list[Effect] = []
    if question and library is not None and talk.book.keep_gaps:
        effects.append(_gap(talk, "declined", question, [topic for topic, _ in library.decide(question).ranked]))
    return say(_settled(talk), [talk.speaker.line("none-that-fits")], [], effects)


def _helped(talk: Talk, entry: Entry) -> Turn:
    return say(talk, [talk.speaker.line("thanks-helped")], [], [RateEntry(topic=entry.topic, helped=True)])


def _not_helped(talk: Talk, entry: Entry) -> Turn:
    rows = [] if is_asking(talk) else _leads(talk, entry)
    return say(talk, [talk.speaker.line("thanks-not-helped")], rows, [RateEntry(topic=entry.topic, helped=False)])


_ACTS: Mapping[str, Callable[[Talk, Entry], Turn]] = {
    "show": tell, "more": _more, "helped": _helped, "not-helped": _not_helped,
}  # fmt: skip


def is_asking(talk: Talk) -> bool:
    """Whether a question of a dialog is pending."""
    conversation = talk.current
    return conversation is not None and not conversation.ended and talk.stand(conversation).pending is not None


def say(talk: Talk, lines: Sequence[Line], rows: Rows, effects: Iterable[Effect] = ()) -> Turn:
    """The lines and the buttons: outside of a dialog by themselves, inside with the pending question after them."""
    conversation = talk.current
    if conversation is None or not is_asking(talk):
        menu = Button(label=talk.speaker.phrase("act-menu"), press=presses.command("menu"))
        return talk.turn(Message(lines=tuple(lines), buttons=(*rows, (menu,)), numbered=True), effects=effects)
    turn = go_on(talk, conversation, lines)
    return replace(turn, effects=(*effects, *(_below(effect, rows) for effect in turn.effects)))


def _below(effect: Effect, rows: Rows) -> Effect:
    """A question with more buttons, as a message of its own: what is told has to stay where it can be read again."""
    if not isinstance(effect, SendMessage):
        return effect
    message = effect.message
    return replace(effect, message=replace(message, buttons=(*message.buttons, *rows), replaces=False, gives_way=False))


def _telling(talk: Talk, entry: Entry) -> EntryTelling:
    library = talk.book.library
    return EntryTelling(talk.speaker, entry, {} if library is None else library.sources)


def _on(talk: Talk, entry: Entry) -> Talk:
    return replace(talk, owner=replace(talk.owner, last_topic=entry.topic))


def _settled(talk: Talk) -> Talk:
    """The owner has found what he asked for, or said that it is not there."""
    return replace(talk, owner=replace(talk.owner, last_question=""))


def _judging(talk: Talk, topic: str, *, more: bool) -> tuple[Button, ...]:
    acts = (*(["more"] if more else []), "helped", "not-helped")
    return tuple(Button(label=talk.speaker.phrase(f"act-{act}"), press=presses.topic(topic, act)) for act in acts)


def _leads(talk: Talk, entry: Entry) -> list[tuple[Button, ...]]:
    """Where the entry leads: related ones, and the dialog unless the owner is in one."""
    library = talk.book.library
    related = [] if library is None else [library.entries[one] for one in entry.related if one in library.entries]
    rows = [_opening(talk, one) for one in related[:OFFERED]]
    flow = talk.book.flows.get(entry.dialog or "")
    if flow is not None and not is_asking(talk):
        rows.append((Button(label=talk.speaker.text(flow.title), press=presses.command(flow.id)),))
    return rows


def _opening(talk: Talk, entry: Entry) -> tuple[Button, ...]:
    title = in_language(entry.title, talk.owner.language)
    return (Button(label=title, press=presses.topic(entry.topic, "show")),)
