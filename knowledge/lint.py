"""What is wrong in the books though each file can be read: sources, references, conflicts, dates, figures, wordings.

Not its job: the shape of an entry (`loader`), or which entry a wording finds (`lint_wordings`).
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from knowledge.entry import READ, Entry, Source, Texts
from knowledge.finding import Document, Finding, Trail
from knowledge.fitting import FACTS, OUTSIDE, misfits, text_keys
from knowledge.lint_figures import figures
from knowledge.lint_synonyms import synonyms_findings
from knowledge.lint_wordings import colliding
from knowledge.loader import entry_of, is_date, sources_of
from knowledge.search import Calibration
from knowledge.yaml_reader import read_document

#: Entries of this area speak of the program itself, and need no source.
_OURS = "bot-help"
#: Kinds of sources that gain nothing by what they say.
_DISINTERESTED = frozenset({"law", "court", "regulator"})
#: The numbers of the matcher as the file writes them.
_CALIBRATED = tuple(one.name.replace("_", "-") for one in fields(Calibration))
_VIEWS = frozenset({"conflict", "interest", "caution"})
#: A command that a text tells the reader to send; not what stands in an address or between two words.
_COMMAND = re.compile(r"(?<![\w/.:])/([a-z]+)\b(?![/.])")
#: A conflict has so many sides, and each has somebody who takes it.
_SIDES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An entry with the file it stands in."""

    document: Document
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What entries are judged against; `dialogs` and `commands` are those they may lead to."""

    topics: Collection[str]
    #: None where their file cannot be read as a whole, so that it is not known which there are.
    sources: Mapping[str, Source] | None
    #: How many entries have each area.
    areas: Mapping[str, int]
    dialogs: Collection[str]
    commands: Collection[str]
    today: date
    #: None where the folder does not list them.
    facts: Collection[str] | None = None


def check_books(
    folder: Path, named: Callable[[Path], str], dialogs: Collection[str], commands: Collection[str], today: date
) -> list[Finding]:
    """All that is wrong in a folder of books, its files called as `named` says; the matcher is not asked."""
    findings: list[Finding] = []
    read: list[Read] = []
    files = sorted((folder / "entries").glob("*.yaml"))
    for file in files:
        document = read_document(file, named(file))
        entry, wrong = entry_of(document, file.stem)
        findings += wrong
        read += [] if entry is None else [Read(document=document, entry=entry)]
    listed = read_document(folder / "sources.yaml", named(folder / "sources.yaml"))
    sources, wrong = sources_of(listed)
    facts, found = _facts(folder / "facts.yaml", named)
    findings += [*found, *_calibrated(folder / "calibration.yaml", named)]
    around = Around(
        topics={file.stem for file in files}, sources=None if wrong else sources, dialogs=dialogs, commands=commands,
        areas=Counter(one.entry.area for one in read), today=today, facts=facts,
    )  # fmt: skip
    findings += [*wrong, *_of_sources(listed, sources, today), *colliding([(one.document, one.entry) for one in read])]
    findings += [*_of_words(folder / "synonyms.yaml", named), *_of_outside(folder / "outside.yaml", named)]
    findings += [finding for one in read for rule in _RULES for finding in rule(one, around)]
    return findings


def entries_in(folder: Path, named: Callable[[Path], str]) -> list[tuple[Document, Entry]]:
    """The entries that can be read, each with its file."""
    documents = {file.stem: read_document(file, named(file)) for file in sorted((folder / "entries").glob("*.yaml"))}
    read = [(document, entry_of(document, topic)[0]) for topic, document in documents.items()]
    return [(document, entry) for document, entry in read if entry is not None]


def texts_of(entry: Entry) -> Iterator[tuple[Trail, Texts]]:
    """The texts that readers see, each with its place."""
    yield from ((("title",), entry.title), (("short",), entry.short), (("long",), entry.long))
    yield from ((("views", place, "says"), view.says) for place, view in enumerate(entry.views))
    yield from ((("dated", place, "what"), dated.what) for place, dated in enumerate(entry.dated))


def _cited(one: Read, around: Around) -> Iterable[Finding]:
    """Whose word it is must be known."""
    if not one.entry.sources and one.entry.area != _OURS:
        yield one.document.at_key(("sources",), "source-missing")
    for place, name in enumerate(one.entry.sources):
        if around.sources is not None and name not in around.sources:
            near = _near(name, around.sources)
            yield one.document.finding(("sources", place), "source-unknown", name=name, near=near)


def _carried(one: Read, around: Around) -> Iterable[Finding]:
    """A fact that nobody knows is nobody's word; one of an article needs the article among the sources."""
    for place, fact in enumerate(one.entry.facts):
        if around.facts is not None and fact not in around.facts:
            near = _near(fact, around.facts)
            yield one.document.finding(("facts", place), "fact-unknown", name=fact, near=near)
        origin = fact.partition("-")[0]
        if origin in (around.sources or ()) and origin != fact and origin not in one.entry.sources:
            yield one.document.finding(("facts", place), "fact-without-source", name=fact, source=origin)


def _filed(one: Read, around: Around) -> Iterable[Finding]:
    """An area that no other entry has, though one is called nearly the same, is a slip."""
    near = _near(one.entry.area, around.areas.keys() - {one.entry.area})
    if around.areas[one.entry.area] == 1 and near:
        yield one.document.finding(("area",), "area-alone", level="warning", name=one.entry.area, near=near)


