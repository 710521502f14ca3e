"""Takes off what surrounds a number (about, yuan, a month, at least) and says what it was.

Not its job: the number itself (`numerals`), or what follows from a unit (each kind).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dialogs.kinds import words

PERIODS = ("month", "quarter", "half-year", "year", "one-off", "day", "week")
#: A sum of money that needs more words than this around it is a sentence, not an answer.
_LAYERS = 8
#: After these, 一年 and 一个月 belong to the number: 二十一年.
_COUNTING = "十百千零第"


@dataclass(slots=True, kw_only=True)
class Peeled:
    """`core` is what is left. `per` is a period of `PERIODS`; `bound` is the word that makes it a limit (at least)."""

    core: str
    per: str | None = None
    yuan: bool = False
    foreign: bool = False
    bound: str = ""


@cache
def _table(side: str) -> tuple[tuple[str, str], ...]:
    """All words of one side with what they mean, the longest first."""
    found = {word: f"per:{period}" for period in words.keys("per") for word in words.listed("per", period, side)}
    found |= dict.fromkeys(words.listed("foreign"), "foreign")
    found |= dict.fromkeys(words.listed("yuan", side), "yuan")
    found |= dict.fromkeys(words.listed("bounds", side), "bound")
    found |= dict.fromkeys(words.listed("hedges", side), "hedge")
    unspaced = {word.replace(" ", ""): meaning for word, meaning in found.items()}
    return tuple(sorted(unspaced.items(), key=lambda entry: (-len(entry[0]), entry[0])))


@cache
def _words(side: str) -> tuple[str, ...]:
    return tuple(word for word, _ in _table(side))


def money(text: str) -> Peeled:
    """Everything that may surround a sum: hedges, limits, currency and period, in any order, on both sides."""
    return _peeled(text, ("hedge", "bound", "yuan", "foreign", "per"))


def quantity(text: str) -> Peeled:
    """Hedges and limits only, for kinds whose units are part of what is read."""
    return _peeled(text, ("hedge", "bound"))


def hedges(text: str) -> Peeled:
    """Hedges alone, for days and times, where 上 and 过 are no limits."""
    return _peeled(text, ("hedge",))


def _peeled(text: str, wanted: tuple[str, ...]) -> Peeled:
    peeled = Peeled(core=text)
    for _ in range(_LAYERS):
        if not (_take_before(peeled, wanted) or _take_after(peeled, wanted)):
            break
    return peeled


def _take_before(peeled: Peeled, wanted: tuple[str, ...]) -> bool:
    core = peeled.core
    if not core.startswith(_words("before")):
        return False
    for word, meaning in _table("before"):
        if core.startswith(word) and core != word and meaning.partition(":")[0] in wanted:
            return _take(peeled, core[len(word) :], meaning, word)
    return False


def _take_after(peeled: Peeled, wanted: tuple[str, ...]) -> bool:
    core = peeled.core
    if not core.endswith(_words("after")):
        return False
    for word, meaning in _table("after"):
        if core.endswith(word) and meaning.partition(":")[0] in wanted and _may_close(word, core):
            return _take(peeled, core[: -len(word)], meaning, word)
    return False


def _take(peeled: Peeled, rest: str, meaning: str, word: str) -> bool:
    """Note what was found; False where a second period contradicts the first, so that nothing is lost unseen."""
    what, _, period = meaning.partition(":")
    if what == "per":
        if peeled.per not in (None, period):
            return False
        peeled.per = period
    peeled.yuan |= what == "yuan"
    peeled.foreign |= what == "foreign"
    peeled.bound = peeled.bound or (word if what == "bound" else "")
    peeled.core = rest.strip(" ,:")
    return True


def _may_close(word: str, core: str) -> bool:
    """一年 closes 10万一年, not 二十一年; 1个月 closes 3万1个月, not 101个月."""
    before = core[: -len(word)]
    if not before:
        return False
    if word[0] == "一":
        return before[-1] not in _COUNTING
    if word[0] in "个次" and word != "个月":
        return True
    if word == "个月":
        return before[-1] not in "0123456789一二两三四五六七八九十几半"
    return not (word[0].isdigit() and before[-1].isdigit())
