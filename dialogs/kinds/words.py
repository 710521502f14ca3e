"""The vocabulary of `words.yaml`: yes and no, "not sure", commands typed as words, units, and what surrounds an answer.

Not its job: reading numbers or dates; this knows words only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from dialogs.flow import Option
from dialogs.kinds.normalize import plain
from knowledge.yaml_reader import read_document

#: The file; always the one that we ship.
FILE = Path(__file__).with_name("words.yaml")


@cache
def load() -> Mapping[str, Any]:
    """The file as nested mappings and lists of text; a broken file stops the program, since nothing could be read."""
    document = read_document(FILE, FILE.name)
    if document.findings:
        first = document.findings[0]
        raise ValueError(f"{first.file}:{first.line}:{first.column}: {first.code}")
    return document.content


def _found(*path: str) -> Any:
    content: Any = load()
    for key in path:
        content = content[key]
    return content


@cache
def listed(*path: str) -> tuple[str, ...]:
    """The words of one list, normalised, the longest first so that a short one never cuts a long one in two."""
    words = {plain(word) or word for word in _found(*path)}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@cache
def known(*path: str) -> frozenset[str]:
    """The same as a set, also without spaces, for whole messages."""
    words = listed(*path)
    return frozenset((*words, *(word.replace(" ", "") for word in words)))


@cache
def ordered_by_length(*path: str) -> tuple[str, ...]:
    """The words of one list as they are written, the longest first."""
    return tuple(sorted(map(str, _found(*path)), key=lambda word: (-len(word), word)))


@cache
def numbered(key: str) -> Mapping[str, int]:
    """Words that stand for a whole number, such as tomorrow for 1."""
    return {plain(word): int(number) for word, number in _found(key).items()}


@cache
def ordered(key: str) -> tuple[str, ...]:
    """A list whose order counts, such as the months."""
    return tuple(_found(key))


@cache
def keys(*path: str) -> tuple[str, ...]:
    """The names below a place, in the file's order."""
    return tuple(_found(*path))


def in_mandarin(text: str) -> str:
    """A normalised text with the Cantonese words that stand in it turned into Mandarin ones."""
    if text.isascii():
        return text
    for word, other in _cantonese():
        text = text.replace(word, other)
    return text


@cache
def _cantonese() -> tuple[tuple[str, str], ...]:
    pairs: Mapping[str, str] = _found("cantonese")
    return tuple(sorted(pairs.items(), key=lambda pair: -len(pair[0])))


def bare(text: str) -> str:
    """A normalised text without the particles that people close a sentence with, unless nothing were left."""
    return text[:-1] if len(text) > 1 and text[-1] in _particles() else text


@cache
def _particles() -> frozenset[str]:
    return frozenset(word for word in listed("hedges", "after") if len(word) == 1)


def says_yes(text: str) -> bool:
    """Whether the normalised text is a plain yes."""
    return text in known("yes") or bare(text) in known("yes")


def says_no(text: str) -> bool:
    """Whether the normalised text is a plain no."""
    return text in known("no") or bare(text) in known("no")


def means_not_sure(text: str, among: Iterable[Option] = ()) -> bool:
    """Whether the whole message says "I do not know"; never where it is the name of an option of `among`."""
    read = plain(text)
    unsure = read in known("not_sure") or bare(read) in known("not_sure") or not read.strip("?")
    return bool(read) and unsure and not _names_one(read, among)


def means_same(text: str) -> bool:
    """Whether the whole message accepts what was offered: unchanged, same as before."""
    read = plain(text)
    return read in known("same") or bare(read) in known("same")


def meant_language(text: str) -> str | None:
    """The language that the whole message names (zh-Hans, zh-Hant or en), or None."""
    read = plain(text)
    return next((language for language in keys("languages") if read in known("languages", language)), None)


def meant_command(text: str, among: Iterable[Option] = ()) -> str | None:
    """The command that the whole message is (back, later, cancel, why, summary, help, menu, language), or None.

    Words inside a longer sentence never count, nor does the name of an option of `among`.
    """
    read = plain(text)
    command = _commands().get(read) or _commands().get(bare(read))
    return command if command is not None and not _names_one(read, among) else None


@cache
def _commands() -> Mapping[str, str]:
    return {word: name for name in keys("commands") for word in known("commands", name)}


def _names_one(read: str, among: Iterable[Option]) -> bool:
    return any(read == plain(name) for option in among for name in names(option))


def names(option: Option) -> tuple[str, ...]:
    """Everything that an option is called: its id, its label in each language, its aliases."""
    return (option.id, option.label.zh_hans, option.label.zh_hant, option.label.en, *option.aliases)
