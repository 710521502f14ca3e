"""`lampwise graph`, `lampwise run --document`, and documents that a chat wishes for."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot import cli, document_files
from bot.attachments import Attachments
from dialogs.documents.page import Document
from dialogs.effects import Record
from dialogs.events import CommandGiven
from dialogs.message import Line, Message
from dialogs.owner import Owner
from dialogs.talk import Turn
from storage import schema
from storage.engine import open_database
from storage.store import Store
from tests.dialogs.offers.desk import GOOD, book, record

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("settings_of_ours")

Out = pytest.CaptureFixture[str]


def test_the_picture_is_written_as_its_name_says(tmp_path: Path, capfd: Out) -> None:
    """.svg and .mmd; without -o Mermaid goes to the output."""
    assert cli.answer(["graph", "lamps", "-o", str(tmp_path / "a.svg")]) == 0
    assert ET.parse(tmp_path / "a.svg").getroot().tag.endswith("svg")
    assert cli.answer(["graph", "lamps", "-o", str(tmp_path / "a.mmd"), "--lang", "en"]) == 0
    assert cli.answer(["graph", "lamps", "--lang", "en"]) == 0
    assert capfd.readouterr().out == (tmp_path / "a.mmd").read_text("utf-8")


@pytest.mark.parametrize(("given", "said"), [
    (["nope"], "no flow 'nope'"), (["lamps", "-o", "a.png"], ".svg or .mmd"), (["lamps", "--lang", "xx"], "--lang"),
    (["lamps", "--path", "terminal:me"], "no database"), (["lamps", "--path", "no-such-file"], "no-such-file"),
    (["lamps", "-o", "no/such/folder.svg"], "No such file"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_one_line(
    given: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Out
) -> None:
    """Exit 2, on stderr."""
    monkeypatch.chdir(tmp_path)
    assert cli.answer(["graph", *given]) == 2
    told = capfd.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_the_way_of_a_case_is_marked(tmp_path: Path, capfd: Out) -> None:
    """From the first line of a file of cases."""
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": 1, "answers": {"trade": "factory"}}\n', "utf-8")
    assert cli.answer(["graph", "lamps", "--path", str(cases)]) == 0
    assert "class q_trade taken" in capfd.readouterr().out
    cases.write_text("[]\n", "utf-8")
    assert cli.answer(["graph", "lamps", "--path", str(cases)]) == 2


def test_the_way_of_a_series_is_decided_with_what_came_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Out
) -> None:
    """Two quarters far under the promise lead to leaving; the second alone would not."""
    monkeypatch.delenv("LAMPWISE_DIALOGS")
    quarter = {
        "service_fee": "10万", "commission_paid": "0", "ad_spend": "9万", "other_cost": "0", "sales": "20万",
        "refunds": "0", "gross_margin": "30%", "promised_sales": "100万", "duties_missed": [],
    }  # fmt: skip
    cases = tmp_path / "cases.jsonl"
    for history, verdict in (([quarter], "该走了"), ([], "先改，一季为限")):
        cases.write_text(json.dumps({"answers": quarter, "history": history}), "utf-8")
        assert cli.answer(["graph", "review", "--path", str(cases)]) == 0
        text = capfd.readouterr().out
        taken = next(line.split()[1] for line in text.splitlines() if re.fullmatch(r"  class q_rule_\d taken", line))
        assert f'{taken}["{verdict}' in text


def test_run_writes_a_document_for_each_case(tmp_path: Path) -> None:
    """Named by the id, which cannot lead out of the folder."""
    cases, folder = tmp_path / "cases.jsonl", tmp_path / "documents"
    lines = ['{"id": "../../up", "answers": {"trade": "factory"}}', '{"id": 2}', '{"id": 2}', '{"answers": {}}', "x"]
    cases.write_text("\n".join(lines) + "\n", "utf-8")
    assert cli.answer(["run", "lamps", "--cases", str(cases), "--json", "--document", str(folder)]) == 2
    assert {file.name for file in folder.iterdir()} == {"up.html", "2.html", "2-2.html", "lamps.html"}
    assert "<!doctype html>" in (folder / "up.html").read_text("utf-8")


def test_run_writes_all_that_belongs_to_an_offer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its result and the sheet for the meeting; the latest five side by side."""
    monkeypatch.delenv("LAMPWISE_DIALOGS")
    cases, folder = tmp_path / "cases.jsonl", tmp_path / "documents"
    cases.write_text("\n".join(f'{{"id": {n}, "answers": {{"name": "No{n}"}}}}' for n in range(6)), "utf-8")
    assert cli.answer(["run", "vet", "--cases", str(cases), "--lang", "en", "--document", str(folder)]) == 0
    names = {file.name for file in folder.iterdir()}
    assert names == {"compare.html", *(f"{n}{part}.html" for n in range(6) for part in ("", "-sheet"))}
    told = (folder / "compare.html").read_text("utf-8")
    assert "No1" in told
    assert "No0" not in told


