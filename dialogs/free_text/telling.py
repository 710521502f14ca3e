"""What the books say to a question, as plain text for whoever asks without a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from dialogs.free_text.consulting import OFFERED
from dialogs.free_text.entry_telling import EntryTelling, in_language, joined
from dialogs.message import Line
from dialogs.speaking import Speaker
from knowledge.entry import Entry
from knowledge.library import Answers

if TYPE_CHECKING:
    # Only to name the type: the matcher's libraries take 0.3 s to load.
    from knowledge.search import Decision


class Librarian:
    """Tells what `library` has, in the speaker's language; what was told once is remembered."""

    def __init__(self, speaker: Speaker, library: Answers) -> None:
        """Both stay the same for as long as this lives."""
        self.speaker = speaker
        self.library = library
        self._entry = cache(self._told)

    def told(self, decision: Decision) -> str:
        """The whole entry, the titles to choose from, or that the books have nothing."""
        if decision.topic is not None:
            return self._entry(decision.topic)
        if decision.kind == "none":
            return self.speaker.phrase("not-in-books-asked")
        titles = (Line(text=self._title(topic), style="item") for topic, _ in decision.ranked[:OFFERED])
        return plain_text([self.speaker.line("did-you-mean"), *titles])

    def _told(self, topic: str) -> str:
        entry = self.library.entries[topic]
        told = EntryTelling(self.speaker, entry, self.library.sources)
        return plain_text([told.title(), *told.short(), *told.long(), *self._leads(entry)])

    def _leads(self, entry: Entry) -> Iterator[Line]:
        related = [self._title(topic) for topic in entry.related if topic in self.library.entries]
        if related:
            yield self.speaker.line("entry-related", "quiet", titles=joined(self.speaker, "entry-or", related))
        flow = self.speaker.book.flows.get(entry.dialog or "")
        if flow is not None:
            yield self.speaker.line("entry-dialog", "quiet", title=self.speaker.text(flow.title), name=flow.id)

    def _title(self, topic: str) -> str:
        return in_language(self.library.entries[topic].title, self.speaker.language)


def plain_text(lines: Iterable[Line]) -> str:
    """The lines one below the other, list items with a dash, headings with an empty line before them."""
    said: list[str] = []
    for line in lines:
        if said and (line.style == "heading" or (line.style == "plain" and not said[-1].startswith("- "))):
            said.append("")
        text = line.text if line.link is None else f"{line.text} {line.link}"
        said.append(f"- {text}" if line.style == "item" else text)
    return "\n".join(said)
