"""Which of a question's options a text means: by id, label, alias, number, or a close match.

Not its job: several at once (`many`), or what is kept (`choice`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from dialogs.flow import Option
from dialogs.kinds import numerals, words
from dialogs.kinds.normalize import plain

#: A longer text is a sentence, and no option is looked for in it.
_LONGEST = 60
#: How much of the longer of two texts the shorter one makes up, for one inside the other to be looked at.
_LEAST_PART = 0.2
#: How much of a text the names in it make up together, for it to be an answer and not a sentence about them.
_PART_OF_TEXT = 0.5
#: From this likeness on a text is taken for an option; the second best must stay behind by the gap.
_ALIKE, _GAP = 0.75, 0.1
#: Likenesses that are worth asking about.
_RATHER_ALIKE = 0.6
_OR = re.compile(r"或者|或|还是|定系|\bor\b|/")
_NUMERALS = frozenset("0123456789一二三四五六七八九十百两半几")
_NUMBERS = re.compile(r"[0-9]+|[二三四五六七八九十百两半]+")
_ASKS = re.compile(r"[?？]|吗|什么|怎么|咩|点样|几多|多少|\b(?:what|how|which|why|who|when|where)\b")
#: 非常 and 不错 deny nothing.
_NO_DENIAL = re.compile(r"非常|特别|不错|个别|别的|不仅|不但|不止|无论|没问题|冇问题")


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The normalised names of the options, in their order."""

    ids: tuple[str, ...]
    named: Mapping[str, str]
    names: tuple[tuple[str, str], ...]


@lru_cache(maxsize=512)
def menu(options: tuple[Option, ...]) -> Menu:
    """The names of these options, made once for each list of options."""
    names = tuple(dict.fromkeys((plain(name), option.id) for option in options for name in words.names(option)))
    named: dict[str, str] = {}
    for name, option_id in names:
        for form in (name, name.replace(" ", ""), name.replace("-", " ")):
            named.setdefault(form, option_id)
    return Menu(ids=tuple(option.id for option in options), named=named, names=names)


def meant(text: str, options: tuple[Option, ...]) -> tuple[str, ...]:
    """The ids that the text may mean, likeliest first: none, one, or several between which to ask."""
    kept = present(text, options)
    if kept is not None:
        return (kept,)
    read = plain(text)
    known = menu(options)
    sure = exactly(read, known) or exactly(_said(read), known)
    if sure:
        return (sure,)
    if not read or len(read) > _LONGEST or _ASKS.search(text.lower()):
        return ()
    found = _likely(read, known)
    mandarin = words.in_mandarin(read)
    if len(found) == 1 or mandarin == read:
        return found
    spoken = exactly(mandarin, known)
    return (spoken,) if spoken else found or _likely(mandarin, known)


def _likely(read: str, known: Menu) -> tuple[str, ...]:
    return _either(read, known) or _contained(_said(read), known) or _alike(_said(read), known)


def present(kept: object, options: tuple[Option, ...]) -> str | None:
    """The id of the option that is or was called exactly this."""
    for option in options:
        if option.id == kept or kept in option.was:
            return option.id
    return None


def _either(read: str, known: Menu) -> tuple[str, ...]:
    """2 or 3, 工厂还是品牌: each part is an option, so which of them is to be asked."""
    ids = [exactly(part.strip(), known) for part in _OR.split(read)]
    sure = tuple(dict.fromkeys(one for one in ids if one))
    return sure if len(sure) > 1 and all(ids) else ()


def exactly(read: str, known: Menu) -> str | None:
    """The option whose name, number or yes/no this is."""
    named = known.named.get(read) or known.named.get(read.replace(" ", ""))
    if named:
        return named
    if "yes" in known.ids and words.says_yes(read):
        return "yes"
    if "no" in known.ids and words.says_no(read):
        return "no"
    place = number(read)
    return known.ids[place - 1] if place is not None and 1 <= place <= len(known.ids) else None


