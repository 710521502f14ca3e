"""Everything that can be said about maintainers' files without running them: what `lampwise check` prints.

Not its job: printing, and the rules themselves (`compile`, `lint`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import knowledge
from dialogs.allowing import settle
from dialogs.compile import SHIPPED, as_typed, compile_documents, compile_phrases, fingerprint
from dialogs.flow import Flow
from dialogs.held import files as held_files
from dialogs.held import texts as held_texts
from dialogs.lint import Around, lint
from dialogs.lint.deep import DEEP_CODES, Depth, deep_lint
from dialogs.lint.places_differ import differing
from dialogs.schema import AdviceShape, ContractShape
from dialogs.scripted.file import script
from dialogs.shaping import shape
from dialogs.wording import Wording
from knowledge.finding import Document, Finding
from knowledge.yaml_reader import read_document

#: The knowledge base that we ship: a topic is the name of one of its files.
ENTRIES = Path(knowledge.__path__[0]) / "entries"
_ADVICE = SHIPPED / "advice.yaml"
_SENTENCES = ("findings.yaml", "check.yaml", "check_books.yaml", "talks.yaml")
_SUFFIXES = (".yaml", ".yml")
#: What a file can be; the last is one that nobody reads by these rules.
_SORTS = ("flow", "texts", "own-texts", "talk", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """All that was found, in order of file and line, and how deep each flow was looked into."""

    findings: tuple[Finding, ...]
    depths: tuple[Depth, ...] = ()


def check_paths(paths: Iterable[Path], entries: Path = ENTRIES) -> Sequence[Finding]:
    """What reading these files and folders shows to be wrong, in order of file and line; the paths must exist."""
    return check_documents(_known(paths), _topics(entries))


def check_deeply(
    paths: Iterable[Path], entries: Path = ENTRIES, only: Collection[str] | None = None,
    look_at: Callable[[str], object] = str,
) -> Checked:  # fmt: skip
    """The same, and what answers can do to the flows that are without error: takes seconds.

    With `only` answers are tried on the flows of these files. `look_at` is told the file of each flow before it is.
    """
    return check_documents_deeply(_known(paths), _topics(entries), only, look_at)


def _known(paths: Iterable[Path]) -> list[tuple[str, Document]]:
    documents = [(_sort(path), read_document(path, as_typed(path))) for path in files(paths)]
    return [(sort or _first_key(document), document) for sort, document in documents]


def _topics(entries: Path) -> frozenset[str]:
    return frozenset(path.stem for path in entries.glob("*.yaml"))


def files(paths: Iterable[Path]) -> Sequence[Path]:
    """The YAML files at or under the paths, each once; those in hidden folders are nobody's dialogs."""
    found = (file for path in paths for file in ([path] if path.is_file() else _under(path)))
    return tuple(dict.fromkeys(found))


