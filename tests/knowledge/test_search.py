"""The matcher: what it promises for any text, and how good the shipped one is on labelled questions."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import astuple
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calibrate import Example, asked_in, calibrated, fitted, gathered, solved, written
from knowledge.evaluate import Question, across_folds, read_questions, report
from knowledge.kept import Kept, key_of, read_kept, write_kept
from knowledge.loader import SHIPPED, read_books
from knowledge.search import OUTSIDE, Calibration, Decision, Matcher, Nearest, bench_factory
from knowledge.shipped import labelled, open_matcher, opener, read_calibration

QUESTIONS = read_questions(SHIPPED / "questions.jsonl")
MATCHER = open_matcher()
TOPICS = set(read_books()[0].entries)


@given(st.text(max_size=200))
def test_any_text_is_decided(text: str) -> None:
    """No text raises; scores fall and lie between 0 and 1; the decision says what it says."""
    decision = MATCHER.decide(text)
    scores = [score for _, score in decision.ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert len(scores) <= 5
    assert {topic for topic, _ in decision.ranked} <= TOPICS
    assert decision.topic == (decision.ranked[0][0] if decision.kind == "answer" else None)
    assert MATCHER.decide(text) == decision


@pytest.mark.parametrize("text", ["", " ", "\x00", "？？？", "😀" * 50, "1" * 400])
def test_what_says_nothing_gets_no_answer(text: str) -> None:
    """Nothing to go by: no direct answer."""
    assert MATCHER.decide(text).kind != "answer"


def test_case_49_a_huge_text_takes_no_longer_than_a_story() -> None:
    """The time is bounded, whatever is pasted."""
    began = time.perf_counter()
    MATCHER.decide("代运营合同退款提成" * 20_000)
    assert time.perf_counter() - began < 1


def test_another_matcher_of_the_same_books_decides_the_same() -> None:
    """Learning follows a fixed order."""
    again = open_matcher()
    assert [again.rank(question.text) for question in QUESTIONS[:50]] == [
        MATCHER.rank(question.text) for question in QUESTIONS[:50]
    ]


@pytest.mark.slow
def test_what_was_learnt_is_kept(tmp_path: Path) -> None:
    """The next start decides the same; a damaged file or another book is learnt anew."""
    file = tmp_path / "kept" / "matcher.json"
    texts = [question.text for question in QUESTIONS[:40]]
    expected = [MATCHER.rank(text) for text in texts]
    assert [open_matcher(keep=file).rank(text) for text in texts[:5]] == expected[:5]
    assert read_kept(file, key_of(SHIPPED)) is not None
    assert read_kept(file, "another") is None
    again = open_matcher(keep=file)
    assert [again.rank(text) for text in texts] == expected
    file.write_text("{", "utf-8")
    assert read_kept(file, key_of(SHIPPED)) is None
    write_kept(tmp_path / "kept" / "matcher.json" / "no-folder", Kept(key="", seen={}, votes=[]))


def test_a_short_question_follows_up_on_the_last_topic() -> None:
    """By itself it says too little; related topics come up, the answered one does not, and it is only offered."""
    entries = read_books()[0].entries
    decision = MATCHER.decide("那要多久呢", last_topic="stop-loss")
    assert decision.kind == "suggest"
    assert {topic for topic, _ in decision.ranked[:3]} & set(entries["stop-loss"].related)
    assert "stop-loss" not in {topic for topic, _ in decision.ranked}
    assert MATCHER.decide("那要多久呢", last_topic="no-such-topic") == MATCHER.decide("那要多久呢")


def test_floor_with_the_books_alone() -> None:
    """What the issue asks for, from the entries' wordings."""
    _holds([MATCHER.decide(question.text) for question in QUESTIONS])


@pytest.mark.slow
def test_floor_across_folds() -> None:
    """The same when the other folds' questions are known texts too."""
    build = opener()

    def learn(others: Sequence[Question]) -> Callable[[Question], Decision]:
        matcher = build(labelled(others))
        return lambda question: matcher.decide(question.text)

    _holds(across_folds(QUESTIONS, learn))


