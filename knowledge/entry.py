"""What the books hold: entries, their sources, the views shown beside them and what has to be looked at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

#: A text in the languages it was written in, such as zh-Hans and en.
Texts = Mapping[str, str]

#: How far a source was seen: the passage itself, an excerpt of the page, a copy elsewhere, another's account, nothing.
READ = ("text", "excerpt", "copy", "told", "unread")
#: What stands in `as_of` where the material bears no date.
UNDATED = "undated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact was read, and whose word it is."""

    id: str
    name: Texts
    #: law, court, platform, press, press-repost, consultancy, guide, vendor …: how far to trust it.
    kind: str
    address: str | None = None
    #: As the source gives it; a year alone is possible.
    date: str | None = None
    #: How far we saw it: one of `READ`; None where nobody noted it.
    read: str | None = None
    #: The address of the copy in which the text was read, where `address` is the official place that was not opened.
    copy: str | None = None
    #: What the speaker gains by the claim.
    interest: Texts = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A note for the reader: sources disagree (conflict), a speaker gains by it (interest), or take care (caution)."""

    kind: str
    says: Texts
    #: The conflict that this is one side of.
    conflict: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Something legal, priced or ruled by a platform, and the day on which it has to be read again."""

    what: Texts
    #: The day, month or year that the publisher gives the material; None where it bears no date.
    as_of: str | None
    look_again: date
    #: The day on which a person opened the source and compared; None where nobody did.
    opened: date | None = None
    #: What happens on the day of `look_again`; empty where no event is known and the day is a year after reading.
    event: Texts = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One topic: what people ask, what to answer, whose word that is and where it leads."""

    topic: str
    area: str
    title: Texts
    #: By language: other ways to ask for the topic.
    wordings: Mapping[str, Sequence[str]]
    #: What to do first; under 300 characters.
    short: Texts
    long: Texts
    #: The facts that `long` or `short` carries.
    facts: Sequence[str]
    #: Ids in sources.yaml.
    sources: Sequence[str]
    views: Sequence[View] = ()
    dated: Sequence[Dated] = ()
    related: Sequence[str] = ()
    #: The dialog it leads to.
    dialog: str | None = None

    def ways_to_ask(self) -> Sequence[str]:
        """The titles and all wordings."""
        return (*self.title.values(), *(wording for wordings in self.wordings.values() for wording in wordings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """All entries by topic and all sources by id, with what people ask that no entry answers."""

    entries: Mapping[str, Entry]
    sources: Mapping[str, Source]
    outside: Sequence[str] = ()
