"""Words an entry of the books: its title, the short answer, the long one, whose word it is, where it leads.

Not its job: which entry a question is about (`consulting`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce

from dialogs.message import Line
from dialogs.speaking import Speaker
from knowledge.entry import READ, Dated, Entry, Source, Texts, View
from knowledge.scripts import to_traditional

#: What opens a line that stands in a list.
_ITEM = "- "


@dataclass(frozen=True, slots=True)
class EntryTelling:
    """Tells one entry in the speaker's language; `known` are all sources by id."""

    speaker: Speaker
    entry: Entry
    known: Mapping[str, Source]

    def title(self) -> Line:
        """The title, as a heading."""
        return Line(text=self._text(self.entry.title), style="heading")

    def short(self) -> Iterator[Line]:
        """What to do first, and by name who says so."""
        yield Line(text=self._text(self.entry.short))
        names = [self._text(source.name) for source in self._sources()]
        if names:
            yield self.speaker.line("entry-sources-short", "quiet", names=joined(self.speaker, "entry-and", names))

    def long(self) -> Iterator[Line]:
        """The whole answer, the views beside it, what may go out of date, the sources with what their speakers gain."""
        yield from paragraphs(self._text(self.entry.long))
        yield from (self._view(view) for view in self.entry.views)
        yield from (self._dated(dated) for dated in self.entry.dated)
        sources = [self._source(source) for source in self._sources()]
        if sources:
            yield self.speaker.line("entry-sources", "heading")
            yield from sources

    def _text(self, texts: Texts) -> str:
        return in_language(texts, self.speaker.language)

    def _sources(self) -> Iterable[Source]:
        return [self.known[name] for name in self.entry.sources if name in self.known]

    def _view(self, view: View) -> Line:
        return self.speaker.line(f"entry-{view.kind}", "quiet", says=self._text(view.says))

    def _dated(self, dated: Dated) -> Line:
        key = "entry-dated" if self.speaker.today <= dated.look_again else "entry-dated-past"
        phrase = self.speaker.phrase
        return self.speaker.line(
            key,
            "quiet",
            what=self._text(dated.what).rstrip("。."),
            as_of=phrase("entry-as-of", day=dated.as_of) if dated.as_of else phrase("entry-undated"),
            opened=phrase("entry-opened", day=dated.opened.isoformat()) if dated.opened else "",
            look_again=dated.look_again.isoformat(),
            event=phrase("entry-event", event=self._text(dated.event)) if dated.event else "",
        )

    def _source(self, source: Source) -> Line:
        kind = f"source-{source.kind}"
        told = [self.speaker.phrase(kind)] if kind in self.speaker.book.phrases else []
        told += [source.date] if source.date else []
        told += [self._seen(source)] if source.read in READ else []
        around = {"name": self._text(source.name), "kind": joined(self.speaker, "entry-and", told)}
        interest = self._text(source.interest) if source.interest else ""
        text = self.speaker.phrase("entry-source" if told else "entry-source-plain", **around)
        space = " " if self.speaker.language == "en" else ""
        return Line(text=space.join(filter(None, (text, interest))), style="item", link=source.address)

    def _seen(self, source: Source) -> str:
        """How far it was seen, and where its text was read if that is not the place which it names."""
        if source.read == "text" and source.copy:
            return self.speaker.phrase("source-read-text-copy", copy=source.copy.removeprefix("https://"))
        return self.speaker.phrase(f"source-read-{source.read}")


def joined(speaker: Speaker, key: str, texts: Iterable[str]) -> str:
    """The texts as one, any two of them as the phrase `key` says it; empty where there is none."""
    told = list(texts)
    return reduce(lambda first, second: speaker.phrase(key, first=first, second=second), told) if told else ""


def paragraphs(text: str) -> Iterator[Line]:
    """The paragraphs of a long answer; a line that begins with a dash stands in a list."""
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        listed = line.startswith(_ITEM)
        yield Line(text=line.removeprefix(_ITEM), style="item" if listed else "plain")


def in_language(texts: Texts, language: str) -> str:
    """The text; traditional Chinese is derived where it is not written."""
    if language in texts:
        return texts[language].strip()
    return _traditional(texts["zh-Hans"]).strip()


@lru_cache(maxsize=4096)
def _traditional(text: str) -> str:
    return to_traditional(text)
