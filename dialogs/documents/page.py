"""The page that every document is: one HTML file that fetches nothing, with its date, sources and disclaimer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dialogs.decide import Deduction
from dialogs.documents.markup import Content, Markup, tag, written
from dialogs.flow import Flow, Reason
from dialogs.fold import Position
from dialogs.headless import NAMELESS
from dialogs.speaking import Speaker
from knowledge.entry import Source
from knowledge.scripts import to_traditional

#: The sources of each topic.
Sources = Mapping[str, Sequence[Source]]

#: Nothing may be fetched, whatever stands in the file.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_NO_NAME = re.compile(r"[^\w.]+")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file to write: `name` has no folder and no sign that a file system minds."""

    name: str
    title: str
    content: bytes

    @property
    def html(self) -> str:
        """The content of a page to read."""
        return self.content.decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What all parts of one document share."""

    speaker: Speaker
    sources: Sources

    def phrase(self, key: str, **values: str) -> str:
        """A text of `dialogs/texts`."""
        return self.speaker.phrase(key, **values)

    def part(self, key: str, *content: Content) -> Markup | None:
        """A part with its heading; nothing where there is no content."""
        inside = written(*content)
        return tag("section", tag("h2", self.phrase(key)), Markup(inside)) if inside else None

    def document(
        self, name: str, title: str, kicker: str | None, body: Content, topics: Iterable[str] = ()
    ) -> Document:
        """The whole file. `kicker` says what it is, where the title does not; None: a letter, it names us nowhere."""
        head = tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            Markup(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
            tag("meta", name="referrer", content="no-referrer"),
            # By this a phone keeps its hands off the colours at night: they are ours.
            tag("meta", name="color-scheme", content="light dark"),
            tag("title", title),
            Markup(f"<style>\n{_style()}</style>"),
        )
        top = tag("header", self._kicker(kicker), tag("h1", title), class_="made" if kicker is not None else "plain")
        foot = tag("footer", tag("p", self.phrase("disclaimer")), tag("p", self.phrase("document-made")))
        main = tag("main", top, body, self._sources(topics), foot)
        html = tag("html", head, tag("body", main, lang=self.speaker.language), lang=self.speaker.language)
        return Document(name=f"{file_name(name)}.html", title=title, content=f"<!doctype html>\n{html.text}\n".encode())

    def _kicker(self, what: str | None) -> Content:
        if what is None:
            return None
        date = self.phrase("document-date", date=self.speaker.today.isoformat())
        whose = self.phrase("document-kicker", what=what) if what else self.phrase("document-maker")
        return tag("p", tag("span", whose), tag("span", date), class_="kicker")

    def _sources(self, topics: Iterable[str]) -> Content:
        found = {source.id: source for topic in topics for source in self.sources.get(topic, ())}
        return self.part(
            "document-sources", tag("ul", map(self._source, found.values()), class_="sources") if found else None
        )

    def _source(self, source: Source) -> Markup:
        told = [text for text in (source.date, source.address) if text]
        interest = self._in_language(source.interest)
        return tag(
            "li",
            tag("b", self._in_language(source.name)),
            tag("small", self.phrase("document-interest", interest=interest)) if interest else None,
            tag("small", " · ".join(told)) if told else None,
        )

    def _in_language(self, texts: Mapping[str, str]) -> str:
        """A text of the knowledge base, which is written in simplified characters and in English."""
        language = self.speaker.language
        if language == "zh-Hant" and language not in texts:
            return to_traditional(texts.get("zh-Hans", ""))
        return texts.get(language, "")


def subject(flow: Flow, position: Position) -> str:
    """What the answers are about; empty where that is the owner himself, or has no name."""
    named = str(position.answers.get(flow.subject or "") or "")
    return "" if named == NAMELESS else named


def badge(page: Page, deduction: Deduction, reason: Reason) -> Markup | None:
    """The level of the flag that a reason comes from; None where it comes from none."""
    level = next((flag.level for flag in deduction.flags if flag.says == reason.says), None)
    return None if level is None else tag("span", page.phrase(f"level-{level}"), class_=f"badge {level}")


@cache
def _style() -> str:
    return Path(__file__).with_name("page.css").read_text("utf-8")


def file_name(text: str) -> str:
    """The text as the name of a file: letters and digits of any script, in one word, never hidden, never empty."""
    tidy = _NO_NAME.sub("-", text).strip("-._")[:_LONGEST_NAME]
    return tidy or "document"
