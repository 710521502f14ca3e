"""`lampwise check`: each slip is found where it stands and said in a sentence; nothing right is called wrong."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.check_command
from bot import settings
from dialogs.check import ENTRIES, check_deeply, check_documents, check_paths, sentences, tell
from dialogs.compile import SHIPPED, compile_flow
from dialogs.lint import RULES
from dialogs.lint.deep import DEEP_CODES
from dialogs.wording import LANGUAGES
from knowledge.finding import Finding
from knowledge.yaml_reader import MAX_BYTES, read_bytes, read_document

BROKEN = Path(__file__).parent / "broken"
#: Shown by test_held.py, of files that no flow is.
HELD = frozenset(
    (
        "word-twice", "words-count", "zone-unknown", "handover-missing", "law-names-unknown", "law-void",
        "no-such-day", "day-unreadable", "days-unreadable", "stretch-wrong", "day-outside-year", "day-twice",
        "day-off-and-worked", "year-unreadable", "year-out-of-turn", "blackout-unnamed", "blackout-shape",
        "yearly-unreadable", "around-unreadable", "flow-is-command",
    )
)  # fmt: skip
ROOT = SHIPPED.parent
TOPICS = frozenset(path.stem for path in ENTRIES.glob("*.yaml"))
EDITS: list[dict[str, Any]] = read_document(BROKEN / "edits.yaml").content["edits"]
PLACES = read_document(BROKEN / "edits.yaml").places


@cache
def found(text: str | bytes, sort: str = "flow") -> tuple[Finding, ...]:
    """What is wrong in a file of this sort, in order; several tests ask it of the same text."""
    raw = text.encode() if isinstance(text, str) else text
    return tuple(check_documents([(sort, read_bytes(raw, "lamp.yaml"))], TOPICS))


def source(name: str | None) -> str:
    """The small dialog without fault, or a shipped one."""
    path = SHIPPED / "flows" / f"{name}.yaml" if name else BROKEN / "whole.yaml"
    return path.read_text("utf-8")


def edited(edit: dict[str, Any]) -> tuple[str, int]:
    """The broken text, and the line in which it is broken."""
    whole = source(edit.get("on"))
    assert edit["find"] in whole, "this edit finds nothing to break"
    start = whole.index(edit["find"])
    text = whole.replace(edit["find"], edit["put"] or "", 1)
    if "at" in edit:
        start = text.index(edit["at"])
    else:
        same = zip(edit["find"], edit["put"] or "", strict=False)
        start += next((at for at, (old, new) in enumerate(same) if old != new), 0)
    return text, text.count("\n", 0, start) + 1


def named(edits: list[dict[str, Any]]) -> list[Any]:
    """The edits with the line that each stands in."""
    lines = [PLACES["edits", EDITS.index(edit)][0] for edit in edits]
    return [pytest.param(edit, id=f"{line}-{edit['code']}") for edit, line in zip(edits, lines, strict=True)]


@pytest.mark.parametrize("edit", named([edit for edit in EDITS if edit["code"] != "clean"]))
def test_a_slip_is_found_where_it_stands(edit: dict[str, Any]) -> None:
    """The code in the line, at the column where one is given, with the name that was probably meant."""
    text, line = edited(edit)
    findings = found(text)
    (first, *_) = [one for one in findings if one.code == edit["code"]] or [None]
    assert first is not None, findings
    assert first.line == line, first
    assert str(first.column) == edit.get("column", str(first.column)), first
    assert first.values.get("near", "") == edit.get("near", first.values.get("near", "")), first


@pytest.mark.parametrize("edit", named([edit for edit in EDITS if edit["code"] != "clean"]))
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_finding_is_a_whole_sentence(edit: dict[str, Any], language: str) -> None:
    """One line, in the reader's language, with every place filled."""
    for finding in found(edited(edit)[0]):
        told = tell(finding, language, sentences())
        assert re.fullmatch(r"lamp\.yaml:\d+:\d+: [a-z-]+ .{8,}", told), told
        template = sentences()[finding.code]
        assert template.names <= finding.values.keys(), (finding.code, template.names - finding.values.keys())


