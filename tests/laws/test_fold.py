"""The fold: where a conversation stands follows from its answers alone, and the last answer to a slot counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given

from dialogs.compile import SHIPPED, Book, compile_documents
from dialogs.flow import Flow
from dialogs.fold import Position, position
from dialogs.kinds import KINDS
from dialogs.owner import Answer, How
from knowledge.yaml_reader import read_document
from tests.laws import cases
from tests.laws.cases import NOW, SEEDS


def _lantern() -> Book:
    texts = [read_document(path) for path in sorted((SHIPPED / "texts").glob("*.yaml"))]
    compiled = compile_documents(texts, [read_document(Path(__file__).with_name("lantern.yaml"))])
    assert compiled.book is not None, compiled.findings
    return compiled.book


LANTERN = _lantern().flows["lantern"]
ORDER = [question.id for question in LANTERN.questions]


def given_(slot: str, value: Any) -> Answer:
    """An answer as it is kept."""
    return Answer(slot=slot, how="given", value=value, at=NOW)


def without_value(slot: str, how: How) -> Answer:
    """Not sure, later or withdrawn."""
    return Answer(slot=slot, how=how, at=NOW)


NAMED = given_("name", "A")
LIT = (NAMED, given_("light", "bulb"), given_("watts", "60"), given_("cooling", "fan"))
ALL = (*LIT, given_("places", ["door"]), given_("price", "30"))


def stand(*answers: Answer, flow: Flow = LANTERN) -> Position:
    """Where these answers lead."""
    return position(flow, answers)


def pending(*answers: Answer, flow: Flow = LANTERN) -> str | None:
    """The slot that is asked next."""
    next_one = stand(*answers, flow=flow).pending
    return None if next_one is None else next_one.id


def test_asks_in_the_order_of_the_flow() -> None:
    """And is through when all are answered."""
    assert [pending(*ALL[:count]) for count in range(7)] == [*ORDER, None]
    assert stand(*ALL).progress == (6, 6)


def test_the_last_answer_counts() -> None:
    """An edit is one more entry."""
    assert stand(*ALL, given_("price", "40")).answers["price"] == 40
    assert list(stand(given_("price", "40"), *LIT).answers) == ["name", "light", "watts", "cooling", "price"]


def test_withdrawn_is_asked_again() -> None:
    """Back and edit take one answer back; all others stay."""
    back = stand(*ALL, without_value("places", "withdrawn"))
    assert back.pending is not None
    assert back.pending.id == "places"
    assert back.answers.keys() == set(ORDER) - {"places"}


def test_later_leaves_it_open_and_goes_on() -> None:
    """It is neither answered nor asked again by itself, and it is among the unknown."""
    put_off = stand(*LIT, without_value("places", "later"))
    assert put_off.open == ("places",)
    assert put_off.pending is not None
    assert put_off.pending.id == "price"
    assert "places" not in put_off.answers
    assert [question.id for question in put_off.unknown] == ["places", "price"]


def test_not_sure_is_an_answer() -> None:
    """It counts as done and is among the unknown."""
    unsure = stand(NAMED, without_value("light", "not-sure"))
    assert unsure.answers["light"] is None
    assert "light" in {question.id for question in unsure.unknown}
    assert unsure.progress == (2, 6)


def test_a_guard_that_is_unknown_asks() -> None:
    """Only one that is surely false skips."""
    assert pending(NAMED, without_value("light", "not-sure")) == "watts"
    assert pending(NAMED, given_("light", "bulb"), without_value("watts", "not-sure")) == "cooling"
    assert pending(NAMED, given_("light", "candle")) == "places"
    assert pending(NAMED, given_("light", "dark")) == "price"


def test_a_guard_that_turns_off_puts_answers_aside() -> None:
    """They do not count, neither does what hangs on them, and they are not lost."""
    off = stand(*ALL, given_("light", "candle"))
    assert off.answers.keys() == {"name", "light", "places", "price"}
    assert set(off.aside) == {"watts", "cooling"}
    assert off.pending is None
    on = stand(*ALL, given_("light", "candle"), given_("light", "bulb"))
    assert on.answers == stand(*ALL).answers
    assert on.aside == ()


def test_a_guard_that_turns_on_asks() -> None:
    """Before what comes after it and is answered."""
    dim = (NAMED, given_("light", "bulb"), given_("watts", "5"), given_("places", []), given_("price", "1"))
    assert pending(*dim) is None
    assert pending(*dim, given_("watts", "90")) == "cooling"


def test_a_guard_does_not_read_an_answer_that_is_aside() -> None:
    """A skipped answer is unknown to later guards, so that they name what it hung on, too."""
    assert "cooling" not in {question.id for question in stand(*LIT, given_("light", "candle")).asked}


def test_a_withdrawn_answer_is_not_aside() -> None:
    """There is nothing to come back."""
    assert stand(*LIT, without_value("watts", "withdrawn"), given_("light", "candle")).aside == ("cooling",)


@pytest.mark.parametrize(
    ("slot", "value"),
    [("watts", "101"), ("watts", "x"), ("watts", None), ("watts", [1]), ("cooling", "ice"), ("cooling", None),
     ("places", ["roof"]), ("places", "door"), ("places", None), ("price", "1001"), ("price", {}), ("price", True)],
)  # fmt: skip
def test_an_answer_that_no_longer_fits_is_asked_again(slot: str, value: Any) -> None:
    """And it is said which."""
    stale = stand(*ALL, given_(slot, value))
    assert stale.stale == (slot,)
    assert stale.pending is not None
    assert stale.pending.id == slot
    assert slot not in stale.answers


def test_a_renamed_slot_keeps_its_answer() -> None:
    """Under any name it had; and the last entry counts whatever its name."""
    assert stand(NAMED, given_("lit", "candle")).answers["light"] == "candle"
    assert stand(NAMED, given_("light", "bulb"), given_("glow", "candle")).answers["light"] == "candle"
    assert stand(NAMED, given_("lit", "candle"), given_("light", "bulb")).answers["light"] == "bulb"
    assert pending(NAMED, given_("lit", "candle"), without_value("light", "withdrawn")) == "light"


def test_a_question_that_is_gone_leaves_its_answer_aside() -> None:
    """A new version of the YAML under a running conversation."""
    shorter = replace(LANTERN, questions=tuple(one for one in LANTERN.questions if one.id != "places"))
    assert pending(*ALL, flow=shorter) is None
    assert stand(*ALL, flow=shorter).aside == ("places",)


def some_answers(random: Random, flow: Flow) -> list[Answer]:
    """Entries in any order, of all sorts, some of which do not fit."""
    return [_some_answer(random, flow) for _ in range(random.randint(0, 16))]


def _some_answer(random: Random, flow: Flow) -> Answer:
    question = random.choice(flow.questions)
    slot = random.choice((question.id, question.id, *question.was, "gone"))
    how: How = random.choice(("given", "given", "given", "not-sure", "later", "withdrawn"))
    if how != "given":
        return without_value(slot, how)
    values = cases.values(question)
    reading = KINDS[question.kind].read(
        str(cases.typed_value(question, random.choice(values))), question, cases.CIRCUMSTANCE
    )
    fitting = KINDS[question.kind].encode(getattr(reading, "value", "A")) if random.random() < 0.9 else None
    return given_(slot, fitting)


@pytest.mark.parametrize("flow", [LANTERN, cases.flow("vet")], ids=lambda flow: flow.id)
@given(seed=SEEDS)
def test_every_fold_is_sound(flow: Flow, seed: int) -> None:
    """Each question asked is answered, open, to be asked or after the one to be asked; nothing counts twice."""
    random = Random(seed)
    for _ in range(5):
        entries = some_answers(random, flow)
        here = position(flow, entries)
        asked = [question.id for question in here.asked]
        done = {*here.answers, *here.open}
        assert list(here.answers) == [slot for slot in asked if slot in here.answers]
        assert not set(here.answers) & set(here.open)
        assert not set(here.aside) & set(asked)
        undone = [slot for slot in asked if slot not in done]
        assert (None if here.pending is None else here.pending.id) == next(iter(undone), None)
        assert set(here.stale) <= set(undone)
        assert here.progress == (len(done), len(asked))


@given(SEEDS)
def test_only_the_last_entry_of_a_slot_matters(seed: int) -> None:
    """Earlier ones may be thrown away. (An amount by a period of its own: see its test.)"""
    random = Random(seed)
    entries = some_answers(random, LANTERN)
    renamed = {former: question.id for question in LANTERN.questions for former in question.was}
    last = {renamed.get(entry.slot, entry.slot): entry for entry in entries}
    left = [entry for entry in entries if last[renamed.get(entry.slot, entry.slot)] is entry]
    assert position(LANTERN, left).answers == position(LANTERN, entries).answers


def test_an_amount_is_asked_again_when_its_period_changes() -> None:
    """30,000 a quarter is not 30,000 a month."""
    vet = cases.flow("vet")
    before = (given_("name", "A"), given_("guarantee", "0"), given_("fee_period", "quarter"), given_("fee", "30000"))
    assert pending(*before, flow=vet) == "term_months"
    assert pending(*before, given_("fee_period", "month"), flow=vet) == "fee"
    assert pending(*before, given_("fee_period", "month"), given_("fee", "10000"), flow=vet) == "term_months"
    assert pending(*before, given_("fee_period", "month"), given_("fee_period", "quarter"), flow=vet) == "term_months"
