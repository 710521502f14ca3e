"""`lampwise test --update`: what is worded otherwise is rewritten; a verdict or a noted answer never in silence."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import talk_command
from bot.refusal import CHECK_FAILED, DONE, Refusal
from bot.settings import Settings, load
from dialogs.compile import SHIPPED
from dialogs.scripted.file import Script, read_script, script
from dialogs.scripted.playing import Played, play
from dialogs.scripted.scene import Stage
from dialogs.scripted.update import updated
from knowledge.yaml_reader import read_bytes, read_document

TALKS = ("vet-negotiate", "vet-in-english", "vet-sound-offer", "vet-later", "contract-already-running")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped flows with some of their talks, in a folder of one's own."""
    folder = tmp_path / "own"
    shutil.copytree(SHIPPED / "flows", folder / "flows")
    (folder / "talks").mkdir()
    for name in TALKS:
        shutil.copy(SHIPPED / "talks" / f"{name}.yaml", folder / "talks")
    monkeypatch.setenv("LAMPWISE_DIALOGS", str(folder))
    return folder


def edit(file: Path, find: str, put: str) -> None:
    text = file.read_text("utf-8")
    assert find in text
    file.write_text(text.replace(find, put, 1), "utf-8")


def sense(folder: Path) -> dict[str, Any]:
    """The verdict and the noted answers of each talk."""
    found: dict[str, Any] = {}
    for file in sorted(folder.glob("*.yaml")):
        content = read_document(file).content
        found[file.name] = content.get("ends", {}).get("verdict"), [entry.get("noted") for entry in content["says"]]
    return found


def update(folder: Path, *, accept: bool = False) -> int:
    return talk_command.run([folder / "talks"], "en", load(), update=True, accept=accept)


