"""Everything that can be said about maintainers' files without running them: what `lampwise check` prints.

Not its job: printing, and the rules themselves (`compile`, `lint`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import knowledge
from dialogs.compile import SHIPPED, as_typed, compile_documents, compile_phrases, fingerprint
from dialogs.lint import Around, lint
from dialogs.lint.places_differ import differing
from dialogs.schema import AdviceShape, ContractShape
from dialogs.shaping import shape
from dialogs.wording import Wording
from knowledge.finding import Document, Finding
from knowledge.yaml_reader import read_document

#: The knowledge base that we ship: a topic is the name of one of its files.
ENTRIES = Path(knowledge.__path__[0]) / "entries"
_ADVICE = SHIPPED / "advice.yaml"
_SENTENCES = ("findings.yaml", "check.yaml")
_SUFFIXES = (".yaml", ".yml")


def check_paths(paths: Iterable[Path], entries: Path = ENTRIES) -> Sequence[Finding]:
    """What is wrong in these files and folders, in order of file and line; the paths must exist."""
    documents = [(_sort(path), read_document(path, as_typed(path))) for path in files(paths)]
    known = [(sort or _first_key(document), document) for sort, document in documents]
    topics = frozenset(path.stem for path in entries.glob("*.yaml"))
    return check_documents(known, topics)


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
    return {"flows": "flow", "texts": "texts"}.get(path.parent.name, "")


def _first_key(document: Document) -> str:
    return next(iter(document.top), "")


def check_documents(documents: Iterable[tuple[str, Document]], topics: frozenset[str]) -> Sequence[Finding]:
    """The same of documents that are read, each with the first key of its sort: flow, texts, or any other."""
    sorts: dict[str, list[Document]] = {"flow": [], "texts": [], "": []}
    for sort, document in documents:
        sorts[sort if sort in sorts else ""].append(document)
    compiled = compile_documents(sorts["texts"], sorts["flow"])
    around = Around(topics=topics, flows=compiled.flows, advice=_advice())
    findings = [
        *compiled.findings,
        *(finding for document in sorts[""] for finding in document.findings),
        *(finding for document in sorts["texts"] for finding in _of_texts(document)),
        *(finding for document in sorts["flow"] for finding in _of_flow(document, around)),
    ]
    return tuple(sorted(findings))


def _of_texts(document: Document) -> Iterable[Finding]:
    return differing(document) if compile_phrases(document)[0] else ()


def _of_flow(document: Document, around: Around) -> Iterable[Finding]:
    """Sense is only checked where shape and names are right: else one slip would show as many."""
    flow = around.flows.get(str(document.top.get("flow")))
    return () if flow is None or flow.hash != fingerprint(document) else lint(flow, document, around)


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
    values = dict(finding.values)
    for name in _OUR_WORDS:
        word = phrases.get(f"word-{values.get(name)}")
        if word is not None and finding.code in _WORDED:
            values[name] = word.in_language(language)
    told = [phrases[finding.code].fill(language, values)] if finding.code in phrases else []
    if finding.level == "warning":
        told.insert(0, phrases["check-warning"].in_language(language))
    if values.get("near"):
        told.append(phrases["check-near"].fill(language, values))
    sentence = "".join(told) if language.startswith("zh") else " ".join(told)
    return f"{finding.file}:{finding.line}:{finding.column}: {finding.code} {' '.join(sentence.split())}"


#: The codes whose values are such words.
_WORDED = ("wrong-sort", "branches-differ", "advice-missing", "advice-renamed", "advice-extra")