def _holds(decisions: list[Decision]) -> None:
    found = report(QUESTIONS, decisions).overall
    assert found.top1 >= 0.88
    assert found.top3 >= 0.96
    assert found.helped >= 0.95
    assert found.direct_right >= 0.96
    assert found.false_answers <= 0.03
    assert found.direct >= 0.45


def test_no_wording_is_answered_with_another_topic() -> None:
    """Each known wording finds its own entry."""
    wrong = [
        (topic, text)
        for topic, entry in read_books()[0].entries.items()
        for text in entry.ways_to_ask()[::5]
        if (decision := MATCHER.decide(text)).kind == "answer" and decision.topic != topic
    ]
    assert wrong == []


@pytest.mark.slow
def test_the_calibration_is_the_one_that_is_shipped() -> None:
    """After an edit of the books, `python -m knowledge.calibrate` has been run."""
    questions = asked_in(SHIPPED)
    by = calibrated(questions, gathered(SHIPPED, questions))
    shipped = read_calibration(SHIPPED / "calibration.yaml")
    assert astuple(by) == pytest.approx(astuple(shipped), abs=0.1)
    assert f"\nanswer: {by.answer}\n" in written(by)


def test_newton_finds_what_the_evidence_is_worth() -> None:
    """Evidence that always stands with the right topic gets a positive weight."""
    examples = [Example(rows=[[1.0, 0.0], [0.0, 1.0]], right=0)] * 20
    first, second = fitted(examples)
    assert first > 0 > second
    assert solved([[2.0, 0.0], [0.0, 4.0]], [2.0, 2.0]) == [1.0, 0.5]


def test_figures_of_a_report() -> None:
    """Ranks, help, direct answers and confusions are counted as they are defined."""
    questions = [
        Question(id=str(n), text="", topics=topics, style="s") for n, topics in enumerate([("a",), ("b",), ()])
    ]
    order = [("a", 0.6), ("b", 0.3)]
    answer = Decision(kind="answer", topic="a", ranked=order)
    suggest = Decision(kind="suggest", topic=None, ranked=order)
    found = report(questions, [answer, suggest, answer])
    assert (found.overall.top1, found.overall.top3, found.overall.mrr) == (0.5, 1.0, 0.75)
    assert (found.overall.helped, found.overall.direct, found.overall.direct_right) == (1.0, 0.5, 0.5)
    assert (found.overall.outside, found.overall.false_answers) == (1, 1.0)
    assert found.confusions == [("b", "a", 1)]


def test_thresholds_decide() -> None:
    """Score and margin together make an answer."""
    texts = [("a", "提成多少"), ("a", "提成几个点"), ("b", "合同几年"), ("b", "合同签多久"), (OUTSIDE, "天气")]
    sure = Matcher(texts, calibration=Calibration(answer=0.0, margin=0.0))
    strict = Matcher(texts, calibration=Calibration(answer=0.0, margin=1.1, suggest=0.0))
    hard = Matcher(texts, calibration=Calibration(answer=1.1, suggest=3.1))
    assert [one.decide("提成是多少").kind for one in (sure, strict, hard)] == ["answer", "suggest", "none"]
    assert Matcher([]).decide("x").kind == "none"


def test_nearest_texts() -> None:
    """Single texts are found by what they say, whatever their order of words."""
    near = bench_factory([("1", "怎么开发票"), ("2", "多久发货"), ("3", "how do I pay")])
    assert isinstance(near, Nearest)
    assert near.rank("发票怎么开", 1)[0][0] == "1"
    assert near.rank("how can I pay", 2)[0][0] == "3"
    assert near.rank("", 1)[0][1] >= 0
    assert Nearest([]).rank("x") == []


def test_questions_are_read(tmp_path: Path) -> None:
    """One JSON object a line; empty lines are nothing."""
    (tmp_path / "q.jsonl").write_text('{"id":"1","text":"a","topics":["t"],"style":"plain"}\n\n', "utf-8")
    assert read_questions(tmp_path / "q.jsonl") == [Question(id="1", text="a", topics=("t",), style="plain")]
