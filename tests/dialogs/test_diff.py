"""What changed is told in words, and a thousand half-done conversations go on where they were."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot import cli, diff_command
from bot.settings import load
from dialogs import diff_words
from dialogs.carrying import Carried, carried
from dialogs.compile import SHIPPED, compile_flow
from dialogs.diff import changes
from dialogs.flow import Flow
from dialogs.fold import position
from dialogs.kinds import KINDS
from dialogs.owner import Answer, Conversation, Owner
from dialogs.scripted.walker import _walk as walked  # a conversation's answers by chance
from knowledge.finding import Document
from knowledge.yaml_reader import read_bytes
from storage import migrate
from storage.engine import open_database, write
from storage.snapshot import conversation_row, create

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
VET = (SHIPPED / "flows" / "vet.yaml").read_text("utf-8")
NEW_QUESTION = """      - id: office
        kind: choice
        ask:
          zh-Hans: 去过他们公司吗？
          en: Have you been to their office?
        why: size-and-client-load
        options:
          - id: "been"
            label:
              zh-Hans: 去过
              en: I have
          - id: "not-yet"
            label:
              zh-Hans: 没去过
              en: Not yet
"""


def document(text: str) -> Document:
    return read_bytes(text.encode(), "vet.yaml")


@cache
def flow(text: str) -> Flow:
    compiled, findings = compile_flow(document(text))
    assert compiled is not None, findings
    return compiled


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def section(text: str, id: str) -> str:
    """The lines of one section."""
    start = text.index(f"  - id: {id}\n    title:")
    ends = [at for at in (text.find("\n  - id: ", start + 1), text.find("\nassume:", start)) if at > 0]
    return text[start : min(ends) + 1]


def moved_last(text: str, id: str) -> str:
    """With this section behind all others."""
    part = section(text, id)
    return text.replace(part, "", 1).replace("\nassume:", "\n" + part + "\nassume:", 1)


#: The edits of a maintainer's day: what is changed, which answers are asked again, and which questions are new.
RENAMED = replaced(
    VET,
    ("source ==", "way_found =="),
    ("- id: source\n", "- id: way_found\n        was: source\n"),
    ("about: source\n", "about: way_found\n"),
    ("clients, staff, source,", "clients, staff, way_found,"),
)
OPTION_RENAMED = replaced(
    VET,
    ('"named-experienced"', '"named-old-hand"'),
    ("          - id: named-experienced\n", "          - id: named-old-hand\n            was: named-experienced\n"),
)
_MIXED = VET[VET.index("          - id: mixed\n") : VET.index("          - id: cold-call\n")]
OPTION_GONE = VET.replace(_MIXED, "")
ADDED = VET.replace("      - id: staff\n", NEW_QUESTION + "      - id: staff\n", 1)
REORDERED = moved_last(VET, "people")


def half_done(count: int) -> list[tuple[Answer, ...]]:
    """Conversations of vet that stopped somewhere on their way."""
    random, old = Random(20260302), flow(VET)
    found: list[tuple[Answer, ...]] = []
    while len(found) < count:
        values = walked(old, random)
        stop = random.randint(1, len(values))
        found.append(tuple(answer(old, slot, value) for slot, value in list(values.items())[:stop]))
    return found


def answer(old: Flow, slot: str, value: Any) -> Answer:
    if value is None:
        return Answer(slot=slot, how="not-sure", at=NOW)
    return Answer(slot=slot, how="given", value=KINDS[old.by_slot[slot].kind].encode(value), at=NOW)


TALKS = half_done(1000)


@pytest.mark.parametrize("text", [RENAMED, OPTION_RENAMED, OPTION_GONE, ADDED, REORDERED],
                         ids=["renamed", "option-renamed", "option-gone", "added", "reordered"])  # fmt: skip
def test_case_31_nobody_starts_over(text: str) -> None:
    """All that still fits goes on counting; what does not is asked again, and that alone."""
    old, new = flow(VET), flow(text)
    touched = 0
    for answers in TALKS:
        before, after, fate = position(old, answers), position(new, answers), carried(old, new, answers)
        gone = {one.slot for one in answers if text is OPTION_GONE and one.slot == "source" and one.value == "mixed"}
        named = {"source": "way_found"} if text is RENAMED else {}
        assert set(after.answers) == {named.get(slot, slot) for slot in before.answers} - gone
        assert set(fate.again) == gone
        assert set(fate.new) == ({"office"} if text is ADDED else set())
        assert fate.dropped == ()
        touched += fate.is_touched
    assert (touched > 0) == (text in (OPTION_GONE, ADDED))


def test_an_option_renamed_is_the_same_answer() -> None:
    """Under its new name, in a choice and in a list, and as an old button's text."""
    new = flow(OPTION_RENAMED)
    lead = new.by_slot["lead"]
    assert KINDS["choice"].decode("named-experienced", lead) == "named-old-hand"
    kept = ("          - id: kpi\n", "          - id: targets\n            was: kpi\n")
    clauses = flow(replaced(VET, kept, ("clause: kpi", "clause: targets"))).by_slot["clauses"]
    assert KINDS["many"].decode(["scope", "kpi"], clauses) == ("scope", "targets")
    with pytest.raises(ValueError, match="no such option"):
        KINDS["many"].decode(["scope", "nothing"], clauses)