def number(read: str) -> int | None:
    """The number that picks an option: 2, 二, 第二个, 选2, option 2, B."""
    core = read
    for word in words.listed("picks", "before"):
        if core.startswith(word) and len(core) > len(word):
            core = core[len(word) :].strip(" .:")
            break
    for word in words.listed("picks", "after"):
        if core.endswith(word) and len(core) > len(word):
            core = core[: -len(word)]
            break
    if len(core) == 1 and "a" <= core <= "z":
        return ord(core) - ord("a") + 1
    value = numerals.value(core) if len(core) <= 3 else None
    return int(value) if value is not None and value == int(value) else None


def _said(read: str) -> str:
    """Without 我们是 before it and 吧 behind it."""
    for word in words.listed("chat", "before"):
        if read.startswith(word) and _ends_a_word(word, read) and len(read) > len(word):
            read = read[len(word) :].strip()
            break
    for word in words.listed("chat", "after"):
        if read.endswith(word) and len(read) > len(word):
            return read[: -len(word)].strip()
    return read


def _ends_a_word(word: str, read: str) -> bool:
    return not word[-1].isascii() or read[len(word)] == " " if len(read) > len(word) else False


def denies(text: str) -> bool:
    """Whether the text says that something is not so."""
    cleared = _NO_DENIAL.sub("", text)
    spoken = set(cleared.split())
    return any(word in spoken if word.isascii() else word in cleared for word in words.listed("negations"))


def _contained(read: str, known: Menu) -> tuple[str, ...]:
    """Options whose name stands in the text, or the text in the name; a denial on one side only rules it out."""
    denied = denies(read)
    inside = [(name, of) for name, of in known.names if _holds(read, name) and denies(name) == denied]
    longest = [(name, of) for name, of in inside if not any(name != other and name in other for other, _ in inside)]
    if longest:
        enough = sum(len(name) for name, _ in longest) >= _PART_OF_TEXT * len(read)
        return tuple(dict.fromkeys(of for _, of in longest)) if enough else ()
    return tuple(dict.fromkeys(of for name, of in known.names if _holds(name, read) and denies(name) == denied))


def _holds(whole: str, part: str) -> bool:
    """Whether `part` stands in `whole` and is enough of it; Latin letters as whole words of four and more.

    几个人 does not stand in 十几个人: another number is another answer.
    """
    at = whole.find(part)
    if at > 0 and whole[at - 1] in _NUMERALS and part[0] in _NUMERALS:
        return False
    if len(part) < 2 or part not in whole or len(part) < _LEAST_PART * len(whole):
        return False
    return not part.isascii() or (len(part) >= 4 and re.search(rf"\b{re.escape(part)}\b", whole) is not None)


def _alike(read: str, known: Menu) -> tuple[str, ...]:
    """The option that is clearly closest in spelling, or the ones that are close together."""
    denied, best, closest = denies(read), dict[str, float](), dict[str, str]()
    matcher = SequenceMatcher(None, "", read, autojunk=False)
    for name, of in known.names:
        matcher.set_seq1(name[:_LONGEST])
        if matcher.quick_ratio() >= _RATHER_ALIKE and denies(name) == denied:
            ratio = matcher.ratio()
            if ratio > best.get(of, 0.0):
                best[of], closest[of] = ratio, name
    order = sorted(best, key=lambda of: -best[of])
    if not order or best[order[0]] < _RATHER_ALIKE:
        return ()
    near = tuple(of for of in order if best[of] > best[order[0]] - _GAP and best[of] >= _RATHER_ALIKE)
    if len(near) > 1:
        return near
    # Every 2 months is nearly spelt like every month, and another answer.
    same_numbers = set(_NUMBERS.findall(closest[order[0]])) == set(_NUMBERS.findall(read))
    return (order[0],) if best[order[0]] >= _ALIKE and same_numbers else ()