def _leading(one: Read, around: Around) -> Iterable[Finding]:
    """Where it leads must be there: other entries, a dialog, the commands that texts name."""
    for place, topic in enumerate(one.entry.related):
        if topic not in around.topics or topic == one.entry.topic:
            near = _near(topic, around.topics)
            yield one.document.finding(("related", place), "related-unknown", name=topic, near=near)
    dialog = one.entry.dialog
    if dialog is not None and dialog not in around.dialogs:
        near = _near(dialog, around.dialogs)
        yield one.document.finding(("dialog",), "entry-dialog-unknown", level="warning", name=dialog, near=near)
    for trail, texts in texts_of(one.entry):
        for language, text in texts.items():
            for found in _COMMAND.finditer(text):
                if found[1] not in around.commands:
                    path = (*trail, language)
                    yield one.document.within(path, found.start(), "command-not-there", level="warning", name=found[1])


def _viewed(one: Read, around: Around) -> Iterable[Finding]:
    """A conflict shows both sides, so it has two sources at least."""
    for place, view in enumerate(one.entry.views):
        if view.kind not in _VIEWS:
            near = _near(view.kind, _VIEWS)
            yield one.document.finding(("views", place, "kind"), "view-kind-unknown", name=view.kind, near=near)
        if view.kind == "conflict" and 0 < len(set(one.entry.sources)) < _SIDES:
            yield one.document.finding(("views", place, "kind"), "conflict-one-side")


def _dated(one: Read, around: Around) -> Iterable[Finding]:
    """What may change is read again in time; nothing was published, or opened, on a day that has not come."""
    for place, dated in enumerate(one.entry.dated):
        days = {"as_of": dated.as_of or "", "opened": dated.opened.isoformat() if dated.opened else ""}
        for key, day in days.items():
            if _to_come(day, around.today):
                yield one.document.finding(("dated", place, key), "date-in-future", value=day)
        last, again = max(days.values()), dated.look_again.isoformat()
        if again <= last:
            yield one.document.finding(("dated", place, "look_again"), "look-again-too-early", as_of=last,
                                       look_again=again)  # fmt: skip
        elif dated.look_again < around.today:
            yield one.document.finding(("dated", place, "look_again"), "look-again-past", level="warning",
                                       look_again=again)  # fmt: skip


def _reckoned(one: Read, around: Around) -> Iterable[Finding]:
    """Figures are possible."""
    for trail, texts in texts_of(one.entry):
        for language, text in texts.items():
            for slip in figures(text, around.today.year):
                level = "error" if slip.code == "figure-garbled" else "warning"
                yield one.document.within((*trail, language), slip.index, slip.code, level=level, value=slip.value)


_RULES = (_cited, _carried, _filed, _leading, _viewed, _dated, _reckoned)


def _of_sources(document: Document, sources: Mapping[str, Source], today: date) -> Iterable[Finding]:
    """An address that nothing can open, a date that is none or has not come, a kind that looks like a slip."""
    kinds = Counter(source.kind for source in sources.values())
    for name, source in sources.items():
        near = _near(source.kind, [kind for kind, count in kinds.items() if count > 1])
        if kinds[source.kind] == 1 and near:
            yield document.finding(("sources", name, "kind"), "source-kind-alone", level="warning", name=source.kind,
                                   near=near)  # fmt: skip
        if not source.interest and source.kind not in _DISINTERESTED:
            yield document.at_key(("sources", name), "source-without-interest", name=name)
        for key, address in (("address", source.address), ("copy", source.copy)):
            if address is not None and not _opens(address):
                yield document.finding(("sources", name, key), "address-unreadable", value=address[:80])
        if source.read is not None and source.read not in READ:
            yield document.finding(("sources", name, "read"), "source-read-unknown", name=source.read,
                                   near=_near(source.read, READ))  # fmt: skip
        if source.date is not None and not is_date(source.date):
            yield document.finding(("sources", name, "date"), "source-date-unreadable", value=source.date)
        elif source.date is not None and _to_come(source.date, today):
            yield document.finding(("sources", name, "date"), "date-in-future", value=source.date)


def _of_words(file: Path, named: Callable[[Path], str]) -> Iterable[Finding]:
    return synonyms_findings(read_document(file, named(file))) if file.is_file() else ()


def _of_outside(file: Path, named: Callable[[Path], str]) -> Iterable[Finding]:
    if not file.is_file():
        return ()
    document = read_document(file, named(file))
    return document.findings or tuple(misfits(document, (), document.content, OUTSIDE))


def _facts(file: Path, named: Callable[[Path], str]) -> tuple[Collection[str] | None, Iterable[Finding]]:
    """The facts that the folder lists, if it does, and what is wrong with the list."""
    if not file.is_file():
        return None, ()
    document = read_document(file, named(file))
    wrong = document.findings or tuple(misfits(document, (), document.content, FACTS))
    return (None, wrong) if wrong else (frozenset(id for ids in document.top.values() for id in ids), ())


def _calibrated(file: Path, named: Callable[[Path], str]) -> Iterable[Finding]:
    """The numbers of the matcher by their names; the file is made, but nobody keeps an editor from it."""
    document = read_document(file, named(file)) if file.is_file() else None
    if document is None:
        return
    wrong = document.findings or tuple(misfits(document, (), document.content, text_keys(_CALIBRATED)))
    yield from wrong
    for name, number in () if wrong else document.top.items():
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", number):
            yield document.finding((name,), "calibration-no-number", name=name, value=number[:40])


def _opens(address: str) -> bool:
    """Whether it has the form of an address; nothing is fetched."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in parts.netloc and not re.search(r"\s", address)


def _to_come(text: str, today: date) -> bool:
    """Whether the day, month or year lies ahead; no text, no day."""
    return text > today.isoformat()[: len(text)]


def _near(word: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.75)), "")