@pytest.mark.parametrize("edit", named([edit for edit in EDITS if edit["code"] == "clean"]))
def test_what_is_right_is_left_alone(edit: dict[str, Any]) -> None:
    """Odd signs inside texts are nobody's slip."""
    assert found(edited(edit)[0]) == ()


def test_the_whole_dialog_is_without_fault() -> None:
    """Else the edits would prove nothing."""
    assert found(source(None)) == ()


def test_one_slip_is_one_finding() -> None:
    """A person who made one mistake is told of one."""
    assert len(EDITS) >= 100
    many = {edit["put"]: n for edit in EDITS if (n := len(found(edited(edit)[0]))) > 6 and "on" not in edit}
    assert many == {}


def test_what_hangs_on_a_slip_is_no_slip() -> None:
    """A figure that does not compile may be anything to those that read it."""
    text = source(None).replace("cost > 1000", "costs > 1000")
    assert [one.code for one in found(text)] == ["unknown-name"]


def test_several_slips_are_told_at_once() -> None:
    """The parser stops at the first; we go on as if it were mended."""
    text = (
        source(None)
        .replace("title:", "title：")
        .replace("kind: money", "kind：yuan")
        .replace("points: -5", "points:-5")
    )
    codes = [finding.code for finding in found(text)]
    assert (codes.count("wide-colon"), codes.count("colon-space"), codes.count("not-one-of")) == (6, 1, 1)
    assert len(codes) == 8


@pytest.mark.parametrize(
    ("raw", "code", "line", "column"),
    [
        (b"\xef\xbb\xbfflow: lamp\n", "byte-order-mark", 1, 1),
        ("flow: lamp\n".encode("utf-16"), "byte-order-mark", 1, 1),
        ("flow: lamp\ntitle: 看一盏灯\n".encode("gbk"), "not-utf-8", 2, 8),
        ("# 灯\nflow: 灯 ".encode() + "灯".encode("gbk"), "not-utf-8", 2, 9),
        (b"flow: x\x00y\n", "control-character", 1, 8),
        (b"", "file-empty", 1, 1),
        (b"# nothing\n", "file-empty", 1, 1),
        (b"a: " + b"x" * MAX_BYTES, "file-too-large", 1, 1),
        ("flow: lamp\r\ntitle：x".encode(), "wide-colon", 2, 6),
        (b"[" * 100_000, "too-deep", 1, 42),
    ],
)
def test_case_46_files_that_are_no_yaml(raw: bytes, code: str, line: int, column: int) -> None:
    """The encoding, the size and the depth are looked at first."""
    assert (code, line, column) in [(one.code, one.line, one.column) for one in found(raw)]


def test_windows_line_ends_are_fine() -> None:
    """What Notepad writes is right."""
    assert found(source(None).replace("\n", "\r\n")) == ()


def test_ids_are_unique_over_files() -> None:
    """Two files with one dialog, two with one text."""
    flow = read_bytes(source(None).encode(), "a.yaml")
    text = read_bytes(b"texts:\n  hello:\n    zh-Hans: a\n    en: b\n", "b.yaml")
    codes = [finding.code for finding in check_documents([("flow", flow)] * 2 + [("texts", text)] * 2, TOPICS)]
    assert codes == ["flow-twice", "text-twice"]


def test_limits_of_texts() -> None:
    """A text, a question and a result that are too long."""
    whole = source(None)
    assert [one.code for one in found(whole.replace("别买", "别" * 4001))] == ["text-over-limit"]
    assert [one.code for one in found(whole.replace("什么颜色？", "色" * 601))] == ["question-too-long"]
    long = whole.replace("别买", "别" * 4000).replace("zh-Hans: 太贵", "zh-Hans: " + "贵" * 4000)
    assert [(one.code, one.values["name"]) for one in found(long)] == [("result-too-long", "leave")]
    assert [one.code for one in found(whole.replace("price * (1 + tax)", "~" + "-" * 900 + "price"))] == [
        "expression-forbidden"
    ]
    assert [one.code for one in found(whole.replace("price * (1 + tax)", "price + " * 200 + "tax"))] == [
        "expression-too-long"
    ]


