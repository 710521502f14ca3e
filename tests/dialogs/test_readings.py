"""What people type is understood: the cases of `readings/<kind>.yaml`, and laws that hold for every text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dialogs.flow import Option, Question
from dialogs.kinds import KINDS, Circumstance, Note, Read, Reading, Unclear, Unread, amounts_said, phrases, words
from dialogs.kinds.quantity import Quantity
from dialogs.wording import LANGUAGES, Wording
from knowledge.scripts import to_traditional
from knowledge.yaml_reader import read_document

FOLDER = Path(__file__).parent / "readings"
TODAY = date(2026, 11, 23)


def wording(zh_hans: str, en: str) -> Wording:
    return Wording(zh_hans, to_traditional(zh_hans), en)


def question(
    kind: str, options: tuple[Option, ...] = (), minimum: str | None = None, maximum: str | None = None,
    days_back: int | None = None,
) -> Question:  # fmt: skip
    return Question(
        id="asked",
        section="s",
        kind=kind,
        ask=wording("问", "asked"),
        why="w",
        options=options,
        minimum=Decimal(minimum) if minimum else None,
        maximum=Decimal(maximum) if maximum else None,
        days_back=days_back,
    )


def circumstance(language: str = "zh-Hans", per: str | None = None) -> Circumstance:
    return Circumstance(language=language, today=TODAY, per=per)


@cache
def content(kind: str) -> Any:
    document = read_document(FOLDER / f"{kind}.yaml")
    assert document.findings == ()
    return document


def menu(kind: str, name: str | None) -> tuple[Option, ...]:
    return tuple(
        Option(
            id=option["id"],
            label=wording(option["zh-Hans"], option["en"]),
            aliases=tuple(option.get("aliases", ())),
        )
        for option in (content(kind).content["options"][name] if name else ())
    )


def cases() -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.yaml")):
        document = content(file.stem)
        for place, case in enumerate(document.content["cases"]):
            line = document.places["cases", place][0]
            yield pytest.param(file.stem, case, id=f"{file.name}:{line}")


def read(kind: str, case: dict[str, Any]) -> tuple[Question, Reading]:
    asked = question(kind, menu(kind, case.get("options")), case.get("min"), case.get("max"), days_back(case))
    return asked, KINDS[kind].read(case["said"] or "", asked, circumstance(per=case.get("per")))


def days_back(case: dict[str, Any]) -> int | None:
    return int(case["days_back"]) if "days_back" in case else None


def told(kind: str, reading: Reading) -> dict[str, Any]:
    """A reading as the cases write it."""
    if isinstance(reading, Read):
        notes = {"notes": [note.key for note in reading.notes]} if reading.notes else {}
        return {"gives": KINDS[kind].encode(reading.value), **notes}
    if isinstance(reading, Unclear):
        return {"unclear": [KINDS[kind].encode(value) for value in reading.candidates]}
    return {"unread": reading.note.key}


@pytest.mark.parametrize(("kind", "case"), list(cases()))
def test_what_people_type(kind: str, case: dict[str, Any]) -> None:
    """Each case: what was said is read as the file says, or refused for the reason it says."""
    asked, reading = read(kind, case)
    expected = {key: case[key] for key in ("gives", "notes", "unclear", "unread") if key in case}
    assert told(kind, reading) == expected
    if isinstance(reading, Read):
        assert KINDS[kind].decode(KINDS[kind].encode(reading.value), asked) == reading.value


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_cases(kind: str) -> None:
    """A new kind comes with at least fifteen cases, among them some that must not be read."""
    found = content(kind).content["cases"]
    assert len(found) >= 15
    assert any("unread" in case for case in found)


def notes_in_code() -> set[str]:
    """The keys of all notes that the modules of `dialogs/kinds` can make."""
    keys: set[object] = set()
    for file in Path(phrases.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Note":
                named = next(keyword.value for keyword in node.keywords if keyword.arg == "key")
                keys |= {part.value for part in ast.walk(named) if isinstance(part, ast.Constant)}
    keys |= {kind.no_number for kind in KINDS.values() if isinstance(kind, Quantity) and kind.no_number}
    return {key for key in keys if isinstance(key, str)}


def phrases_in_code() -> set[str]:
    """The keys of the wordings inside values; a key with a period in it stands for one of each period."""
    source = Path(phrases.__file__).with_name("amounts_said.py").read_text("utf-8")
    fixed = set(re.findall(r'"((?:sum|months|one-month|sum-wan|sum-yi))"', source))
    periods = {f"per-{per}" for per in ("day", "week", "month", "quarter", "half-year", "year", "one-off")}
    named = {f"period-{per}" for per in words.keys("per")}
    zones = {f"zone-{name.lower().replace('/', '-').replace('_', '-')}" for name in words.keys("zones")}
    named |= zones & set(phrases.load())
    named |= {f"count-{whole}" for whole in range(1, amounts_said.COUNTED + 1)}
    return fixed | periods | named | {"date", "list-sign", "list-sign-wide", "none-of-these"}


def test_every_note_has_its_words_and_no_words_lie_idle() -> None:
    """readings.yaml holds exactly what the kinds can say."""
    assert set(phrases.load()) == notes_in_code() | phrases_in_code()


def test_notes_fill_all_their_places() -> None:
    """No place of a note stays open in any language."""
    for file in sorted(FOLDER.glob("*.yaml")):
        for case in content(file.stem).content["cases"]:
            reading = read(file.stem, case)[1]
            for note in reading.notes if isinstance(reading, Read) else (reading.note,):
                for language in LANGUAGES:
                    assert not re.search(r"\{\w+\}", said(note, language).replace("{{7*7}}", "")), case


def said(note: Note, language: str) -> str:
    return phrases.load()[note.key].fill(language, note.values)


ROLE = menu("choice", "role")
FUNCTIONS = menu("many", "functions")
ANY_TEXT = st.one_of(
    st.text(),
    st.text(st.characters(codec=None, categories=("Cs", "Cf", "Cc", "Nd", "No", "Nl", "Lo"))),
    st.text("0123456789.,-~到至年月日号天周点半成百千万亿个几多两三十零之分%kwm/元每 前后上下底初中一"),
    st.lists(st.sampled_from(["10", "万", "in ", "month", "a ", "half", " year", "end of ", "next ", "后", "三"])).map(
        "".join
    ),
)


@given(text=ANY_TEXT, kind=st.sampled_from(sorted(KINDS)), language=st.sampled_from(LANGUAGES))
@example(text="9" * 1_000_000, kind="money", language="en")
@example(text="1" * 59 + "e99", kind="money", language="en")
@example(text="一" * 500, kind="percent", language="en")
@example(text="和" * 500, kind="many", language="en")
@example(text="1-" * 250, kind="months", language="en")
@example(text="\ud800" * 9, kind="choice", language="en")
@example(text="\x0010万\x00", kind="date", language="en")
@example(text="0个月后", kind="date", language="en")
def test_case_42_43_no_text_raises(text: str, kind: str, language: str) -> None:
    """Whatever is typed is read, asked back or refused; what is read can be kept and said."""
    options = {"choice": ROLE, "many": FUNCTIONS}.get(kind, ())
    asked, around = question(kind, options), circumstance(language, per="month")
    reading = KINDS[kind].read(text, asked, around)
    values = (
        (reading.value,) if isinstance(reading, Read) else reading.candidates if isinstance(reading, Unclear) else ()
    )
    for value in values:
        assert KINDS[kind].decode(KINDS[kind].encode(value), asked) == value
        assert KINDS[kind].say(value, asked, around)
    words.means_not_sure(text)
    words.meant_command(text)


CENTS = st.decimals(0, 10**12, places=2)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "money": st.one_of(
        CENTS, st.integers(0, 10**12).map(Decimal), st.integers(0, 9999).map(lambda n: Decimal(n * 10**4))
    ),
    "percent": st.decimals(0, 1, places=4),
    "number": st.decimals(0, 10**9, places=2),
    "months": st.one_of(st.decimals(0, 120, places=1), st.integers(0, 120).map(Decimal)),
    "date": st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    "time": st.times().map(lambda moment: time(moment.hour, moment.minute)),
    "zone": st.sampled_from([*words.keys("zones"), "Europe/Berlin", "Etc/GMT-3", "Etc/GMT+11"]),
    "text": st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=60),
    "choice": st.sampled_from([option.id for option in ROLE]),
    "many": st.sets(st.sampled_from(FUNCTIONS)).map(
        lambda chosen: tuple(option.id for option in FUNCTIONS if option in chosen)
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_said_is_read_back(kind: str, language: str) -> None:
    """The echo of a value, typed again, is the same value; so a person can copy what he was shown."""

    @given(value=VALUES[kind], per=st.sampled_from([None, "month", "quarter", "half-year", "year", "one-off"]))
    def holds(value: Any, per: str | None) -> None:
        options = {"choice": ROLE, "many": FUNCTIONS}.get(kind, ())
        asked, around = question(kind, options), circumstance(language, per)
        assert KINDS[kind].read(KINDS[kind].say(value, asked, around), asked, around) == Read(value=value)

    holds()


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        ("money", 12000, Decimal(12000)),
        ("money", 0.1, Decimal("0.1")),
        ("money", 1e5, Decimal(100000)),
        ("percent", 0.3, Decimal("0.3")),
        ("percent", 1, Decimal(1)),
        ("months", 18, Decimal(18)),
        ("number", 2.5, Decimal("2.5")),
        ("many", ["客服", "ads"], ("ads", "customer-service")),
        ("many", [], ()),
    ],
)
def test_json_is_taken_as_it_is(kind: str, raw: object, expected: object) -> None:
    """A JSON number is yuan, a fraction, months; a list is what was chosen."""
    assert KINDS[kind].take(raw, question(kind, FUNCTIONS if kind == "many" else ())) == Read(value=expected)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "raw",
    [
        *(True, False, float("nan"), float("inf"), -1, 1e300, {}, {"a": 1}, None, [1], [None], [[]], "x"),
        pytest.param(10**5000, id="5,000 digits"),
    ],
)
def test_json_that_is_no_answer_is_refused(kind: str, raw: object) -> None:
    """A truth value is no number, nothing is below zero, and nothing raises."""
    reading = KINDS[kind].take(raw, question(kind, {"choice": ROLE, "many": FUNCTIONS}.get(kind, ())))
    assert isinstance(reading, Unread)
    assert said(reading.note, "en")


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("kept", [None, 5, True, "", "x" * 100, "NaN", "-1", "1e9999", ["gone"], {}, [[]], [{}]])
def test_what_fits_no_more_is_not_decoded(kind: str, kept: Any) -> None:
    """A kept answer that the question no longer allows raises ValueError, so that it is asked again."""
    if kind == "text" and kept in ("NaN", "-1", "1e9999"):
        return
    with pytest.raises(ValueError, match=r".+"):
        KINDS[kind].decode(kept, question(kind, {"choice": ROLE, "many": FUNCTIONS}.get(kind, ())))


@pytest.mark.parametrize(
    "text",
    [
        "不知道",
        "唔知",
        "唔清楚",
        "不清楚",
        "不確定",
        "沒想好",
        "还没想好",
        "skip",
        "Not sure",
        "dunno",
        "?",
        "？",
        "不知道啊",
        "I don\u2019t know",
    ],
)
def test_not_sure_in_every_language(text: str) -> None:
    assert words.means_not_sure(text)


@pytest.mark.parametrize("text", ["", "10万", "我不知道怎么开店", "没有", "not sure what a factory is", "1", "back"])
def test_a_sentence_is_not_a_not_sure(text: str) -> None:
    assert not words.means_not_sure(text)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("後退", "back"), ("遲啲先", "later"),
        ("返回", "back"), ("上一步", "back"), ("Back", "back"), ("稍后", "later"), ("later", "later"),
        ("停止", "cancel"), ("取消。", "cancel"), ("为什么问这个？", "why"), ("點解", "why"), ("看结果", "summary"),
        ("帮助", "help"), ("菜单", "menu"), ("語言", "language"), ("返回上个月的数", None),
        ("为什么要交服务费", None), ("10万", None), ("", None),
    ],
)  # fmt: skip
def test_commands_typed_as_words(text: str, command: str | None) -> None:
    """Only the whole message counts."""
    assert words.meant_command(text) == command


def test_an_option_is_never_shadowed() -> None:
    """A word that names an option of the question is that option, not a command or a not-sure."""
    options = (
        Option(id="unknown", label=wording("不知道", "Not sure")),
        Option(id="later", label=wording("以后再说", "Some day")),
    )
    assert not words.means_not_sure("不知道", options)
    assert words.meant_command("later", options) is None
    assert words.meant_command("以後再說", options) is None


def test_each_word_has_one_meaning() -> None:
    """No word is a command and a not-sure, or two commands, or two periods on one side."""
    commands = [word for name in words.keys("commands") for word in words.listed("commands", name)]
    assert len(commands) == len(set(commands))
    assert not set(commands) & words.known("not_sure")
    for side in ("before", "after"):
        periods = [word for per in words.keys("per") for word in words.listed("per", per, side)]
        assert len(periods) == len(set(periods))