def _under(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.suffix in _SUFFIXES and file.is_file() and not hidden:
            yield file


def _sort(path: Path) -> str:
    """The folder says what a file is, whatever became of its first key."""
    of_folder = {"flows": "flow", "texts": "texts", "talks": "talk"}.get(path.parent.name, "")
    own = "own-texts" if held_texts.name_of(path.resolve()) in held_texts.held() else ""
    return of_folder or own or held_files.sort_of(path)


def _first_key(document: Document) -> str:
    return next(iter(document.top), "")


def check_documents(documents: Iterable[tuple[str, Document]], topics: frozenset[str]) -> Sequence[Finding]:
    """The same of documents that are read, each with the first key of its sort: flow, texts, or any other."""
    sorted_out = _sorted_out(documents)
    findings, _ = _found(sorted_out, topics)
    return _settled(sorted_out, findings, sentences().keys() - DEEP_CODES)


def check_documents_deeply(
    documents: Iterable[tuple[str, Document]], topics: frozenset[str], only: Collection[str] | None = None,
    look_at: Callable[[str], object] = str,
) -> Checked:  # fmt: skip
    """The same with the deep rules."""
    sorted_out = _sorted_out(documents)
    findings, around = _found(sorted_out, topics)
    broken = {finding.file for finding in findings if finding.level == "error"}
    depths: list[Depth] = []
    for document in sorted_out["flow"]:
        flow = _flow(document, around) if only is None or document.file in only else None
        if flow is not None and document.file not in broken:
            look_at(document.file)
            found, depth = deep_lint(flow, document, around)
            findings += found
            depths.append(depth)
    judged = sentences().keys() - (DEEP_CODES if broken else frozenset())
    return Checked(findings=_settled(sorted_out, findings, judged), depths=tuple(depths))


_Sorted = Mapping[str, Sequence[Document]]


def _sorted_out(documents: Iterable[tuple[str, Document]]) -> _Sorted:
    sorts: dict[str, list[Document]] = {sort: [] for sort in (*_SORTS, *held_files.SORTS)}
    for sort, document in documents:
        sorts[sort if sort in sorts else ""].append(document)
    return sorts


def _found(sorts: _Sorted, topics: frozenset[str]) -> tuple[list[Finding], Around]:
    compiled = compile_documents(sorts["texts"], sorts["flow"])
    around = Around(topics=topics, flows=compiled.flows, advice=_advice())
    findings = [
        *compiled.findings,
        *(finding for document in sorts[""] for finding in document.findings),
        *(finding for document in sorts["talk"] for finding in script(document)[1]),
        *_of_texts(sorts["texts"]),
        *_of_own_texts(sorts["own-texts"]),
        *_of_held(sorts, compiled.flows),
        *(finding for document in sorts["flow"] for finding in _of_flow(document, around)),
    ]
    return findings, around


def _settled(sorts: _Sorted, findings: Iterable[Finding], judged: Iterable[str]) -> tuple[Finding, ...]:
    documents = (document for sort in sorts.values() for document in sort)
    return settle(documents, findings, frozenset(judged), sentences().keys())


def _of_texts(documents: Iterable[Document]) -> Iterable[Finding]:
    """Sense is only checked where the shape is right."""
    shaped = [document for document in documents if compile_phrases(document)[0]]
    yield from held_texts.check(shaped, _beside)
    for document in shaped:
        yield from differing(document)


def _beside(document: Document) -> frozenset[str]:
    """The ids of texts that the other files of its folder have."""
    path = Path(document.file)
    others = (read_document(file) for file in path.parent.glob("*.yaml") if file.name != path.name)
    return frozenset(id for other in others for id in compile_phrases(other)[0])


def _of_own_texts(documents: Iterable[Document]) -> Iterable[Finding]:
    """Texts of the program itself, each file for itself."""
    for document in documents:
        yield from compile_phrases(document)[1]
        yield from _of_texts([document])


def _of_held(sorts: _Sorted, flows: Mapping[str, Flow]) -> Iterable[Finding]:
    for sort in held_files.SORTS:
        for document in sorts[sort]:
            yield from held_files.check(sort, document, flows)


def _of_flow(document: Document, around: Around) -> Iterable[Finding]:
    """Sense is only checked where shape and names are right: else one slip would show as many."""
    flow = _flow(document, around)
    return () if flow is None else lint(flow, document, around)


def _flow(document: Document, around: Around) -> Flow | None:
    flow = around.flows.get(str(document.top.get("flow")))
    return None if flow is None or flow.hash != fingerprint(document) else flow


@cache
def _advice() -> Mapping[str, AdviceShape]:
    contract, _ = shape(ContractShape, read_document(_ADVICE))
    return {} if contract is None else contract.flows


@cache
def sentences() -> Mapping[str, Wording]:
    """The sentence of each code, and what is said around them; always those that we ship."""
    found = (compile_phrases(read_document(SHIPPED / "texts" / name))[0] for name in _SENTENCES)
    return {key: text for phrases in found for key, text in phrases.items()}


#: Values that are our own words and not the maintainer's: told in the reader's language.
_OUR_WORDS = ("found", "wanted", "first", "second", "what")


def tell(finding: Finding, language: str, phrases: Mapping[str, Wording]) -> str:
    """`file:line:column: code sentence`, in one line."""
    place = f"{finding.file}:{finding.line}:{finding.column}"
    warning = phrases["check-warning"].in_language(language).strip() if finding.level == "warning" else ""
    parts = (warning, sentence(finding, language, phrases))
    return f"{place}: {finding.code} {_joined([part for part in parts if part], language)}"


def sentence(finding: Finding, language: str, phrases: Mapping[str, Wording]) -> str:
    """What is wrong and what to write instead, with what was probably meant and whether it is proved, in one line."""
    values = dict(finding.values)
    for name in _OUR_WORDS:
        word = phrases.get(f"word-{values.get(name)}")
        if word is not None and finding.code in _WORDED:
            values[name] = word.in_language(language)
    told = [phrases[finding.code].fill(language, values)] if finding.code in phrases else []
    for name, key in (("near", "check-near"), ("proof", "check-proved"), ("tried", "check-tried")):
        if values.get(name):
            told.append(phrases[key].fill(language, values))
    return _joined(told, language)


def _joined(told: Sequence[str], language: str) -> str:
    return " ".join(("" if language.startswith("zh") else " ").join(told).split())


#: The codes whose values are such words.
_WORDED = ("wrong-sort", "branches-differ", "advice-missing", "advice-renamed", "advice-extra")