def test_run_writes_the_quarters_as_picture_and_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A review with its history, oldest first."""
    monkeypatch.delenv("LAMPWISE_DIALOGS")
    cases, folder = tmp_path / "cases.jsonl", tmp_path / "documents"
    cases.write_text('{"id": "q", "answers": {"sales": "3万"}, "history": [{"sales": "2万"}]}\n', "utf-8")
    assert cli.answer(["run", "review", "--cases", str(cases), "--document", str(folder)]) == 0
    names = {file.name.partition(".")[0] for file in folder.iterdir()}
    assert names == {"q", "q-quarters"}
    assert {file.suffix for file in folder.iterdir()} >= {".html", ".csv"}
    assert "<svg" in (folder / "q.html").read_text("utf-8")
    rows = (folder / "q-quarters.csv").read_text("utf-8-sig").splitlines()
    assert [row.partition(",")[0] for row in rows[1:]] == ['"第 1 季"', '"第 2 季"']


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, capfd: Out) -> None:
    """A file stands in its place."""
    (tmp_path / "file").write_text("")
    (tmp_path / "cases.jsonl").write_text('{"id": 1}\n')
    given = ["run", "lamps", "--cases", str(tmp_path / "cases.jsonl"), "--document", str(tmp_path / "file")]
    assert cli.answer(given) == 2
    assert "--document" in capfd.readouterr().err


def test_only_its_owner_may_read_a_document(tmp_path: Path) -> None:
    """And none is ever overwritten."""
    document = Document(name="a.html", title="a", content="<p>灯</p>".encode())
    first = document_files.save(document, tmp_path / "new")
    second = document_files.save(document, tmp_path / "new")
    assert (first.name, second.name) == ("a.html", "a-2.html")
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700


def test_a_wished_document_is_written_beside_the_database(tmp_path: Path) -> None:
    """The message says where; what is gone is said to be gone; any other message passes as it is."""
    engine = open_database(f"sqlite:///{tmp_path / 'lampwise.db'}")
    schema.ensure(engine)
    store = Store(engine=engine, apology=lambda owner: Message(lines=()))
    store.apply([CommandGiven(id="1", at=NOW, channel="t", chat="w", name="x")], _keeps_one)
    files = Attachments(book=book(), store=store, clock=lambda: NOW, channel="t", exports=tmp_path / "exports")
    wished = Message(lines=(Line(text="here"),), document="result vet 1")
    path = Path(files.complete("w", wished).lines[-1].text)
    assert path.parent == tmp_path / "documents"
    assert "老陈" in path.read_text("utf-8")
    gone = files.complete("w", replace(wished, document="result vet 9"))
    assert "没有结果" in gone.lines[0].text
    plain = Message(lines=(Line(text="plain"),))
    assert files.complete("w", plain) == plain
    engine.dispose()


def _keeps_one(owner: Owner, event: object) -> Turn:
    one = record(1, GOOD)
    kept = Record(kind=one.kind, number=1, subject=one.subject, answers=one.answers, result={}, flow_hash="")
    return Turn(owner=owner, effects=(kept,))