@pytest.mark.parametrize("id", ["candid", "no-diagnosis"])
def test_what_the_contract_fixes_must_be_there(id: str) -> None:
    """A flag that is deleted is missed; one that is new is only remarked on."""
    whole = source("vet")
    start = whole.index(f"  - id: {id}\n")
    after = min(at for at in (whole.find("\n  - id:", start + 1), whole.find("\nscore_from", start)) if at > 0)
    deleted = whole[:start] + whole[after + 1 :]
    missing = [one for one in found(deleted) if one.code == "advice-missing"]
    assert [one.values["name"] for one in missing] == [id]
    added = whole[: after + 1] + whole[start : after + 1].replace(id, "brand-new") + whole[after + 1 :]
    extra = [one for one in found(added) if one.code == "advice-extra"]
    assert [(one.values["name"], one.level) for one in extra] == [("brand-new", "warning")]


def test_a_dialog_that_is_called_otherwise_is_missed() -> None:
    """Else no law would be asked of it any more; a dialog of one's own may be called as one likes."""
    for file, name, codes in (("vet.yaml", "vett", ["advice-renamed"]), ("lamp.yaml", "lamps", [])):
        text = source(file[:3] if file == "vet.yaml" else None)
        renamed = text.replace(f"flow: {file[:-5]}", f"flow: {name}").encode()
        findings = check_documents([("flow", read_bytes(renamed, f"flows/{file}"))], TOPICS)
        assert [one.code for one in findings if one.code != "offer-unknown"] == codes


def test_a_place_that_is_mistyped_in_one_language_is_found() -> None:
    """The rarer name is the slip; {month} here and {month_name} there are none."""
    for place, told in (("{agenci}", [(3, "places-differ", "agency")]), ("{agency}", []), ("{month}", [])):
        text = f"texts:\n  a:\n    zh-Hans: {place}好\n    en: by {{agency}}\n  b:\n"
        text = text.replace("好", "：") + "    zh-Hans: 问{agency}\n    en: ask {agency}\n"
        findings = found(text.replace("zh-Hans: {", "zh-Hans: 在{"), "texts")
        assert [(one.line, one.code, one.values["names"]) for one in findings] == told


def finding_calls(tree: ast.Module) -> Iterator[str]:
    """The literals in calls that make findings."""
    makers = {"Finding", "finding", "within", "at_key", "fail", "once", "one_of", "ExpressionError", "Slip", "_begun"}
    makers |= {"_refuse", "_broken", "_twice", "_at", "_remark"}
    for node in ast.walk(tree):
        name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
        if name in makers and isinstance(node, ast.Call):
            yield from (
                part.value
                for argument in (*node.args, *(one.value for one in node.keywords if one.arg == "code"))
                for part in ([argument] if isinstance(argument, ast.Constant) else codes_of(argument))
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )


def codes_of(argument: ast.expr) -> Iterator[ast.expr]:
    """The two sides of a choice between codes."""
    if isinstance(argument, ast.IfExp):
        yield from (argument.body, argument.orelse)


def literals(tree: ast.Module) -> set[str]:
    """Every text of a module."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def checking_modules() -> Iterator[ast.Module]:
    """The modules that find something in the files of dialogs."""
    paths = [
        *(ROOT / "knowledge").glob("yaml_*.py"),
        *(SHIPPED / "lint").rglob("*.py"),
        *(SHIPPED / "held").glob("*.py"),
        SHIPPED / "allowing.py",
        *SHIPPED.glob("compile*.py"),
        *(SHIPPED / "compiling").glob("*.py"),
        SHIPPED / "expression.py",
        SHIPPED / "shaping.py",
        ROOT / "bot" / "check_commands.py",
        ROOT / "scheduler" / "held.py",
    ]
    return (ast.parse(path.read_text("utf-8")) for path in paths)


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    """Codes are literals in the calls that make findings, so that both can be read off the source."""
    sentenced = set(read_document(SHIPPED / "texts" / "findings.yaml").content["texts"])
    modules = tuple(checking_modules())
    emitted = {text for tree in modules for text in finding_calls(tree) if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", text)}
    emitted -= {"yaml-reader"}
    assert emitted - sentenced == set()
    assert sentenced - set().union(*map(literals, modules)) == set()


def test_every_sentence_is_proved_by_a_broken_edit() -> None:
    """What can be said can happen; these are tried elsewhere or need a broken disk."""
    elsewhere = {
        "advice-extra", "advice-missing", "byte-order-mark", "empty-list", "expression-too-long", "file-empty",
        "file-too-large", "file-unreadable", "flow-twice", "not-utf-8", "question-too-long", "result-too-long",
        "text-twice", "wrong-value", "yaml-syntax", "command-does-nothing", "command-word-twice",
        "text-unknown", "text-missing", "text-place-unknown", *HELD,
    } | DEEP_CODES  # fmt: skip
    sentenced = set(read_document(SHIPPED / "texts" / "findings.yaml").content["texts"])
    assert sentenced - {edit["code"] for edit in EDITS} == elsewhere


def test_every_rule_gives_its_own_finding() -> None:
    """A rule is called like its finding; so a rule without a broken edit fails the test above."""
    sentenced = set(read_document(SHIPPED / "texts" / "findings.yaml").content["texts"])
    assert {name.replace("_", "-") for name in RULES} <= sentenced
    assert {path.stem for path in (SHIPPED / "lint").glob("*_*.py")} - {"__init__"} == set(RULES)


def test_the_shipped_files_are_without_error() -> None:
    """And all of them are checked in under ten seconds of a processor's time, however busy it is."""
    start = time.process_time()
    findings = check_deeply([SHIPPED, ROOT / "knowledge"]).findings
    assert time.process_time() - start < 10
    assert [tell(one, "en", sentences()) for one in findings if one.level == "error"] == []