@pytest.mark.slow
def test_one_word_of_a_question_is_rewritten(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As ever: the talks pass afterwards."""
    before = sense(own / "talks")
    edit(own / "flows" / "vet.yaml", "这家代运营叫什么名字", "这家代运营公司叫什么名字")
    assert update(own) == DONE
    told = "".join(file.read_text("utf-8") for file in (own / "talks").glob("*.yaml"))
    assert "这家代运营公司叫什么名字" in told
    assert sense(own / "talks") == before
    assert "0 failed" in capsys.readouterr().err


def test_a_verdict_that_changes_is_named_and_left(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With file and line, what it was and would be; the flag alone has it rewritten."""
    talk = own / "talks" / "vet-negotiate.yaml"
    edit(talk, "verdict: negotiate", "verdict: proceed")
    text = talk.read_text("utf-8")
    line = text[: text.index("verdict: proceed")].count("\n") + 1
    assert update(own) == CHECK_FAILED
    assert talk.read_text("utf-8") == text
    told = capsys.readouterr().out
    assert re.search(rf"vet-negotiate.yaml:{line}:\d+: talk-verdict-changes .*\"proceed\" to \"negotiate\"", told), told
    assert update(own, accept=True) == DONE
    assert "verdict: negotiate" in talk.read_text("utf-8")


@pytest.mark.slow
def test_a_noted_answer_that_changes_is_named_and_left(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The talk stays as it is, other talks are rewritten."""
    talk, other = own / "talks" / "vet-negotiate.yaml", own / "talks" / "vet-sound-offer.yaml"
    noted = re.search(r"noted: (?P<value>.+)", talk.read_text("utf-8"))
    assert noted is not None
    edit(talk, noted[0], "noted: 三千零一")
    edit(own / "flows" / "vet.yaml", "这家代运营叫什么名字", "这家代运营公司叫什么名字")
    text = talk.read_text("utf-8")
    assert update(own) == CHECK_FAILED
    assert talk.read_text("utf-8") == text
    assert "这家代运营公司叫什么名字" in other.read_text("utf-8")
    assert "talk-noted-changes" in capsys.readouterr().out
    assert update(own, accept=True) == DONE


NEW = """\
      - id: deposit
        kind: money
        ask:
          zh-Hans: 要交多少押金？
          en: How large is the deposit?
        why: fee-models
"""


@pytest.mark.parametrize("accept", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_new_question_falsifies_no_talk(own: Path, accept: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """The answers go astray: such a talk is not rewritten even where changed verdicts are accepted."""
    flow = own / "flows" / "vet.yaml"
    text = flow.read_text("utf-8")
    at = text.index("      - id: fee\n")
    flow.write_text(text[:at] + NEW + text[at:], "utf-8")
    before = {file.name: file.read_text("utf-8") for file in (own / "talks").glob("vet-*.yaml")}
    noted = sense(own / "talks")
    assert update(own, accept=accept) == CHECK_FAILED
    told = capsys.readouterr().out
    assert "talk-astray" in told
    astray = set(re.findall(r"talks/(\S+?\.yaml):\d+:\d+: talk-astray", told))
    assert {"vet-negotiate.yaml", "vet-in-english.yaml", "vet-sound-offer.yaml"} <= astray
    assert all((own / "talks" / name).read_text("utf-8") == before[name] for name in astray if name in before)
    assert accept or sense(own / "talks") == noted


def test_the_flag_alone_is_refused(own: Path) -> None:
    with pytest.raises(Refusal, match="--update"):
        talk_command.run([own / "talks"], "en", load(), accept=True)


SPOILT: dict[str, Callable[[str], str]] = {
    "verdict": lambda text: re.sub(r"verdict: [a-z-]+", "verdict: walk-away-not", text),
    "noted": lambda text: re.sub(r"noted: .+", "noted: 一百零一", text, count=1),
    "all-noted": lambda text: re.sub(r"noted: .+", "noted: 7", text),
    "we": lambda text: text.replace("？", "？？"),
    "score": lambda text: re.sub(r"score: \d+", "score: 1", text),
    "figures": lambda text: re.sub(r"(exposure|break_even_sales): [\d.]+", r"\1: 1", text),
    "answers": lambda text: re.sub(r"- you: .*万.*", "- you: 不知道", text, count=1),
    "fewer": lambda text: re.sub(r"  - you: [^/\n]+\n(?:    .+\n)*", "", text, count=1),
}


@given(st.lists(st.sampled_from(sorted(SPOILT)), min_size=1, max_size=4), st.sampled_from(TALKS))
@settings(max_examples=12, deadline=None)
def test_no_verdict_and_no_noted_answer_is_rewritten(spoils: list[str], name: str) -> None:
    """Whatever is wrong in a talk: what is written without the flag has the verdict and the noted answers it had."""
    text = (SHIPPED / "talks" / f"{name}.yaml").read_text("utf-8")
    for spoil in spoils:
        text = SPOILT[spoil](text)
    before = of(text)
    if before is None:
        return
    after = of(written(play(stage(), before)))
    assert after is not None
    assert [entry.noted for entry in after.talk.says] == [entry.noted for entry in before.talk.says]
    verdicts = [None if one.talk.ends is None else one.talk.ends.verdict for one in (before, after)]
    assert verdicts[0] == verdicts[1]


def of(text: str) -> Script | None:
    return script(read_bytes(text.encode(), "a.yaml"))[0]


def written(played: Played) -> str:
    """The text of the file after an update without the flag."""
    if any(one.meaning != "text" for one in played.mismatches):
        return played.script.document.source
    return updated(played.script.document, played.mismatches)[0]


def test_the_shipped_talks_would_not_be_touched() -> None:
    """Nothing is found where nothing is otherwise."""
    talk, _ = read_script(SHIPPED / "talks" / "vet-negotiate.yaml")
    assert talk is not None
    assert play(stage(), talk).mismatches == ()


@cache
def stage() -> Stage:
    return talk_command.stage(Settings(), "en")