def test_a_dialog_that_is_gone_drops_all() -> None:
    """And says so."""
    assert carried(flow(VET), None, TALKS[0]) == Carried(dropped=tuple(position(flow(VET), TALKS[0]).answers))


LATER = "earlier answers still count"
TOLD = [
    (RENAMED, f"Renamed: question way_found, which was source; {LATER}"),
    (OPTION_RENAMED, f"Renamed: question lead, option named-old-hand, which was named-experienced; {LATER}"),
    (OPTION_GONE, "Gone: question source, option mixed"),
    (ADDED, "New: question office"),
    (REORDERED, "In another place: section people"),
    (
        VET.replace("sales_share >= 0.5", "sales_share >= 0.6", 1),
        "Changed: when of flag sales-driven was sales_share >= 0.5 and is sales_share >= 0.6",
    ),
    (
        VET.replace("en: What is the agency called?", "en: Their name?"),
        'Another text: ask of question name (en) was "What is the agency called?" and is "Their name?"',
    ),
    (VET.replace("score_from: 60", "score_from: 70"), "Changed: score_from of the dialog was 60 and is 70"),
]


@pytest.mark.parametrize(("text", "told"), TOLD)
def test_a_change_is_told_in_words(text: str, told: str) -> None:
    """Each with the line that it is in."""
    found = changes(document(VET), document(text))
    said = {diff_words.change(one, "en"): one for one in found}
    assert told in said, list(said)
    assert said[told].line > 0
    for language in ("zh-Hans", "zh-Hant", "en"):
        assert all("{" not in diff_words.change(one, language) or "{" in one.old + one.new for one in found)


@pytest.mark.parametrize("text", [RENAMED, OPTION_RENAMED])
def test_what_only_follows_a_rename_is_no_change(text: str) -> None:
    """Conditions, lists and texts that name it by its new name."""
    assert [one.what for one in changes(document(VET), document(text))] == ["renamed"]
    other = text.replace("sales_share >= 0.5", "sales_share >= 0.6", 1)
    assert [one.what for one in changes(document(VET), document(other))] == ["renamed", "value"]


def test_nothing_changed_is_nothing() -> None:
    """Layout and remarks are no change."""
    assert changes(document(VET), document("# a remark\n" + VET)) == ()


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Old and new dialogs side by side, and a database with two half-done conversations."""
    for name, text in (("old", VET), ("new", OPTION_GONE)):
        (tmp_path / name / "flows").mkdir(parents=True)
        (tmp_path / name / "flows" / "vet.yaml").write_text(text, "utf-8")
    url = f"sqlite:///{tmp_path / 'talks.db'}"
    monkeypatch.setenv("LAMPWISE_DATABASE_URL", url)
    engine = open_database(url)
    migrate.upgrade(engine)
    for chat, source in (("wang", "mixed"), ("li", "referral")):
        answers = (answer(flow(VET), "name", "A"), answer(flow(VET), "source", source))
        talk = Conversation(number=1, flow="vet", answers=answers)
        write(engine, "test", lambda connection, chat=chat, talk=talk: _keep(connection, chat, talk))
    engine.dispose()
    return tmp_path


def _keep(connection: Any, chat: str, talk: Conversation) -> None:
    from sqlalchemy import insert

    from storage.tables import CONVERSATION

    known = create(connection, Owner(channel="terminal", chat=chat), NOW)
    connection.execute(insert(CONVERSATION), conversation_row(known.id, talk, NOW))


def test_the_database_is_asked(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How many are touched, and what each will be asked again."""
    assert cli.answer(["diff", str(folders / "old"), str(folders / "new"), "--lang", "en", "--database"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Gone: question source, option mixed" in lines[0]
    assert lines[-2:] == [
        "vet: 2 half-done conversations, 1 of them touched.",
        "terminal:wang, conversation 1: asked again: source",
    ]


def test_json_is_an_object_a_line(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For programs."""
    diff_command.run(load(), folders / "old", folders / "new", "en", database=True, as_json=True)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[0]["what"] == "removed"
    assert (told[-2]["half_done"], told[-2]["touched"], told[-1]["again"]) == (2, 1, ["source"])


@pytest.mark.parametrize("paths", [("old", "nowhere"), ("old", "new/flows/vet.yaml")])
def test_what_cannot_be_compared_is_refused(
    folders: Path, paths: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line."""
    assert cli.answer(["diff", *(str(folders / path) for path in paths)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_broken_file_is_refused(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its name."""
    (folders / "new" / "flows" / "vet.yaml").write_text("flow: vet\n", "utf-8")
    assert cli.answer(["diff", str(folders / "old"), str(folders / "new"), "--lang", "en"]) == 2
    assert "vet.yaml has errors" in capsys.readouterr().err