def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 for warnings, 1 for errors, 2 for a path that is not there; findings on stdout, the rest on stderr."""
    (tmp_path / "flows").mkdir()
    file = tmp_path / "flows" / "lamp.yaml"
    used = settings.load()
    for text, code, lines in (
        (source(None), 0, 0),
        (source(None).replace("可以买：{price}", "可以买"), 0, 1),
        (source(None).replace("flow: lamp", "flwo: lamp"), 1, 1),
    ):
        file.write_text(text, "utf-8")
        assert bot.check_command.run([tmp_path], "zh-Hans", used) == code
        told = capsys.readouterr()
        assert len(told.out.splitlines()) == lines
        assert "1 个文件" in told.err
    assert bot.check_command.run([tmp_path / "nowhere"], "en", used) == 2
    assert "nowhere" in capsys.readouterr().err


def test_a_single_file_is_known_by_its_first_key(tmp_path: Path) -> None:
    """Wherever it lies; of any other file only the YAML is judged."""
    for text, codes in (
        (source(None).replace("flow: lamp", "flow: lamp\nfoo: 1"), ["unknown-key"]),
        ("texts:\n  a:\n    en: b\n", ["missing-language"]),
        ("topic: x\nanything: goes\n", []),
        ("talk: x\nsays:\n  - you: /vet\n", []),
        ("talk: x\nsays:\n  - yuo: /vet\n", ["unknown-key"]),
        ("talk: x\nsays:\n  - {you: /vet, press: 好}\n", ["talk-one-act"]),
        ("topic: x\ntopic: y\n", ["key-twice"]),
    ):
        file = tmp_path / "some.yaml"
        file.write_text(text, "utf-8")
        assert [one.code for one in check_paths([file])] == codes


WHOLE = source(None)
SIGNS = st.sampled_from(
    [*"：“”－　\t\n #@*&!%|>'\"{}[]?-\\,=()\x00\ufeff\u2028", "  ", ": ", "- ", "1e999", "not ", "~"]
)


@given(
    st.lists(
        st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 12), st.one_of(SIGNS, st.text(max_size=4))), max_size=4
    )
)
def test_no_edit_raises(edits: list[tuple[int, int, str]]) -> None:
    """Whatever is done to a file, what comes back is findings, in places that the file has."""
    text = WHOLE
    for start, length, put in edits:
        text = text[:start] + put + text[start + length :]
    findings = found(text.encode("utf-8", "replace"))
    assert all(1 <= one.line <= text.count("\n") + 2 and one.column >= 1 for one in findings)
    assert all(tell(one, "zh-Hans", sentences()) for one in findings)


@given(st.binary(max_size=200))
def test_case_46_no_bytes_raise(raw: bytes) -> None:
    """Nor does anything that is no text at all."""
    assert read_bytes(raw, "x").findings or compile_flow(read_bytes(raw, "x"))[1]
