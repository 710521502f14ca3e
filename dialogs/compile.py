"""From checked YAML to the frozen Book that conversations run on; what does not compile is a list of findings.

Not its job: deep checks of sense (`lint`), the shape of the YAML (`schema`), reading it (`knowledge.yaml_reader`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dialogs.compiling.flow import FlowCompiler
from dialogs.flow import Flow
from dialogs.loop.calendar import Calendar, NoCalendar
from dialogs.schema import FlowShape, PhrasesShape
from dialogs.shaping import shape, wording
from dialogs.wording import Wording
from knowledge.entry import Source
from knowledge.finding import Document, Finding, Trail
from knowledge.library import Answers
from knowledge.yaml_reader import read_document

#: The folder of the dialogs that we ship.
SHIPPED = Path(__file__).parent

#: Texts for maintainers: who talks with an owner needs none of them, and they are nearly half of all texts.
_FOR_MAINTAINERS = frozenset({"check.yaml", "check_books.yaml", "findings.yaml", "talks.yaml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All flows and phrases that are in force, swapped in as a whole."""

    flows: Mapping[str, Flow] = field(default_factory=dict[str, Flow])
    phrases: Mapping[str, Wording] = field(default_factory=dict[str, Wording])
    #: The titles of the knowledge topics that flows cite, for reasons and "why do you ask".
    topics: Mapping[str, Wording] = field(default_factory=dict[str, Wording])
    #: Slash commands and what each does, in the order of the help.
    commands: Mapping[str, Wording] = field(default_factory=dict[str, Wording])
    #: Whose word a topic is, for documents.
    sources: Mapping[str, Sequence[Source]] = field(default_factory=dict[str, Sequence[Source]])
    #: What "why do you ask" says, by topic.
    whys: Mapping[str, Wording] = field(default_factory=dict[str, Wording])
    #: The books that free questions are put to; None: there are none.
    library: Answers | None = None
    #: Whether questions that found no answer are kept for whoever keeps the books.
    keep_gaps: bool = True
    #: The quarters of contracts and the dates of reminders.
    calendar: Calendar = field(default_factory=NoCalendar)
    #: For how many days what came in and was sent is kept, as /privacy says.
    keep_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """`book` is None where a finding of level error stands in the way; `flows` are those that are whole."""

    book: Book | None
    findings: tuple[Finding, ...]
    flows: Mapping[str, Flow] = field(default_factory=dict[str, Flow])


def compile_flow(document: Document) -> tuple[Flow | None, tuple[Finding, ...]]:
    """One flow file."""
    shaped, findings = shape(FlowShape, document)
    if shaped is None:
        return None, findings
    compiler = FlowCompiler(document, shaped)
    flow = compiler.flow(fingerprint(document))
    return (None if compiler.findings else flow), (*findings, *compiler.findings)


def compile_phrases(document: Document) -> tuple[dict[str, Wording], tuple[Finding, ...]]:
    """One file of `texts/`."""
    shaped, findings = shape(PhrasesShape, document)
    return ({} if shaped is None else {key: wording(text) for key, text in shaped.texts.items()}), findings


def compile_folder(folder: Path = SHIPPED) -> Compiled:
    """All of `flows/` and `texts/` in `folder`, without what is for maintainers only.

    A text of the folder goes before the shipped text with the same id, in whatever file either stands: a folder made
    for an older version has no text that came later.
    """
    flows = (read_document(path, as_typed(path)) for path in sorted((folder / "flows").glob("*.yaml")))
    compiled = compile_documents(_texts(folder), flows)
    if compiled.book is None or folder.resolve() == SHIPPED.resolve():
        return compiled
    shipped = compile_documents(_texts(SHIPPED), ())
    phrases = {**(shipped.book.phrases if shipped.book else {}), **compiled.book.phrases}
    return replace(compiled, book=replace(compiled.book, phrases=phrases))


def _texts(folder: Path) -> Iterator[Document]:
    for path in sorted((folder / "texts").glob("*.yaml")):
        if path.name not in _FOR_MAINTAINERS:
            yield read_document(path, as_typed(path))


def compile_documents(texts: Iterable[Document], flows: Iterable[Document]) -> Compiled:
    """The same from documents at hand."""
    phrases: dict[str, Wording] = {}
    compiled: dict[str, Flow] = {}
    findings: list[Finding] = []
    for document in texts:
        found, problems = compile_phrases(document)
        findings += (*problems, *_twice(document, "text-twice", ((("texts", key), key) for key in found), phrases))
        phrases |= found
    for document in flows:
        flow, problems = compile_flow(document)
        findings += problems
        if flow is not None:
            findings += _twice(document, "flow-twice", ((("flow",), flow.id),), compiled)
            compiled[flow.id] = flow
    broken = any(finding.level == "error" for finding in findings)
    book = None if broken else Book(flows=compiled, phrases=phrases)
    return Compiled(book=book, findings=tuple(findings), flows=compiled)


def _twice(
    document: Document, code: str, named: Iterable[tuple[Trail, str]], seen: Collection[str]
) -> Iterable[Finding]:
    return [document.at_key(trail, code, name=name) for trail, name in named if name in seen]


def as_typed(path: Path) -> str:
    """The path as a person would type it from where he stands."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def fingerprint(document: Document) -> str:
    """Changes with any edit that means something."""
    return hashlib.sha256(repr(document.content).encode("utf-8", "surrogatepass")).hexdigest()[:16]
