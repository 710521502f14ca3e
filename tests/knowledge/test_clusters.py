"""Questions that found no answer: put together where they ask alike, with a draft for the books."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.accepted import Accepted, NotAccepted, changed, outcome, read_accepted, write_accepted
from knowledge.clusters import Unhelped, clustered, draft
from knowledge.evaluate import Question
from knowledge.library import Library
from knowledge.search import OUTSIDE, Decision, Kind, Matcher
from knowledge.yaml_reader import read_bytes

TEXTS = [
    ("fees", "提成多少"),
    ("fees", "提成几个点"),
    ("terms", "合同签几年"),
    ("terms", "合同多久"),
    (OUTSIDE, "天气"),
]
MATCHER = Matcher(TEXTS)


def unhelped(text: str, language: str = "zh-Hans") -> Unhelped:
    return Unhelped(text=text, language=language, why="none")


def test_alike_questions_are_one_group_and_the_largest_comes_first() -> None:
    asked = ["会下雨吗", "要交增值税吗", "要不要交增值税", "要交增值税吗", "do you pay VAT"]
    groups = [[one.text for one in group.questions] for group in clustered([unhelped(text) for text in asked], MATCHER)]
    assert groups == [["要交增值税吗", "要交增值税吗", "要不要交增值税"], ["会下雨吗"], ["do you pay VAT"]]
    assert clustered([], MATCHER) == []


def test_a_draft_is_yaml() -> None:
    """A wording for the entry that is near, else the beginning of a new one; whatever the texts hold."""
    near, odd = clustered([unhelped("提成几个点呢"), unhelped('say: "VAT" #1 \\', "en")], MATCHER)
    told = "\n".join(draft(near))
    assert "entries/fees.yaml" in told
    assert read_bytes(told.encode(), "a").content == {"wordings": {"zh-Hans": ["提成几个点呢"]}}
    content = read_bytes("\n".join(draft(odd)).encode(), "a").content
    assert content == {"topic": "say-vat", "wordings": {"en": ['say: "VAT" #1 \\']}}


@pytest.mark.parametrize(
    ("topics", "kind", "topic", "came"),
    [
        (("a",), "answer", "a", "answered"), (("a",), "answer", "b", "wrong"), (("a",), "suggest", None, "offered"),
        (("c",), "suggest", None, "missed"), (("a",), "none", None, "missed"), ((), "none", None, "passed"),
        ((), "suggest", None, "offered"), ((), "answer", "a", "wrong"),
    ],
)  # fmt: skip
def test_what_a_question_comes_to(topics: tuple[str, ...], kind: Kind, topic: str | None, came: str) -> None:
    decision = Decision(kind=kind, topic=topic, ranked=[("a", 0.5), ("b", 0.3)])
    assert outcome(Question(id="1", text="", topics=topics, style=""), decision) == came


def test_an_accepted_run_is_read_back_and_compared(tmp_path: Path) -> None:
    before = Accepted(overall={"top1": 0.5}, outcomes={"1": "offered", "2": "missed"})
    write_accepted(tmp_path / "a.json", before)
    assert read_accepted(tmp_path / "a.json") == before
    now = Accepted(overall={"top1": 1.0}, outcomes={"1": "answered", "3": "passed"})
    assert changed(before, now) == [("1", "offered", "answered"), ("3", "new", "passed"), ("2", "missed", "gone")]
    (tmp_path / "a.json").write_text("[]", "utf-8")
    with pytest.raises(NotAccepted):
        read_accepted(tmp_path / "a.json")


def test_a_library_opens_once_and_in_the_background(tmp_path: Path) -> None:
    """An empty folder has nothing, and says so."""
    library = Library(tmp_path, tmp_path / "kept.json")
    library.open_soon()
    assert library.entries == {}
    assert library.matcher is library.matcher
    assert library.decide("提成多少").kind == "none"
